"""Bars with their names and figures, and a line at the threshold between unsure and sure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.names import name_of
from demo.theme import emotion_colour, faint
from demo.widgets.emotion_reading import Reading
from demo.widgets.figures import percent, tabular
from demo.widgets.panel import caption_font, scaled_font


def paint_bars(widget: QWidget, painter: QPainter, area: QRectF, lengths: Sequence[float], reading: Reading) -> None:
    """Draw the bars at these lengths, 0..1, with the figures of a reading; grey where it is not current."""
    area = area.adjusted(0, _scale_height(widget, area), 0, 0)
    labels = reading.labels
    row = area.height() / len(labels)
    names = [name_of(one) for one in labels]
    font = bar_font(widget, names, area.width(), row)
    metrics = QFontMetricsF(scaled_font(font, 1.0, bold=True))
    label = _widest(metrics, names) + metrics.height() * 0.5
    figure = metrics.horizontalAdvance("100 %") + metrics.height() * 0.3
    track = QRectF(area.left() + label, 0, max(1.0, area.width() - label - figure), min(row * 0.56, metrics.height()))
    top = max(reading.probabilities) if reading.current else 2.0  # of the figures: the bars are still on their way
    for at, name in enumerate(labels):
        middle = area.top() + row * (at + 0.5)
        track.moveTop(middle - track.height() / 2)
        strong = reading.probabilities[at] >= top
        line = QRectF(area.left(), middle - row / 2, area.width(), row)
        _paint_bar(widget, painter, track, emotion_colour(name, labels) if reading.current else None, lengths[at])
        painter.setFont(tabular(scaled_font(font, 1.0, bold=strong)))
        painter.setPen(widget.palette().color(QPalette.ColorRole.WindowText) if strong else faint(widget, 0.78))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, names[at])
        if any(reading.probabilities):
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(line, right, percent(reading.probabilities[at]))
    _paint_threshold(widget, painter, reading, area, track)


def bar_font(widget: QWidget, names: Sequence[str], width: float, row: float) -> QFont:
    """The widget's font, smaller where the rows are low or the bars would get no room beside the names."""
    metrics = QFontMetricsF(scaled_font(widget.font(), 1.0, bold=True))
    taken = _widest(metrics, names) + metrics.horizontalAdvance("100 %") + metrics.height()
    return scaled_font(widget.font(), max(0.6, min(1.0, 0.62 * width / taken, row / metrics.height())))


def _paint_bar(widget: QWidget, painter: QPainter, track: QRectF, colour: QColor | None, share: float) -> None:
    """A bar on its track; grey without a colour."""
    radius = min(track.height() / 2, 4.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(widget.palette().color(QPalette.ColorRole.Midlight))
    painter.drawRoundedRect(track, radius, radius)
    if share > 0.002:
        filled = QRectF(track)
        filled.setWidth(max(track.width() * min(1.0, share), 2.0))
        painter.setBrush(faint(widget, 0.35) if colour is None else colour)
        painter.drawRoundedRect(filled, min(radius, filled.width() / 2), radius)


def _scale_height(widget: QWidget, area: QRectF) -> float:
    """Room above the bars for what the threshold is called; none where it is tight."""
    line = QFontMetricsF(caption_font(widget)).height()
    return line if area.height() > 12 * line else 0.0


def _paint_threshold(widget: QWidget, painter: QPainter, reading: Reading, area: QRectF, track: QRectF) -> None:
    """Where an answer begins to be sure."""
    threshold = reading.unsure_below
    if threshold is None or not reading.current:
        return
    x = track.left() + track.width() * threshold
    painter.setPen(QPen(faint(widget, 0.55), 1.0, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    if not _scale_height(widget, area):
        return
    font = caption_font(widget)
    line = QFontMetricsF(font)
    text = QCoreApplication.translate("EmotionView", "sure from {0}").format(percent(threshold))
    place = QRectF(x, area.top() - line.height(), line.horizontalAdvance(text), line.height())
    place.moveRight(min(place.right(), float(widget.width())))
    painter.setFont(font)
    painter.setPen(faint(widget, 0.6))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)


def _widest(metrics: QFontMetricsF, texts: Sequence[str]) -> float:
    return max(metrics.horizontalAdvance(one) for one in texts)
