"""The agreement of both models over the whole session, as a strip that can be read and clicked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from demo.clock_text import clock_text
from demo.names import name_of
from demo.shown import Shown
from demo.theme import faint, warning_colour
from demo.widgets.agreement import Agreement, agreement_of, pair_of
from demo.widgets.figures import clock, percent
from demo.widgets.history_area import index_at, known_runs, reduced
from demo.widgets.history_range import TimeScale
from demo.widgets.panel import caption_font, paint_focus

_FAR = 1e6


class AgreementStrip(QWidget):
    """A line for how alike both distributions are, over a band that is filled where they name different emotions.

    Signals
    -------
    seek_wanted : media time that was clicked.
    """

    seek_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._agreement: Agreement | None = None
        self._version: object = None
        self._picture: tuple[object, QPixmap] | None = None
        self._read_s: float | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Agreement of both models over time"))

    def sizeHint(self) -> QSize:
        """A line of words and a low strip."""
        line = self.fontMetrics().height()
        return QSize(30 * line, int(5.5 * line))

    def minimumSizeHint(self) -> QSize:
        """Where the line can still be told from the band."""
        line = self.fontMetrics().height()
        return QSize(12 * line, int(4.4 * line))

    def show_it(self, shown: Shown) -> None:
        """Show a state; the agreement is computed only when the history has changed."""
        old_s, self._shown = self._shown.transport.position_s, shown
        version = (shown.history.version, len(shown.history.times_s), shown.transport.duration_s)
        if version != self._version:
            self._version = version
            self._agreement = agreement_of(shown.history)
            self.setAccessibleDescription(self.summary())
            self.update()
        elif shown.transport.position_s != old_s:
            for seconds in (old_s, shown.transport.position_s):
                x = self.scale().x(seconds)
                if abs(x) < _FAR:
                    self.update(QRect(int(x) - 3, 0, 6, self.height()))

    def summary(self) -> str:
        """How often both name the same emotion."""
        share = None if self._agreement is None else self._agreement.share
        if share is None or self._agreement is None:
            return self.tr("No moment yet at which both have answered")
        count = int(self._agreement.known.sum())
        return self.tr("Same answer in {0} of {1} moments").format(percent(share), count)

    def reading(self, seconds: float) -> str:
        """What both say at a time, and how alike that is."""
        one, history = self._agreement, self._shown.history
        index = None if one is None or not len(one.times_s) else index_at(one.times_s, seconds, history.step_s)
        if one is None or index is None or not one.known[index]:
            return self.tr("{0}: not both have an answer").format(clock(seconds))
        pair = pair_of(history.probabilities) or ("self", "cross")
        tops = [history.probabilities[fusion][index] for fusion in pair]
        said = [f"{name_of(history.labels[int(p.argmax())])} {percent(float(p.max()))}" for p in tops]
        if one.same_top[index]:
            return self.tr("{0}: both {1} ({2} and {3}), {4} alike").format(
                clock(seconds),
                name_of(history.labels[int(tops[0].argmax())]),
                *[percent(float(p.max())) for p in tops],
                percent(float(one.alike[index])),
            )
        if pair == ("self", "cross"):
            return self.tr("{0}: self {1}, cross {2}, {3} alike").format(
                clock(seconds), *said, percent(float(one.alike[index]))
            )
        return self.tr("{0}: {1} and {2}, {3} alike").format(clock(seconds), *said, percent(float(one.alike[index])))

    def chart(self) -> QRectF:
        """Where the line is drawn; the band is below it."""
        line = QFontMetricsF(self.font()).height()
        return QRectF(0.4 * line, 1.5 * line, max(self.width() - 0.8 * line, 1), max(self.height() - 3.1 * line, 4))

    def scale(self) -> TimeScale:
        """The whole session across the chart."""
        times = self._shown.history.times_s
        end_s = max(self._shown.transport.duration_s or 0.0, float(times[-1]) if len(times) else 0.0, 1.0)
        chart = self.chart()
        return TimeScale(0.0, end_s, chart.left(), chart.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line from its picture, the play head and the reading over it."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn())
        line = QFontMetricsF(self.font()).height()
        text = self.summary() if self._read_s is None else self.reading(self._read_s)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        metrics = QFontMetricsF(self.font())
        room = self._scale_label().left() - 0.8 * line
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(0.4 * line, 0.1 * line, room, 1.3 * line), Qt.AlignmentFlag.AlignVCenter, text)
        chart, scale = self.chart(), self.scale()
        for seconds, width in ((self._shown.transport.position_s, 2.0), (self._read_s, 1.0)):
            if seconds is not None and scale.low_s <= seconds <= scale.high_s:
                painter.setPen(QPen(faint(self, 0.9), width))
                painter.drawLine(QLineF(scale.x(seconds), chart.top(), scale.x(seconds), chart.bottom() + 0.45 * line))
        if self.hasFocus():
            paint_focus(self, painter, QRectF(self.rect()))

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        key = (self._version, self.size(), ratio, self.palette().cacheKey(), self.font().key())
        if self._picture is None or self._picture[0] != key:
            pixmap = QPixmap(self.size() * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self._draw(painter)
            painter.end()
            self._picture = (key, pixmap)
        return self._picture[1]

    def _draw(self, painter: QPainter) -> None:
        chart, scale, one = self.chart(), self.scale(), self._agreement
        line = QFontMetricsF(self.font()).height()
        painter.fillRect(chart, faint(self, 0.05))
        painter.setFont(caption_font(self))
        if one is not None and len(one.times_s):
            self._draw_line(painter, chart, scale, one)
            self._draw_band(painter, QRectF(chart.left(), chart.bottom(), chart.width(), 0.45 * line), scale, one)
        painter.setPen(faint(self, 0.6))
        upper = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(self._scale_label(), upper, self.tr("alike"))
        below = QRectF(chart.left() + 3, chart.bottom() + 0.55 * line, chart.width() - 6, 0.95 * line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, clock_text(0))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(below, right, clock_text(scale.high_s))
        if one is not None and (one.known & ~one.same_top).any():
            self._draw_legend(painter, below)

    def _scale_label(self) -> QRectF:
        """Where it says what the upper edge of the chart means: above it, where no line runs."""
        chart, width = self.chart(), QFontMetricsF(caption_font(self)).horizontalAdvance(self.tr("alike"))
        return QRectF(chart.right() - width - 3, 0, width + 3, chart.top())

    def _draw_legend(self, painter: QPainter, area: QRectF) -> None:
        """What the marks of the band mean."""
        text, metrics = self.tr("different answers"), QFontMetricsF(painter.font())
        chip = 0.6 * metrics.height()
        x = area.center().x() - (metrics.horizontalAdvance(text) + 1.5 * chip) / 2
        painter.fillRect(QRectF(x, area.center().y() - chip / 2, chip, chip), warning_colour(self.palette()))
        painter.drawText(area.adjusted(x + 1.5 * chip - area.left(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _draw_line(self, painter: QPainter, chart: QRectF, scale: TimeScale, one: Agreement) -> None:
        times, values = reduced(one.times_s, one.alike[:, None], scale.low_s, scale.high_s, int(chart.width()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for first, last in known_runs(np.isfinite(values[:, 0]), times, self._shown.history):
            x = [scale.x(t) for t in times[first:last].tolist()]
            x = [scale.x(float(times[first]) - self._shown.history.step_s), *x]
            y = [chart.bottom() - v * chart.height() for v in values[first:last, 0].tolist()]
            top = [QPointF(a, b) for a, b in zip(x, [y[0], *y], strict=True)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faint(self, 0.16))
            painter.drawPolygon(QPolygonF([*top, QPointF(x[-1], chart.bottom()), QPointF(x[0], chart.bottom())]))
            painter.setPen(QPen(faint(self, 0.75), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(top))

    def _draw_band(self, painter: QPainter, band: QRectF, scale: TimeScale, one: Agreement) -> None:
        """Where both name different emotions."""
        history = self._shown.history
        for first, last in known_runs(one.known & ~one.same_top, one.times_s, history):
            left, right = scale.x(float(one.times_s[first]) - history.step_s), scale.x(float(one.times_s[last - 1]))
            painter.fillRect(
                QRectF(left, band.top(), max(right - left, 1.0), band.height()), warning_colour(self.palette())
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the time under the pointer."""
        self._read(self.scale().seconds(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Stop reading."""
        self._read(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.seek_wanted.emit(self._clamped(self.scale().seconds(event.position().x())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the reading, Enter seeks there, Escape puts it away."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in steps:
            at = self._shown.transport.position_s if self._read_s is None else self._read_s
            self._read(at + steps[key] * self._shown.history.step_s)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._read_s is not None:
            self.seek_wanted.emit(self._read_s)
        elif key == Qt.Key.Key_Escape and self._read_s is not None:
            self._read(None)
        else:
            super().keyPressEvent(event)

    def _read(self, seconds: float | None) -> None:
        self._read_s = None if seconds is None else self._clamped(seconds)
        self.setAccessibleDescription(self.summary() if self._read_s is None else self.reading(self._read_s))
        self.update()

    def _clamped(self, seconds: float) -> float:
        scale = self.scale()
        return min(max(seconds, scale.low_s), scale.high_s)
