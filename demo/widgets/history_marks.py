"""Play head, reading line and loop, drawn over the picture of the history."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.theme import faint
from demo.widgets.history_range import TimeScale

_VEIL = 170
"""How much of what lies outside of the loop is covered, of 255."""


def draw_line(
    painter: QPainter, widget: QWidget, chart: QRectF, scale: TimeScale, seconds: float, *, head: bool
) -> None:
    """A line at a media time, with a triangle on top where it is the play head."""
    x = scale.x(seconds)
    if not chart.left() - 1 <= x <= chart.right() + 1:
        return
    ground = widget.palette().color(QPalette.ColorRole.Window)
    text = widget.palette().color(QPalette.ColorRole.WindowText)
    width = 2.0 if head else 1.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, wide in ((ground, width + 2), (text if head else faint(widget, 0.8), width)):
        painter.setPen(QPen(colour, wide))
        painter.drawLine(QLineF(x, chart.top(), x, chart.bottom()))
    if head:
        top = chart.top()
        painter.setPen(QPen(ground, 1))
        painter.setBrush(text)
        painter.drawPolygon([QPointF(x - 5, top - 6), QPointF(x + 5, top - 6), QPointF(x, top + 2)])
        painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_loop(painter: QPainter, widget: QWidget, chart: QRectF, scale: TimeScale, loop: tuple[float, float]) -> None:
    """The range that is repeated; what lies outside of it is veiled."""
    low, high = (min(max(scale.x(one), chart.left()), chart.right()) for one in loop)
    accent = widget.palette().color(QPalette.ColorRole.Highlight)
    veil = widget.palette().color(QPalette.ColorRole.Window)
    veil.setAlpha(_VEIL)
    painter.fillRect(QRectF(chart.left(), chart.top(), low - chart.left(), chart.height()), veil)
    painter.fillRect(QRectF(high, chart.top(), chart.right() - high, chart.height()), veil)
    painter.fillRect(QRectF(low, chart.top() - 3, high - low, 3), accent)
    painter.setPen(QPen(accent, 2))
    for x in (low, high):
        painter.drawLine(QLineF(x, chart.top() - 3, x, chart.bottom()))
