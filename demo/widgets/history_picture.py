"""What of the history moves only when it changes: area, utterances, scale, and what is not known."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from demo.clock_text import clock_text
from demo.shown import History
from demo.theme import faint
from demo.widgets.attention_axis import ticks
from demo.widgets.figures import clock
from demo.widgets.history_area import draw_area, values_of
from demo.widgets.history_range import TimeScale
from demo.widgets.panel import caption_font
from engine.config import Fusion

_ROUND = 3.0


def draw_picture(
    painter: QPainter,
    widget: QWidget,
    chart: QRectF,
    scale: TimeScale,
    history: History,
    fusion: Fusion | None,
    end_s: float | None,
    lane: float = 0.0,
) -> None:
    """Draw everything but play head, loop and reading.

    Parameters
    ----------
    chart : where the area goes; utterances and times go below it.
    end_s : end of the recording, whose stretches that are not analysed yet are hatched; None for live input.
    lane : room that is left below the area for annotations.
    """
    painter.fillRect(chart, faint(widget, 0.05))
    if end_s is not None:
        for low, high in unknown(history.covered, end_s):
            _hatch(painter, widget, chart, scale, low, high)
    draw_area(painter, chart, scale, history, values_of(history, fusion))
    painter.setPen(QPen(faint(widget, 0.25), 1))
    painter.drawLine(QLineF(chart.left(), chart.bottom(), chart.right(), chart.bottom()))
    below = chart.adjusted(0, 0, 0, lane)
    _draw_utterances(painter, widget, below, scale, history)
    _draw_times(painter, widget, below, scale)


def unknown(covered: tuple[tuple[float, float], ...], end_s: float) -> list[tuple[float, float]]:
    """Stretches of a recording that have not been analysed.

    >>> unknown(((0.0, 2.0), (5.0, 6.0)), 8.0)
    [(2.0, 5.0), (6.0, 8.0)]
    """
    result, at = [], 0.0
    for low, high in (*covered, (end_s, end_s)):
        if low > at + 1e-6:
            result.append((at, low))
        at = max(at, high)
    return result


def _hatch(painter: QPainter, widget: QWidget, chart: QRectF, scale: TimeScale, low: float, high: float) -> None:
    left, right = max(scale.x(low), chart.left()), min(scale.x(high), chart.right())
    if right - left < 1:
        return
    rect = QRectF(left, chart.top(), right - left, chart.height())
    painter.fillRect(rect, QBrush(faint(widget, 0.22), Qt.BrushStyle.BDiagPattern))
    text = QCoreApplication.translate("HistoryView", "not analysed yet")
    metrics = QFontMetricsF(widget.font())
    if metrics.horizontalAdvance(text) + metrics.height() < rect.width():
        label = QRectF(0, 0, metrics.horizontalAdvance(text) + metrics.height(), 1.4 * metrics.height())
        label.moveCenter(rect.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(widget.palette().window())
        painter.drawRoundedRect(label, _ROUND, _ROUND)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(faint(widget, 0.8))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)


def _draw_utterances(painter: QPainter, widget: QWidget, chart: QRectF, scale: TimeScale, history: History) -> None:
    """A bar for each utterance, with its words as far as they fit."""
    line = QFontMetricsF(widget.font()).height()
    painter.save()
    painter.setFont(caption_font(widget))
    metrics = QFontMetricsF(painter.font())
    top, height = chart.bottom() + 0.2 * line, 1.15 * line
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground, pen = faint(widget, 0.14), faint(widget, 0.85)
    painter.setBrush(ground)
    for one in history.utterances:
        if one.end_s <= scale.low_s or one.start_s >= scale.high_s:
            continue
        left, right = max(scale.x(one.start_s), chart.left()), min(scale.x(one.end_s), chart.right())
        box = QRectF(left, top, max(right - left, 1.0), height)
        if box.width() <= 2 * _ROUND:
            painter.fillRect(box, ground)
            continue
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, _ROUND, _ROUND)
        if one.text and box.width() > 3 * metrics.averageCharWidth():
            painter.setPen(pen)
            inner = box.adjusted(3, 0, -2, 0)
            text = metrics.elidedText(one.text, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()


def _draw_times(painter: QPainter, widget: QWidget, chart: QRectF, scale: TimeScale) -> None:
    painter.save()
    painter.setFont(caption_font(widget))
    metrics = QFontMetricsF(painter.font())
    line = QFontMetricsF(widget.font()).height()
    each = metrics.horizontalAdvance("0:00:00") * 1.5
    painter.setPen(faint(widget, 0.65))
    for t in ticks(scale.low_s, scale.high_s, max(int(chart.width() / each), 1)):
        x = scale.x(t)
        painter.drawLine(QLineF(x, chart.bottom(), x, chart.bottom() + 0.2 * line))
        box = QRectF(x - each / 2, chart.bottom() + 1.45 * line, each, metrics.height())
        box.moveLeft(min(max(box.left(), chart.left() - 0.3 * each), chart.right() - 0.7 * each))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, clock_text(t) if t == int(t) else clock(t))
    painter.restore()
