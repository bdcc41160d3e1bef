"""Draws one attention map with its labels, titles and scale, and the crosshair over it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.theme import faint
from demo.widgets.attention_heat import draw_scale, heat_picture, outline
from demo.widgets.attention_labels import Labels, draw_labels
from demo.widgets.attention_look import FOOT_LINES, PROFILE_LINES, SIDE_LINES, Grid, Look
from demo.widgets.gaze_text import overall_title, same_moment_title, source_title, span_title, target_title
from demo.widgets.panel import caption_font

_BAND = 60
"""How much the row and column of the crosshair are tinted, of 255."""

_RING = QColor(0, 0, 0, 150)


def draw_map(painter: QPainter, widget: QWidget, look: Look, grid: Grid, ratio: float) -> None:
    """Everything but the crosshair. Hatched is where there is no position: a pause between words, no face."""
    area = grid.area
    ground = widget.palette().color(QPalette.ColorRole.Window)
    painter.fillRect(area, faint(widget, 0.05))
    painter.fillRect(area, QBrush(faint(widget, 0.14), Qt.BrushStyle.BDiagPattern))
    painter.drawImage(area, heat_picture(look.weights, grid.rows, grid.columns, ratio=ratio, ground=ground))
    painter.setPen(QPen(faint(widget, 0.3), 1))
    painter.drawRect(area)
    _draw_same_moment(painter, widget, area.topLeft(), area.bottomRight())
    _draw_sides(painter, widget, look, grid)
    if grid.profile:
        _draw_profile(painter, widget, look, grid)
    if look.marked is not None:
        outline(painter, grid.cell(*look.marked), QColor(Qt.GlobalColor.white), _RING)
    _draw_titles(painter, widget, look, grid)


def draw_crosshair(painter: QPainter, widget: QWidget, grid: Grid, cell: tuple[int, int]) -> None:
    """Tint the row and the column of a pair, and frame it."""
    rect, area = grid.cell(*cell), grid.area
    accent = widget.palette().color(QPalette.ColorRole.Highlight)
    band = QColor(accent)
    band.setAlpha(_BAND)
    painter.fillRect(QRectF(area.left(), rect.top(), area.width(), rect.height()), band)
    painter.fillRect(QRectF(rect.left(), area.top(), rect.width(), area.height()), band)
    outline(painter, rect, QColor(Qt.GlobalColor.white), accent)


def _draw_same_moment(painter: QPainter, widget: QWidget, start: QPointF, end: QPointF) -> None:
    """A dotted line: on the map, where both axes are at the same time; left of it lies what was earlier."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faint(widget, 0.55), 1.2, Qt.PenStyle.DotLine))
    painter.drawLine(start, end)
    painter.restore()


def _draw_sides(painter: QPainter, widget: QWidget, look: Look, grid: Grid) -> None:
    """Labels of both sides; where not all fit, those that look most sharply, and those that are looked at most."""
    line, area = QFontMetricsF(widget.font()).height(), grid.area
    row, column = look.marked or (None, None)
    left = QRectF(SIDE_LINES * line, area.top(), area.left() - SIDE_LINES * line, area.height())
    below = QRectF(area.left(), area.bottom(), area.width(), widget.height() - FOOT_LINES * line - area.bottom())
    for labels in (
        Labels("rows", grid.rows, left, look.words, look.crops, look.weights.max(axis=1), row),
        Labels("columns", grid.columns, below, look.words, look.crops, look.weights.mean(axis=0), column),
    ):
        painter.save()
        draw_labels(painter, widget, labels)
        painter.restore()


def _draw_profile(painter: QPainter, widget: QWidget, look: Look, grid: Grid) -> None:
    """Above the map, how much of the attention each position gets from all rows together; a line at the even share."""
    line, area = QFontMetricsF(widget.font()).height(), grid.area
    means = look.weights.mean(axis=0)
    most = max(float(means.max()), 1 / len(means))
    base, height = area.top() - 2, (PROFILE_LINES - 0.3) * line
    bar = faint(widget, 0.42)
    for index, mean in enumerate(means.tolist()):
        left, right = grid.columns.cell(index)
        tall = height * mean / most
        painter.fillRect(QRectF(left, base - tall, right - left, tall), bar)
    even = base - height / len(means) / most
    painter.setPen(QPen(faint(widget, 0.5), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(area.left(), even), QPointF(area.right(), even))
    painter.save()
    painter.setFont(caption_font(widget))
    painter.setPen(faint(widget, 0.75))
    text = QRectF(0, base - height, area.left() - 0.4 * line, height)
    painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, overall_title())
    painter.restore()


def _draw_titles(painter: QPainter, widget: QWidget, look: Look, grid: Grid) -> None:
    """Who looks, at what, and the scale of the colours."""
    metrics, area = QFontMetricsF(widget.font()), grid.area
    line = metrics.height()
    painter.setPen(faint(widget, 0.85))
    side = target_title(look.map.target)
    if metrics.horizontalAdvance(side) <= area.height():
        painter.save()
        painter.translate(0, area.bottom())
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, area.height(), 1.2 * line), Qt.AlignmentFlag.AlignCenter, side)
        painter.restore()
    foot = QRectF(area.left(), widget.height() - 1.3 * line, area.width(), 1.2 * line)
    title = source_title(look.map.target, look.map.source)
    painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
    rest = foot.adjusted(metrics.horizontalAdvance(title) + line, 0, 0, 0)
    draw_scale(painter, widget, rest, float(look.weights.max()), 1 / look.weights.shape[1])
    same = same_moment_title()
    span = span_title(*grid.rows.span_s)
    free = rest.width() - metrics.horizontalAdvance("0 %100 %") - 11 * metrics.averageCharWidth() - line
    if free < metrics.horizontalAdvance(same) + 1.8 * line:
        return
    middle = QPointF(rest.left(), rest.center().y())
    _draw_same_moment(painter, widget, middle, middle + QPointF(1.5 * line, 0))
    painter.setPen(faint(widget, 0.75))
    text = rest.adjusted(1.8 * line, 0, 0, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, same)
    used = 2.8 * line + metrics.horizontalAdvance(same)
    if free > used + metrics.horizontalAdvance(span):
        painter.drawText(rest.adjusted(used, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, span)
