"""The heat map itself: weights as colours on the grid of two time axes, and the scale that explains them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.theme import faint, heat_image
from demo.widgets.attention_axis import Axis
from demo.widgets.figures import percent
from engine.types import FloatArray

_FADE = 0.35
"""Share of the largest weight below which colours fade into the ground."""

_MOST_PIXELS = 1400
"""Device pixels per side that the map is drawn with; on larger screens it is enlarged."""


def heat_picture(weights: FloatArray, rows: Axis, columns: Axis, *, ratio: float, ground: QColor) -> QImage:
    """The weights of a map, scaled by the largest; transparent where there is no position.

    Shapes
    ------
    weights : [len(rows), len(columns)] -> a picture of at most the device pixels of the axes.
    """
    brightest = max(float(weights.max(initial=0.0)), float(np.finfo(np.float32).tiny))
    colours = np.zeros((weights.shape[0] + 1, weights.shape[1] + 1), np.uint32)
    colours[:-1, :-1] = _heat_pixels(weights / np.float32(brightest), ground)
    down = rows.lookup(max(1, min(round(rows.length * ratio), _MOST_PIXELS)))
    right = columns.lookup(max(1, min(round(columns.length * ratio), _MOST_PIXELS)))
    picture = QImage(len(right), len(down), QImage.Format.Format_ARGB32_Premultiplied)
    pixels = np.frombuffer(picture.bits(), np.uint32).reshape(len(down), picture.bytesPerLine() // 4)
    np.take(colours[:, right], down, axis=0, out=pixels[:, : len(right)], mode="clip")
    return picture


def grounded_heat(values: FloatArray, ground: QColor) -> QImage:
    """The theme's heat colours, [rows, columns] in 0..1, one pixel each; what is near zero fades into the ground.

    So a map looks empty where nothing is, on light and on dark ground, and lightness still changes one way only.
    """
    pixels = _heat_pixels(values, ground)
    rows, columns = pixels.shape
    return QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_ARGB32).copy()


def _heat_pixels(values: FloatArray, ground: QColor) -> NDArray[np.uint32]:
    """ARGB of values in 0..1, [rows, columns]."""
    pixels: NDArray[np.uint32] = _table(ground.rgb())[(np.clip(values, 0, 1) * 255).round().astype(np.uint8)]
    return pixels


@lru_cache(4)
def _table(ground_rgb: int) -> NDArray[np.uint32]:
    """The 256 colours on one ground, as ARGB."""
    ground = QColor.fromRgb(ground_rgb)
    steps = np.linspace(0, 1, 256, dtype=np.float32)[None]
    theme = heat_image(steps, dark=ground.lightnessF() < 0.5).convertToFormat(QImage.Format.Format_RGB32)
    colours = np.frombuffer(theme.constBits(), np.uint8)[: 4 * 256].reshape(256, 4).astype(np.float32)
    base = np.array([ground.blue(), ground.green(), ground.red(), 255], np.float32)
    share = np.minimum(steps.reshape(-1, 1) / _FADE, 1)
    mixed = (share * colours + (1 - share) * base).round().astype(np.uint8)
    mixed[:, 3] = 255
    return np.ascontiguousarray(mixed).view(np.uint32)[:, 0]


def draw_scale(painter: QPainter, widget: QWidget, area: QRectF, brightest: float, evenly: float) -> None:
    """What the colours mean: from nothing to the largest weight of the map, with a mark at the even share.

    ``area`` is one line high; the scale is drawn at its right end, as far as it fits.
    """
    metrics = QFontMetricsF(painter.font())
    low, high = percent(0), percent(brightest)
    bar = min(9 * metrics.averageCharWidth(), area.width() / 3)
    space = metrics.averageCharWidth() / 2
    width = bar + metrics.horizontalAdvance(low) + metrics.horizontalAdvance(high) + 2 * space
    if width > area.width():
        low, width = "", width - metrics.horizontalAdvance(low)
    if width > area.width():
        return
    x = area.right() - width
    painter.setPen(faint(widget, 0.75))
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(x, area.top(), width, area.height()), left, low)
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)
    x += metrics.horizontalAdvance(low) + space
    strip = QRectF(x, area.center().y() - metrics.height() / 5, bar, metrics.height() / 2.5)
    steps = np.linspace(0, 1, 64, dtype=np.float32)[None]
    painter.drawImage(strip, grounded_heat(steps, widget.palette().color(QPalette.ColorRole.Window)))
    painter.setPen(QPen(faint(widget, 0.35), 1))
    painter.drawRect(strip)
    if brightest > evenly:
        x += bar * evenly / brightest
        painter.setPen(QPen(widget.palette().color(QPalette.ColorRole.WindowText), 1.2))
        painter.drawLine(QLineF(x, strip.top() - 2, x, strip.bottom() + 2))


def scale_text(brightest: float, evenly: float) -> str:
    """The same in words, for a tooltip."""
    return QCoreApplication.translate(
        "AttentionView", "The strongest colour is {0}, the largest weight here. The mark is the even share, {1}."
    ).format(percent(brightest), percent(evenly))


def outline(painter: QPainter, rect: QRectF, inner: QColor, outer: QColor) -> None:
    """A frame around a cell that can be seen on any colour."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(outer, 3))
    painter.drawRect(rect)
    painter.setPen(QPen(inner, 1.4))
    painter.drawRect(rect)
