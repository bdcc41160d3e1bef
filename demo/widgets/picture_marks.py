"""What is drawn over the picture: boxes that show on anything, a small label, the sign for no camera."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from demo.shown import Shown
from demo.theme import faint
from demo.widgets.panel import RADIUS, caption_font

_CROP_HOLDS_S = 0.5
"""A face that the model saw this recently is still there, though its box is not known."""

_LINE = QColor(255, 255, 255, 235)
_HALO = QColor(0, 0, 0, 110)
_LABEL = QColor(12, 14, 18, 170)


def paint_corners(widget: QWidget, painter: QPainter, area: QRectF) -> None:
    """Round the corners of a picture, by painting over them what is behind it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = RADIUS + 1.0
    for x in (area.left() - 1, area.right() + 1 - side):
        for y in (area.top() - 1, area.bottom() + 1 - side):
            path = QPainterPath()  # small ones: filling one around the whole picture costs a millisecond
            path.addRect(QRectF(x, y, side, side))
            round_part = QPainterPath()
            round_part.addRoundedRect(area, RADIUS, RADIUS)
            painter.fillPath(path.subtracted(round_part), widget.palette().window())


def paint_place(widget: QWidget, painter: QPainter, area: QRectF) -> None:
    """Where a picture would be."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(widget.palette().alternateBase())
    painter.drawRoundedRect(area, RADIUS, RADIUS)


def paint_box(widget: QWidget, painter: QPainter, box: QRectF, *, dotted: bool, strong: bool) -> None:
    """A thin rounded frame, white within a dark halo, so that it shows on any picture."""
    unit = widget.fontMetrics().height()
    width = max(1.2, unit * 0.1) * (1.0 if strong else 0.85)
    radius = min(box.width(), box.height()) * 0.1
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_HALO, width * 2.6))
    painter.drawRoundedRect(box, radius, radius)
    line = QColor(_LINE)
    line.setAlpha(235 if strong else 190)
    pen = QPen(line, width)
    if dotted:
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([0.1, 3.0])
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setWidthF(width * 1.35)
    painter.setPen(pen)
    painter.drawRoundedRect(box, radius, radius)


def paint_label(widget: QWidget, painter: QPainter, area: QRectF, text: str) -> None:
    """A small pill with words, at the bottom of the picture in the middle; nothing without words."""
    if not text:
        return
    font = caption_font(widget)
    metrics = QFontMetricsF(font)
    unit = metrics.height()
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width() - 2 * unit)
    pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 1.3 * unit, unit * 1.6)
    pill.moveCenter(QPointF(area.center().x(), area.bottom() - 1.5 * unit))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_LABEL)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setFont(font)
    painter.setPen(_LINE)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def paint_no_camera(widget: QWidget, painter: QPainter, area: QRectF) -> None:
    """A quiet wave where the picture would be: there is sound only."""
    unit = widget.fontMetrics().height()
    middle = QPointF(area.center().x(), area.center().y() - 2.6 * unit)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(faint(widget, 0.35), unit * 0.16)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for index, height in enumerate((0.25, 0.6, 1.0, 0.45, 0.8, 0.35, 0.2)):
        x = middle.x() + (index - 3) * unit * 0.42
        painter.drawLine(QPointF(x, middle.y() - height * unit * 0.8), QPointF(x, middle.y() + height * unit * 0.8))


def is_faceless(shown: Shown) -> bool:
    """Whether a face was looked for and not found; not while computing has yet to come as far as the picture."""
    if "video" not in shown.running.used:
        return False  # nobody looks for one
    frame = shown.picture.frame
    if frame is None or not shown.analysed:
        return False
    return not any(abs(one.pts_s - frame.pts_s) < _CROP_HOLDS_S for one in shown.picture.crops[-2:])
