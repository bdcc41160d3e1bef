"""A lane below the history in which the annotations lie."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from demo.marks import Marks
from demo.theme import emotion_colour, faint
from demo.widgets.history_range import TimeScale
from engine.annotations import Annotation

_DIAMOND = ((0.0, -1.0), (0.8, 0.0), (0.0, 1.0), (-0.8, 0.0))


def draw_lane(
    painter: QPainter, widget: QWidget, lane: QRectF, scale: TimeScale, marks: Marks, labels: tuple[str, ...]
) -> None:
    """Spans as bars, moments as diamonds, in the colour of their emotion; an open span as a line from its start."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(lane.adjusted(-4, -1, 4, 1))
    half = lane.height() / 2
    plain, edge = faint(widget, 0.6), widget.palette().window().color()
    for one in marks.every:
        if one.end_s < scale.low_s or one.start_s > scale.high_s:
            continue
        painter.setBrush(plain if one.label is None else emotion_colour(one.label, labels))
        painter.setPen(QPen(edge, 1.0))
        left, right = scale.x(one.start_s), scale.x(one.end_s)
        if right - left >= lane.height():
            bar = QRectF(max(left, lane.left() - 9), lane.top() + 0.15 * lane.height(), 0, 0.7 * lane.height())
            bar.setRight(min(right, lane.right() + 9))
            painter.drawRoundedRect(bar, 0.3 * lane.height(), 0.3 * lane.height())
        else:
            centre = QPointF((left + right) / 2, lane.center().y())
            painter.drawPolygon([centre + QPointF(x * half, y * half) for x, y in _DIAMOND])
    if marks.span_from_s is not None and scale.low_s <= marks.span_from_s <= scale.high_s:
        x = scale.x(marks.span_from_s)
        painter.setPen(QPen(widget.palette().highlight().color(), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLine(QPointF(x, lane.top()), QPointF(x, lane.bottom()))
        painter.drawLine(QPointF(x, lane.center().y()), QPointF(x + lane.height(), lane.center().y()))
    painter.restore()


def mark_at(lane: QRectF, scale: TimeScale, marks: Marks, position: QPointF) -> Annotation | None:
    """The annotation under a point: the shortest of those that lie there."""
    near = lane.height()
    if not lane.adjusted(-near, -2, near, 2).contains(position):
        return None
    x = position.x()
    there = [one for one in marks.every if scale.x(one.start_s) - near <= x <= scale.x(one.end_s) + near]
    return min(there, key=lambda one: one.end_s - one.start_s, default=None)
