"""What went wrong, as calm banners: what happened, what to do, and where it makes sense a button that does it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from demo.shell.button import Button
from demo.shell.concerns import Concern, Concerns, Key
from demo.shown import Shown
from demo.theme import faint, warning_colour

_MOST = 3
"""Banners at the same time; the others wait until one has gone."""


class Banner(QWidget):
    """One message.

    Parameters
    ----------
    text : what happened and what to do.
    action : text of the button, "" for none.
    warns : whether something went wrong; a remark otherwise.
    """

    acted = Signal()
    dismissed = Signal()

    def __init__(self, text: str, action: str, *, warns: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._warns = warns
        self.label = QLabel(text)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setAccessibleName(text)
        unit = self.fontMetrics().height()
        row = QHBoxLayout(self)
        row.setContentsMargins(unit, unit // 3, unit // 2, unit // 3)
        row.addWidget(self.label, 1)
        self.button = Button(text=action, name=action, quiet=False)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self.acted)
        self._row = row
        self.close_button = Button("close", name=self.tr("Hide this message"))
        self.close_button.clicked.connect(self.dismissed)
        row.addWidget(self.button)
        row.addWidget(self.close_button)

    def add_button(self, text: str, name: str, act: Callable[[], object]) -> Button:
        """One more button before that which hides the message."""
        button = Button(text=text, name=name, quiet=False)
        button.clicked.connect(lambda: act())
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colour = warning_colour(self.palette()) if self._warns else faint(self, 0.5)
        wash = QColor(colour)
        wash.setAlpha(34)
        radius = self.fontMetrics().height() * 0.4
        area = QRectF(self.rect())
        painter.setBrush(self.palette().window())
        painter.drawRoundedRect(area, radius, radius)
        painter.setBrush(wash)
        painter.drawRoundedRect(area, radius, radius)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(0, 0, radius * 0.8, area.height()), radius * 0.4, radius * 0.4)


class Troubles(QWidget):
    """The banners of all that is wrong now. One that was hidden comes back only after it had gone."""

    open_wanted = Signal()
    live_wanted = Signal()
    load_wanted = Signal()
    close_wanted = Signal()
    save_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners: dict[Key, Banner] = {}
        self._hidden: set[Key] = set()
        self._concerns = Concerns()
        self._column = QVBoxLayout(self)
        unit = self.fontMetrics().height()
        self._column.setContentsMargins(unit // 2, unit // 3, unit // 2, 0)
        self._column.setSpacing(unit // 3)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """What can be read now, top to bottom."""
        return tuple(one.label.text() for one in self._banners.values())

    def banner(self, text: str) -> Banner:
        """The banner that says this."""
        return next(one for (_, said), one in self._banners.items() if text in (said, one.label.text()))

    def take_over(self, other: Troubles) -> None:
        """Leave hidden what is hidden in another one, whose place this one takes."""
        self._hidden, self._concerns = other._hidden, other._concerns

    def show_it(self, shown: Shown) -> None:
        """Show what is wrong, and remarks about the recording after it."""
        wanted = self._concerns.of(shown)
        self._hidden &= wanted.keys()
        keys = [key for key in wanted if key not in self._hidden][:_MOST]
        if keys == list(self._banners):
            return
        for key in [one for one in self._banners if one not in keys]:
            banner = self._banners.pop(key)
            banner.hide()
            banner.deleteLater()
        for key in keys:
            if key not in self._banners:
                self._add(key, wanted[key])
        self.setVisible(bool(self._banners))

    def _add(self, key: Key, concern: Concern) -> None:
        where, _ = key
        action, signal = self._remedy(where, concern.fatal)
        banner = Banner(capitalised(concern.text), action, warns=bool(where), parent=self)
        if signal is not None:
            banner.acted.connect(signal)
        banner.dismissed.connect(lambda: self._dismiss(key))
        self._banners[key] = banner
        self._column.addWidget(banner)

    def _dismiss(self, key: Key) -> None:
        self._hidden.add(key)
        banner = self._banners.pop(key, None)
        if banner is not None:
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._banners))

    def _remedy(self, where: str, fatal: bool) -> tuple[str, SignalInstance | None]:
        """The button that helps. Devices that went away come back by themselves, so only what ended needs one."""
        if where == "file":
            return self.tr("Open another"), self.open_wanted
        if where == "models":
            return self.tr("Try again"), self.load_wanted
        if where == "marks":
            return self.tr("Save elsewhere…"), self.save_wanted
        if where in {"recording", "room"}:
            return self.tr("Another folder…"), self.folder_wanted
        if where in {"camera", "microphone"} and fatal:
            return self.tr("Try again"), self.live_wanted
        if fatal:
            return self.tr("Close"), self.close_wanted
        return "", None


def capitalised(sentence: str) -> str:
    """A sentence of the engine, which may stand after a colon elsewhere, as one of its own.

    A name of a file keeps its spelling.

    >>> capitalised("there is no camera: connect one"), capitalised("a.mp4 is a folder")
    ('There is no camera: connect one', 'a.mp4 is a folder')
    """
    first = sentence.partition(" ")[0]
    return sentence[:1].upper() + sentence[1:] if first.isalpha() else sentence
