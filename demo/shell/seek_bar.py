"""Where a recording is: click to jump, drag to scrub, with the looped range marked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QToolTip, QWidget

from demo.clock_text import clock_text
from demo.marks import Marks
from demo.shell.thin_slider import ThinSlider
from demo.shown import Transport
from demo.widgets.history_range import TimeScale
from demo.widgets.mark_lane import draw_lane

_SCRUB_MS = 40
"""While dragging, places are asked for no more often than this."""

_PATIENCE = 60
"""Updates for which the handle stays where the user put it, until the player has got there."""

_NEAR_S = 0.3


class SeekBar(ThinSlider):
    """A slider over media time in milliseconds."""

    seek_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loop: tuple[float, float] | None = None
        self._mark_s: float | None = None
        self._marks = Marks()
        self._labels: tuple[str, ...] = ()
        self._wanted_s: float | None = None
        self._asked_s: float | None = None
        self._patience = 0
        self._scrub = QTimer(self, singleShot=True, interval=_SCRUB_MS)
        self._scrub.timeout.connect(self._ask)
        self.setAccessibleName(self.tr("Position in seconds"))
        self.setToolTip(self.tr("Click to jump, drag to search"))
        self.sliderMoved.connect(self._moved)
        self.sliderReleased.connect(self._released)

    @property
    def shown_s(self) -> float:
        """The time at the handle."""
        return self.sliderPosition() / 1000

    def show_it(self, transport: Transport, mark_s: float | None) -> None:
        """Show position, length and loop.

        Parameters
        ----------
        transport : of the session
        mark_s : where a loop begins whose end has not been set yet
        """
        ends_ms = (round(transport.start_s * 1000), round((transport.duration_s or 0.0) * 1000))
        if ends_ms != (self.minimum(), self.maximum()):
            self.setRange(*ends_ms)
        if (transport.loop, mark_s) != (self._loop, self._mark_s):
            self._loop, self._mark_s = transport.loop, mark_s
            self.update()
        if self.isSliderDown() or self._still_going(transport):
            return
        self.setValue(round(transport.position_s * 1000))

    def show_marks(self, marks: Marks, labels: tuple[str, ...]) -> None:
        """Show where the annotations lie."""
        if marks is not self._marks or labels != self._labels:
            self._marks, self._labels = marks, labels
            self.update()

    def paint_below(self, painter: QPainter, track: QRectF) -> None:
        """The annotations above the track; the looped range, or the mark at which one will begin."""
        if self._marks.every:
            lane = QRectF(track.left(), 0, track.width(), max(track.top() - 2, 4.0))
            first_s, last_s = self.minimum() / 1000, self.maximum() / 1000
            scale = TimeScale(first_s, max(last_s, first_s + 1e-3), track.left(), track.width())
            draw_lane(painter, self, lane, scale, self._marks, self._labels)
        colour = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        height = track.height() * 2.6
        top = track.center().y() - height / 2
        if self._loop is not None:
            left, right = (self.x_of(one * 1000) for one in self._loop)
            colour.setAlpha(80)
            painter.fillRect(QRectF(left, top, max(right - left, 2.0), height), colour)
        elif self._mark_s is not None:
            painter.fillRect(QRectF(self.x_of(self._mark_s * 1000) - 1, top, 2.0, height), colour)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        event.ignore()  # the window's keys move by seconds and pictures, wherever the focus is

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        super().mouseMoveEvent(event)
        if self.maximum():
            at = self.mapToGlobal(QPoint(round(event.position().x()), -self.fontMetrics().height() * 3))
            QToolTip.showText(at, clock_text(self.value_at(event.position().x()) / 1000, tenths=True), self)

    def event(self, event: QEvent) -> bool:  # noqa: D102
        if event.type() == QEvent.Type.ToolTip and self.maximum():
            return True  # the time under the pointer is shown there already
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.isEnabled():
            self._moved(self.sliderPosition())

    def _still_going(self, transport: Transport) -> bool:
        """Whether the player is still on its way to where the user wants it."""
        if self._wanted_s is None:
            return False
        self._patience -= 1
        arrived = not transport.seeking and abs(transport.position_s - self._wanted_s) < _NEAR_S
        if arrived or self._patience <= 0:
            self._wanted_s = None
        return self._wanted_s is not None

    def _moved(self, value: int) -> None:
        self._wanted_s = value / 1000
        self._patience = _PATIENCE
        if not self._scrub.isActive():
            self._ask()
            self._scrub.start()

    def _released(self) -> None:
        self._scrub.stop()
        self._ask()
        self._asked_s = None

    def _ask(self) -> None:
        if self._wanted_s is not None and self._wanted_s != self._asked_s:
            self._asked_s = self._wanted_s
            self.seek_wanted.emit(self._wanted_s)
