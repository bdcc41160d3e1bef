"""The window: polls the bridge, shows what there is, and hands on what the user wants."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar

from demo.bridge import Bridge
from demo.messages import said
from demo.settings import Settings
from demo.shell.appearance import Appearance
from demo.shell.body import Body
from demo.shell.commands import Commands
from demo.shell.device_menu import DeviceMenu
from demo.shell.language import Language
from demo.shell.marker import Marker
from demo.shell.opener import Opener
from demo.shell.paint_watch import PaintWatch
from demo.shell.placement import place
from demo.shell.player import PLAYBACK_COMMANDS, Player
from demo.shell.recorder import Recorder
from demo.shell.top_bar import TopBar
from demo.shell.wiring import connect_for_good, connect_parts, deeds_of, enable_commands, fill_menu_bar
from demo.shown import Shown

POLL_MS = 16
"""Twice as often as pictures come, so that none waits for the next but one; an unchanged moment costs 0.1 ms."""

_RATE_EVERY = 30
"""Polls between two readings of the window's own rate."""


class MainWindow(QMainWindow):
    """All of it in one place; its parts are made anew when the language changes.

    Parameters
    ----------
    bridge : runs the sessions; closed with the window.
    settings : what is remembered.
    appearance, language : theme and translation of the application.
    """

    first_painted = Signal()

    def __init__(self, bridge: Bridge, settings: Settings, appearance: Appearance, language: Language) -> None:
        super().__init__()
        self.bridge, self.settings = bridge, settings
        self.appearance, self.language = appearance, language
        appearance.write(language.current)
        self._painted = self._closed = False
        self._polls, self._window_hz = 0, 0.0
        self._before = Qt.WindowState.WindowNoState
        self.player = Player(bridge, settings)
        self.recorder = Recorder(bridge, settings, self)
        self.opener = Opener(self, bridge, settings, self.player, lambda: self.devices.capture)
        self.marker = Marker(bridge, self.player, self)
        self._parts: list[QObject] = []
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        connect_for_good(self)
        self._build()
        self.setFocus()
        self._restore_place()
        self._timer = QTimer(self, interval=POLL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.poll)
        self._timer.start()

    def poll(self) -> None:
        """Show what there is now."""
        shown = self.bridge.shown()
        self._polls += 1
        if self._polls % _RATE_EVERY == 0:
            self._window_hz = round(self.watch.rate_hz(), 1)
        shown = replace(shown, health=replace(shown.health, window_hz=self._window_hz))
        self.player.take(shown)
        self.recorder.take(shown)
        self.watch.expect(shown)
        self.body.show_it(shown)
        self.devices.show_it(shown)
        self._show_title(shown)
        enable_commands(self.commands, shown)
        if shown.kind == "empty" and self.body.presenting:
            self.present(False)

    def prepare(self) -> None:
        """Make the work space before it is wanted."""
        _ = self.body.workbench

    def open_file(self, path: str) -> None:
        """Play a recording or a recorded session, once nothing is lost by that."""
        self.opener.open_file(path)

    def present(self, on: bool) -> None:
        """Fill the screen with large type, or leave that."""
        if on == self.body.presenting:
            return
        if on:
            self._before = self.windowState()
        self.body.present(on)
        self.top.setVisible(not on)
        self.setWindowState(self._before | Qt.WindowState.WindowFullScreen if on else self._before)
        self.commands.actions["present"].setChecked(on)

    def compare(self, both: bool) -> None:
        """Both models side by side, or the one distribution."""
        self.settings.put("compare", both)
        self.body.workbench.compare(both)

    def choose_theme(self, choice: str) -> None:
        """Light, dark or as the system, at once and from now on."""
        self.settings.put("theme", choice)
        self.appearance.choose(choice)

    def choose_language(self, choice: str) -> None:
        """Another language, at once and from now on: the parts of the window are made anew."""
        self.settings.put("language", choice)
        self.language.choose(choice)
        self.appearance.write(self.language.current)
        self._build_anew()

    def choose_text_size(self, choice: str) -> None:
        """Larger or smaller type, at once and from now on."""
        self.settings.put("text", choice)
        self.appearance.scale(choice)
        self._build_anew()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        if event.key() == Qt.Key.Key_Escape and self.marker.forget_span():
            pass
        elif event.key() == Qt.Key.Key_Escape and self.body.presenting:
            self.present(False)
        elif self.commands.press(event):
            pass
        elif not self.marker.press_digit(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        self.marker.release(event)
        super().keyReleaseEvent(event)

    def take_key(self, event: QKeyEvent) -> None:
        """A key that went down or up in a panel that floats."""
        if event.type() == QEvent.Type.KeyRelease:
            self.marker.release(event)
        else:
            self.keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: D102
        if _dropped(event):
            event.acceptProposedAction()
            self.body.empty.show_drop(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: D102
        self.body.empty.show_drop(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: D102
        self.body.empty.show_drop(False)
        paths = _dropped(event)
        if paths:
            event.acceptProposedAction()
            self.open_file(paths[0])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102
        if not self._closed and not self.opener.may_leave():
            event.ignore()
            return
        if not self._closed:
            self._closed = True
            self._timer.stop()
            self._remember()
            self.hide()  # at once, while what runs is being stopped
            self.bridge.close()
        super().closeEvent(event)

    def _build(self) -> None:
        """Make all parts, in the language of now."""
        for old in self._parts:
            old.deleteLater()
        self.watch = PaintWatch(self.bridge.painted, self.bridge.answered, self)
        self.commands = Commands(self, deeds_of(self))
        self.addActions(list(self.commands.actions.values()))
        self.commands.enable((*PLAYBACK_COMMANDS, "close", "compare", "present"), False)
        self.devices = DeviceMenu(self.settings, self.bridge.devices, self)
        menus, self._panels_menu = QMenuBar(), QMenu(self.tr("Panels"), self)
        self.top = TopBar(menus, self.commands)
        self.body = Body(self.bridge, self.settings, self.player, self.commands, self.watch, self.recorder)
        fill_menu_bar(self, menus, self._panels_menu)
        self.setMenuWidget(self.top)
        self.setCentralWidget(self.body)
        connect_parts(self)
        self.body.workbench_made.connect(self._add_panels)
        self._parts = [self.watch, self.commands, self.devices, self._panels_menu]
        self.commands.actions["compare"].setChecked(self.settings.flag("compare"))

    def _build_anew(self) -> None:
        before = self.body
        self._remember_docks()
        self.present(False)
        self._build()
        self.body.take_over(before)
        self.poll()

    def _add_panels(self) -> None:
        """The panels exist: their keys work, and the menu lists them."""
        actions = list(self.body.workbench.actions_of_panels.values())
        self._panels_menu.addActions(actions)
        self.addActions(actions)

    def _show_title(self, shown: Shown) -> None:
        title = "" if shown.kind == "empty" else said(shown.title) if shown.kind == "live" else shown.title
        if shown.recording.on:
            title = self.tr("● Recording — {0}").format(title)
        if title != self.top.title.text() or not self.windowTitle():
            self.top.show_title(title, recording=shown.recording.on)
            self.setWindowTitle(self.tr("{0} — Attune").format(title) if title else "Attune")

    def _restore_place(self) -> None:
        if not self.restoreGeometry(self.settings.blob("geometry")):
            place(self)

    def _remember(self) -> None:
        self.present(False)
        self.settings.put("geometry", self.saveGeometry())
        self._remember_docks()
        self.settings.save()

    def _remember_docks(self) -> None:
        if self.body.made:
            self.settings.put("docks", self.body.workbench.state())


def _dropped(event: QDropEvent) -> list[str]:
    """Paths of the files that are being dropped."""
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
