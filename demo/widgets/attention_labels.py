"""Labels along the sides of the attention map: seconds of voice, pictures of faces, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.shown import Crop
from demo.theme import faint
from demo.widgets.attention_axis import Axis, ticks
from demo.widgets.attention_words import column_words_room, draw_column_words, draw_row_words, row_words_room
from demo.widgets.figures import clock
from engine.types import FloatArray, Word

Side = Literal["rows", "columns"]

_SAME_FACE_S = 0.05


@dataclass(frozen=True, slots=True)
class Labels:
    """What stands along one side of a map.

    Attributes
    ----------
    side : "rows" stand left of the map, "columns" below it.
    axis : positions along that side.
    area : where the labels may be drawn; it touches the map.
    words, crops : of the window.
    priority : [n] how much each position matters, where not all labels fit.
    chosen : the position whose label stands out.
    """

    side: Side
    axis: Axis
    area: QRectF
    words: Sequence[Word]
    crops: Sequence[Crop]
    priority: FloatArray
    chosen: int | None


def face_image(crops: Sequence[Crop], seconds: float) -> QImage | None:
    """The face that the model saw at a media time."""
    crop = min(crops, key=lambda one: abs(one.pts_s - seconds), default=None)
    if crop is None or abs(crop.pts_s - seconds) > _SAME_FACE_S:
        return None
    rgb = np.ascontiguousarray(crop.rgb)
    height, width = rgb.shape[:2]
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def room(widget: QWidget, side: Side, modality: str, words: Sequence[Word], size: tuple[float, float]) -> float:
    """Pixels that labels need beside a map of about ``size``: width left of it, height below it."""
    metrics = QFontMetricsF(widget.font())
    line = metrics.height()
    if modality == "audio":
        return metrics.horizontalAdvance("00:00.0") + 0.5 * line if side == "rows" else 1.5 * line
    if modality == "video":
        return float(np.clip(min(size) / 7, 1.7 * line, 4 * line)) + 0.5 * line
    return row_words_room(metrics, words, size[0]) if side == "rows" else column_words_room(metrics, words, size)


def draw_labels(painter: QPainter, widget: QWidget, labels: Labels) -> None:
    """Draw the labels of one side."""
    if labels.axis.modality == "audio":
        _draw_seconds(painter, widget, labels)
    elif labels.axis.modality == "video":
        _draw_faces(painter, widget, labels)
    else:
        texts = [one.text for one in labels.words]
        draw = draw_row_words if labels.side == "rows" else draw_column_words
        draw(painter, widget, labels.axis, labels.area, texts, labels.priority, labels.chosen)


def _draw_seconds(painter: QPainter, widget: QWidget, labels: Labels) -> None:
    metrics = QFontMetricsF(widget.font())
    axis, area, line = labels.axis, labels.area, metrics.height()
    each = metrics.horizontalAdvance("00:00.0") * 1.4 if labels.side == "columns" else 2 * line
    painter.setPen(faint(widget, 0.75))
    for t in ticks(*axis.span_s, most=int(axis.length / each)):
        at = axis.pixel(t)
        if labels.side == "columns":
            painter.drawLine(QLineF(at, area.top(), at, area.top() + line / 4))
            box = QRectF(at - each / 2, area.top() + line / 3, each, line)
            box.moveLeft(min(max(box.left(), area.left() - each / 3), area.right() - box.width() + each / 6))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, clock(t))
        else:
            painter.drawLine(QLineF(area.right() - line / 4, at, area.right(), at))
            top = min(max(at - line / 2, area.top() - line / 4), area.bottom() - 0.75 * line)
            box = QRectF(area.left(), top, area.width() - 0.4 * line, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, clock(t))


def _draw_faces(painter: QPainter, widget: QWidget, labels: Labels) -> None:
    """As many faces as fit without covering each other, at an even stride that includes the chosen one."""
    axis, area = labels.axis, labels.area
    rows = labels.side == "rows"
    gap = QFontMetricsF(widget.font()).height() / 4
    edge = (area.width() if rows else area.height()) - 2 * gap
    centres = axis.centres()
    pitch = float(np.median(np.diff(centres))) if len(centres) > 1 else edge
    stride = max(1, int(np.ceil((edge + 1) / max(pitch, 1e-6))))
    first = 0 if labels.chosen is None else labels.chosen % stride
    accent = widget.palette().color(QPalette.ColorRole.Highlight)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    free = axis.origin
    for index in range(first, len(centres), stride):
        low = min(max(centres[index] - edge / 2, axis.origin), axis.origin + axis.length - edge)
        if low < free - 1 and index != labels.chosen:  # the one before was pushed in from the edge
            continue
        free = low + edge
        image = face_image(labels.crops, float(axis.times_s[index]))
        box = QRectF(area.right() - edge - gap, low, edge, edge) if rows else QRectF(low, area.top() + gap, edge, edge)
        if image is None:
            painter.fillRect(box, faint(widget, 0.15))
        else:
            painter.drawImage(box, image)
        if index == labels.chosen:
            painter.setPen(QPen(accent, 2))
            painter.drawRect(box)
