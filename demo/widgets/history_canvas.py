"""The picture of the history: stacked area, play head, loop, reading line and the line of words above."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from demo.shown import History, Shown
from demo.widgets.history_area import values_of
from demo.widgets.history_marks import draw_line, draw_loop
from demo.widgets.history_picture import draw_picture
from demo.widgets.history_range import HistoryRange, TimeScale
from demo.widgets.history_reading import draw_legend, draw_reading, mean_of, reading_text
from demo.widgets.mark_lane import draw_lane
from demo.widgets.panel import paint_empty, paint_focus
from engine.config import Fusion
from engine.types import FloatArray

_HEAD = 6
"""Half the width of what is drawn anew around the play head."""

_FAR = 1e6
_LANE = 0.75
"""Height of the lane of annotations, in lines of text."""


class HistoryCanvas(QWidget):
    """Draws the history and follows the session; it does not listen to the user.

    Attributes
    ----------
    range : the visible stretch.
    header_right : pixels of the header that are taken at its right end.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.range = HistoryRange()
        self.header_right = 0
        self._shown = Shown()
        self._fusion: Fusion | None = None
        self._picture: tuple[object, QPixmap] | None = None
        self._values: tuple[History, Fusion | None, FloatArray] | None = None
        self._weights: tuple[FloatArray, float, float, FloatArray] | None = None
        self._read_s: float | None = None
        self._marking: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        line = self.fontMetrics().height()
        return QSize(50 * line, 10 * line)

    def minimumSizeHint(self) -> QSize:
        """Where the layers can just be told apart."""
        line = self.fontMetrics().height()
        return QSize(14 * line, 6 * line)

    def setFusion(self, fusion: Fusion | None) -> None:
        """Show one fusion, or (None) the mean of those that run."""
        if fusion != self._fusion:
            self._fusion = fusion
            self.update()

    def show_it(self, shown: Shown) -> None:
        """Show a state; only the play head is drawn anew where nothing else has changed."""
        before, self._shown = self._shown, shown
        old_x = self.scale().x(before.transport.position_s)
        self.range.set_extent(_end_of(shown), live=shown.kind == "live", start_s=shown.transport.start_s)
        if shown.transport.playing:
            self.range.keep_in_view(before.transport.position_s, shown.transport.position_s)
        same = before.kind == shown.kind and before.transport.loop == shown.transport.loop
        if not same or self._picture is None or self._picture[0] != self._key():
            self.update()
            return
        for x in (old_x, self.scale().x(shown.transport.position_s)):
            if abs(x) < _FAR:
                self.update(QRect(int(x) - _HEAD, 0, 2 * _HEAD, self.height()))

    def read_at(self, seconds: float | None) -> None:
        """Put the reading line at a time, or (None) put it away; what it says becomes the accessible description."""
        if seconds != self._read_s:
            self._read_s = seconds
            text = "" if seconds is None else reading_text(self._shown, self._read_values(), seconds)
            self.setAccessibleDescription(text)
            self.update()

    def chart(self) -> QRectF:
        """Where the area is drawn."""
        line = QFontMetricsF(self.font()).height()
        side = 0.5 * line
        below = 4.4 * line + self.lane_height()
        return QRectF(side, 1.6 * line, max(self.width() - 2 * side, 1.0), max(self.height() - below, 1.0))

    def lane_height(self) -> float:
        """What the annotations take between the area and the utterances; nothing while there are none."""
        marks = self._shown.marks
        return _LANE * QFontMetricsF(self.font()).height() if marks.every or marks.span_from_s is not None else 0.0

    def lane(self) -> QRectF:
        """Where the annotations are drawn."""
        chart = self.chart()
        return QRectF(chart.left(), chart.bottom() + 1, chart.width(), max(self.lane_height() - 2, 0.0))

    def scale(self) -> TimeScale:
        """Media time across the chart."""
        chart = self.chart()
        return TimeScale(self.range.low_s, self.range.high_s, chart.left(), chart.width())

    @property
    def history(self) -> History:
        """What is shown."""
        return self._shown.history

    def paintEvent(self, event: QPaintEvent) -> None:
        """The area from its picture; play head, loop and reading line over it."""
        painter = QPainter(self)
        if self._shown.kind == "empty":
            paint_empty(
                self,
                painter,
                QRectF(self.rect()),
                self.tr("No history yet"),
                self.tr("Open a recording or start the camera: the emotions over time will appear here."),
            )
            return
        chart, scale = self.chart(), self.scale()
        painter.drawPixmap(0, 0, self._drawn())
        loop = self._marking or self._shown.transport.loop
        if loop is not None:
            draw_loop(painter, self, chart, scale, loop)
        draw_line(painter, self, chart, scale, self._shown.transport.position_s, head=True)
        line = QFontMetricsF(self.font()).height()
        top = QRectF(0.5 * line, 0, self.width() - line - self.header_right, 1.5 * line)
        if self._read_s is None:
            draw_legend(painter, self, top, self.history.labels, self._read_weights())
        else:
            draw_line(painter, self, chart, scale, self._read_s, head=False)
            draw_reading(painter, self, top, self._shown, self._read_values(), self._read_s)
        if self.hasFocus():
            paint_focus(self, painter, QRectF(self.rect()))

    def _read_values(self) -> FloatArray:
        """Probabilities over time; found anew only where the history has changed, not with every move of the head."""
        known = self._values
        if known is None or known[0] is not self.history or known[1] != self._fusion:
            known = self._values = (self.history, self._fusion, values_of(self.history, self._fusion))
        return known[2]

    def _read_weights(self) -> FloatArray:
        """How much each emotion matters in the visible stretch."""
        values, low_s, high_s = self._read_values(), self.range.low_s, self.range.high_s
        known = self._weights
        if known is None or known[0] is not values or known[1:3] != (low_s, high_s):
            known = self._weights = (values, low_s, high_s, mean_of(self.history, values, low_s, high_s))
        return known[3]

    def _key(self) -> object:
        return (
            self.history.version,
            self._shown.marks.every,
            self._shown.marks.span_from_s,
            self._fusion,
            self.range.low_s,
            self.range.high_s,
            _end_of(self._shown) if self._shown.kind == "file" else None,
            self.size(),
            self.devicePixelRatioF(),
            self.palette().cacheKey(),
            self.font().key(),
        )

    def _drawn(self) -> QPixmap:
        key = self._key()
        if self._picture is None or self._picture[0] != key:
            ratio = self.devicePixelRatioF()
            pixmap = QPixmap(self.size() * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setFont(self.font())
            end_s = _end_of(self._shown) if self._shown.kind == "file" else None
            lane = self.lane_height()
            draw_picture(painter, self, self.chart(), self.scale(), self.history, self._fusion, end_s, lane)
            if lane:
                draw_lane(painter, self, self.lane(), self.scale(), self._shown.marks, self.history.labels)
            painter.end()
            self._picture = (key, pixmap)
        return self._picture[1]


def _end_of(shown: Shown) -> float:
    """How far the session reaches; for live input as far as predictions do, so that the view moves in steps."""
    times = shown.history.times_s
    newest = float(times[-1]) if len(times) else 0.0
    if shown.kind == "live":
        return newest
    return max(shown.transport.duration_s or 0.0, newest)
