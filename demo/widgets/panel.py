"""What the views share: fonts, a quiet empty state, a caption, the focus ring and rounded pictures."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QImage, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from demo.theme import faint

RADIUS = 4.0
"""Corner of pictures and of the focus ring, in device-independent pixels."""


def scaled_font(font: QFont, factor: float, *, bold: bool = False, italic: bool = False) -> QFont:
    """The same font, larger or smaller; keeps working where the size was set in pixels."""
    result = QFont(font)
    if font.pixelSize() > 0:
        result.setPixelSize(max(1, round(font.pixelSize() * factor)))
    else:
        result.setPointSizeF(max(1.0, font.pointSizeF() * factor))
    result.setWeight(QFont.Weight.DemiBold if bold else font.weight())
    result.setItalic(italic)
    return result


def caption_font(widget: QWidget) -> QFont:
    """For captions, scales and times."""
    return scaled_font(widget.font(), 0.86)


def paint_empty(widget: QWidget, painter: QPainter, area: QRectF, text: str, detail: str = "") -> None:
    """What is missing, in words, in the middle of ``area``: one line of text and a fainter one of what to do."""
    unit = widget.fontMetrics().height()
    area = area.adjusted(unit, 0, -unit, 0)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    head = QFontMetricsF(widget.font()).boundingRect(area, int(flags), text).height()
    small = caption_font(widget)
    below = QFontMetricsF(small).boundingRect(area, int(flags), detail).height() if detail else 0.0
    top = area.top() + max(0.0, (area.height() - head - below) / 2)
    painter.setFont(widget.font())
    painter.setPen(faint(widget, 0.78))
    painter.drawText(QRectF(area.left(), top, area.width(), head), int(flags), text)
    if detail:
        painter.setFont(small)
        painter.setPen(faint(widget, 0.6))
        painter.drawText(QRectF(area.left(), top + head + unit * 0.2, area.width(), below), int(flags), detail)


def paint_caption(widget: QWidget, painter: QPainter, area: QRectF, left: str, right: str = "") -> None:
    """One line of small faint text, shortened where it does not fit; ``right`` goes to the far end."""
    font = caption_font(widget)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(faint(widget, 0.7))
    taken = metrics.horizontalAdvance(right) + metrics.height() * 0.5 if right else 0.0
    middle = Qt.AlignmentFlag.AlignVCenter
    text = metrics.elidedText(left, Qt.TextElideMode.ElideRight, max(0.0, area.width() - taken))
    painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignLeft), text)
    painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignRight), right)


def paint_focus(widget: QWidget, painter: QPainter, area: QRectF, radius: float = RADIUS) -> None:
    """The ring that shows where the keyboard is."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(widget.palette().color(QPalette.ColorRole.Highlight), 2.0))
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)


def image_of(rgb: NDArray[np.uint8]) -> QImage:
    """A picture [height, width, 3] u8 as an image of its own memory, in the format that Qt draws fastest."""
    height, width = rgb.shape[:2]
    pixels = np.ascontiguousarray(rgb)
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def rounded_pixmap(image: QImage, size: QSize, ratio: float, radius: float = RADIUS) -> QPixmap:
    """An image scaled to ``size`` (device-independent pixels) with round corners, sharp at ``ratio`` device pixels."""
    scaled = image.scaled(
        size * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    result = QPixmap(scaled.size())
    result.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addRoundedRect(QRectF(scaled.rect()), radius * ratio, radius * ratio)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path)
    painter.drawImage(0, 0, scaled)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


def moves() -> bool:
    """Whether short animations are wanted: not where the system or ``ATTUNE_REDUCED_MOTION`` asks for stillness."""
    if os.environ.get("ATTUNE_REDUCED_MOTION"):
        return False
    style = QGuiApplication.styleHints()  # held, since what it gives away lives no longer than it does
    hints = style.accessibility() if hasattr(style, "accessibility") else None
    if hints is None or not hasattr(hints, "motionPreference"):  # new in Qt 6.12
        return True
    return getattr(hints.motionPreference(), "name", "") != "ReducedMotion"
