"""How fast a recording is played, and what becomes of its pitch."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from demo.settings import SPEEDS
from demo.shown import Transport


class SpeedMenu(QMenu):
    """Speeds from a quarter to four times."""

    speed_wanted = Signal(float)
    pitch_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Speed and pitch"))
        speeds, pitches = QActionGroup(self), QActionGroup(self)
        self._speeds = {speed: self._choice(speeds, speed_text(speed)) for speed in SPEEDS}
        self.addSeparator()
        self._pitches = {
            "kept": self._choice(pitches, self.tr("Keep the pitch")),
            "muted": self._choice(pitches, self.tr("Silent at other speeds")),
        }
        speeds.triggered.connect(self._speed_chosen)
        pitches.triggered.connect(self._pitch_chosen)

    def show_it(self, transport: Transport) -> None:
        """Tick what holds."""
        nearest = min(self._speeds, key=lambda one: abs(one - transport.speed))
        for action, ticked in ((self._speeds[nearest], True), (self._pitches[transport.pitch], True)):
            if action.isChecked() != ticked:
                action.setChecked(ticked)

    def _choice(self, group: QActionGroup, text: str) -> QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        group.addAction(action)
        return action

    def _speed_chosen(self, action: QAction) -> None:
        self.speed_wanted.emit(next(speed for speed, one in self._speeds.items() if one is action))

    def _pitch_chosen(self, action: QAction) -> None:
        self.pitch_wanted.emit(next(pitch for pitch, one in self._pitches.items() if one is action))


def speed_text(speed: float) -> str:
    """A speed as people write it.

    >>> speed_text(0.25).startswith("0.25")
    True
    """
    return f"{speed:g}\N{MULTIPLICATION SIGN}"


def next_speed(speed: float, steps: int) -> float:
    """The next faster or slower speed of the list.

    >>> next_speed(1.0, 1), next_speed(4.0, 1), next_speed(0.3, -1)
    (1.25, 4.0, 0.25)
    """
    if steps > 0:
        return next((one for one in SPEEDS if one > speed + 1e-6), SPEEDS[-1])
    return next((one for one in reversed(SPEEDS) if one < speed - 1e-6), SPEEDS[0])
