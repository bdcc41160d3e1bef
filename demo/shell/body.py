"""Everything below the top bar: messages, the page that fits, and the transport bar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from demo.bridge import Bridge
from demo.settings import Settings
from demo.shell.commands import Commands
from demo.shell.empty import EmptyState
from demo.shell.loading import LoadingStrip
from demo.shell.mark_strip import MarkStrip
from demo.shell.paint_watch import PaintWatch
from demo.shell.player import Player
from demo.shell.recorder import Recorder
from demo.shell.saved_note import SavedNote
from demo.shell.transport_bar import TransportBar
from demo.shell.trouble import Troubles
from demo.shown import Shown
from demo.theme import ground

if TYPE_CHECKING:
    from demo.shell.docks import Workbench
    from demo.shell.presentation import Presentation


class Body(QWidget):
    """Shows the empty page, the work space or the presentation; the last two are made when first wanted.

    Parameters
    ----------
    bridge, settings, player, commands : what its parts work with.
    watch : sees what is painted.
    recorder : knows for how long there is room.
    """

    key_pressed = Signal(QKeyEvent)
    workbench_made = Signal()

    def __init__(
        self,
        bridge: Bridge,
        settings: Settings,
        player: Player,
        commands: Commands,
        watch: PaintWatch,
        recorder: Recorder,
    ) -> None:
        super().__init__()
        self._bridge, self._settings, self._player, self._watch = bridge, settings, player, watch
        self._workbench: Workbench | None = None
        self._presentation: Presentation | None = None
        self._presenting = False
        self._watched: bool | None = None
        self.troubles, self.saved, self.loading = Troubles(), SavedNote(), LoadingStrip()
        self.empty = EmptyState(settings.recent)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        volume = settings.number("volume", 1.0, 0.0, 1.0)
        self.transport = TransportBar(commands, volume, settings.name("speaker"), bridge.devices, recorder.room_s)
        self.transport.hide()
        self.strip = MarkStrip(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.loading)
        column.addWidget(self.troubles)
        column.addWidget(self.saved)
        column.addWidget(self.pages, 1)
        column.addWidget(self.transport)

    @property
    def workbench(self) -> Workbench:
        """The work space; made, and laid out as remembered, when it is first asked for."""
        if self._workbench is None:
            from demo.shell.docks import Workbench
            from demo.shell.views import make_views

            views = make_views(self._bridge)
            self._workbench = Workbench(views)
            self._workbench.restore(self._settings.blob("docks"))
            self._workbench.key_pressed.connect(self.key_pressed)
            self._workbench.compare(self._settings.flag("compare"))
            self._watch.watch(views.picture, views.emotion, views.compare.plot)
            self.pages.addWidget(self._workbench)
            self._workbench.put_away(True)
            self.workbench_made.emit()
        return self._workbench

    @property
    def panel_names(self) -> tuple[str, ...]:
        """What the parts of the work space are called, in the order of their numbers."""
        return tuple(one.text() for one in self.workbench.actions_of_panels.values())

    @property
    def made(self) -> bool:
        """Whether the work space exists."""
        return self._workbench is not None

    @property
    def presenting(self) -> bool:
        """Whether the presentation is shown."""
        return self._presenting

    def take_over(self, other: Body) -> None:
        """Go on where another one was, whose place this one takes: what is hidden, sizes, the span that has begun."""
        self.troubles.take_over(other.troubles)
        self.saved.take_over(other.saved)
        if other.made:
            self.workbench.keep(other.workbench.shares)
        if self._bridge.marks.marks.span_from_s is not None:
            self.show_span()

    def present(self, on: bool) -> None:
        """Show the presentation, or the work space again."""
        self._presenting = on
        self.show_it(self._player.shown)

    def show_it(self, shown: Shown) -> None:
        """Show what there is now, where it can be seen."""
        self.troubles.show_it(shown)
        self.loading.show_it(shown)
        self.saved.show_it(shown)
        self.strip.show_it(shown)
        self._turn(shown)
        self._mirror(shown.kind == "live" and self._settings.flag("mirror", True))
        page = self.pages.currentWidget()
        if page is self._presentation and self._presentation is not None:
            self._presentation.show_it(shown)
        elif page is self._workbench and self._workbench is not None:
            for view in self._workbench.views_in_sight():
                view.show_it(shown)
        if self.transport.isVisible():
            self.transport.show_it(shown, self._player.mark_s)
        if self.strip.isVisible():
            self._place_strip()
        self._tell_what_is_watched()

    def show_mark(self, id: str) -> None:
        """Show for a while what has just been marked."""
        self.strip.show_mark(id, replace(self._player.shown, marks=self._bridge.marks.marks))
        self._place_strip()

    def write_note(self, id: str) -> None:
        """Let the user write a text for an annotation, while playing goes on."""
        self.show_mark(id)
        self.strip.write()

    def show_span(self) -> None:
        """Say that a span has begun."""
        self.strip.show_span(replace(self._player.shown, marks=self._bridge.marks.marks))
        self._place_strip()

    def show_text(self, text: str) -> None:
        """Say something for a while."""
        self.strip.show_text(text, self._player.shown)
        self._place_strip()

    def show_refusal(self, why_not: str) -> None:
        """Say for a while why nothing can be marked."""
        self.strip.show_refusal(why_not, self._player.shown)
        self._place_strip()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        self._place_strip()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        QPainter(self).fillRect(self.rect(), ground(self.palette()))

    def _turn(self, shown: Shown) -> None:
        """To the page that fits."""
        page: QWidget
        if shown.kind == "empty":
            page = self.empty
        elif self._presenting:
            page = self._presentation_page()
        else:
            page = self.workbench
        if self._workbench is not None:
            self._workbench.put_away(page is not self._workbench)
        self.pages.setCurrentWidget(page)
        self.transport.setVisible(shown.kind != "empty" and not self._presenting)

    def _place_strip(self) -> None:
        self.strip.place(self.transport.y() if self.transport.isVisible() else self.height())

    def _presentation_page(self) -> Presentation:
        if self._presentation is None:
            from demo.shell.presentation import Presentation

            self._presentation = Presentation(self._bridge)
            self._watch.watch(self._presentation.picture, self._presentation.emotion)
            self.pages.addWidget(self._presentation)
        return self._presentation

    def _mirror(self, mirrored: bool) -> None:
        """Show a camera as a mirror would, if wished; a recording as it is."""
        if self._workbench is not None:
            self._workbench.views.picture.setMirrored(mirrored)
        if self._presentation is not None:
            self._presentation.picture.setMirrored(mirrored)

    def _tell_what_is_watched(self) -> None:
        bench = self._workbench
        seen = bench.views_in_sight() if bench is not None and self.pages.currentWidget() is bench else []
        watched = bench is not None and bench.views.origin in seen
        if watched != self._watched:
            self._watched = watched
            self._bridge.watch(origin=watched)
