"""Small pills that say which modalities the models have."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.theme import faint, modality_colour
from demo.widgets.emotion_reading import Chip
from demo.widgets.panel import caption_font


def chips_height(widget: QWidget, chips: Sequence[Chip], width: float) -> float:
    """Room that the pills take in lines of ``width``."""
    areas = _areas(widget, chips, width)
    return max((one.bottom() for one in areas), default=0.0)


def paint_chips(widget: QWidget, painter: QPainter, area: QRectF, chips: Sequence[Chip]) -> None:
    """A filled pill for what is there, an outline for what is missing, struck through where muted; unused is bare."""
    font = caption_font(widget)
    for chip, place in zip(chips, _areas(widget, chips, area.width()), strict=True):
        box = place.translated(area.topLeft()).adjusted(0.5, 0.5, -0.5, -0.5)
        present = chip.presence == "present"
        colour = modality_colour(chip.modality, widget.palette())
        wash = QColor(colour)
        wash.setAlpha(46)
        dashes = Qt.PenStyle.SolidLine if present else Qt.PenStyle.DashLine
        bare = present or chip.presence == "unused"
        painter.setPen(Qt.PenStyle.NoPen if bare else QPen(faint(widget, 0.35), 1.0, dashes))
        painter.setBrush(wash if present else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        dot = QRectF(0, 0, box.height() * 0.34, box.height() * 0.34)
        dot.moveCenter(box.center())
        dot.moveLeft(box.left() + box.height() * 0.36)
        painter.setPen(Qt.PenStyle.NoPen if present else QPen(faint(widget, 0.5), 1.2))
        painter.setBrush(colour if present else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)
        font.setStrikeOut(chip.presence == "muted")
        painter.setFont(font)
        painter.setPen(widget.palette().color(QPalette.ColorRole.WindowText) if present else faint(widget, 0.66))
        text = box.adjusted(box.height() * 0.36 + dot.width() * 1.7, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, chip.text)


def _areas(widget: QWidget, chips: Sequence[Chip], width: float) -> list[QRectF]:
    """A box for each pill, in lines from left to right."""
    metrics = QFontMetricsF(caption_font(widget))
    height, gap = metrics.height() * 1.42, metrics.height() * 0.4
    areas, x, y = [], 0.0, 0.0
    for chip in chips:
        wide = metrics.horizontalAdvance(chip.text) + height * 1.4
        if x > 0 and x + wide > width:
            x, y = 0.0, y + height + gap
        areas.append(QRectF(x, y, wide, height))
        x += wide + gap
    return areas
