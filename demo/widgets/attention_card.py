"""What is under the crosshair of the attention map: who looks, at what, and how much."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.shown import Crop
from demo.theme import faint, modality_colour
from demo.widgets.attention_labels import face_image
from demo.widgets.figures import percent, times_text
from demo.widgets.gaze_text import source_place, target_place
from demo.widgets.panel import scaled_font
from engine.gaze import Gaze

_NARROW = 30
"""A map narrower than this, in lines of text, gets a smaller card."""


def draw_card(painter: QPainter, widget: QWidget, point: QPointF, gaze: Gaze, crops: Sequence[Crop]) -> None:
    """Draw the card of a pair beside ``point``, inside the widget and away from the pair."""
    narrow = widget.width() < _NARROW * QFontMetricsF(widget.font()).height()
    factor = 0.86 if narrow else 1.0
    font, strong = scaled_font(widget.font(), factor), scaled_font(widget.font(), factor, bold=True)
    metrics, line = QFontMetricsF(font), QFontMetricsF(font).height()
    rows = [
        (gaze.target, target_place(gaze), _face(crops, gaze.target, gaze.target_s)),
        (gaze.source, _tr("looks at {0}").format(source_place(gaze)), _face(crops, gaze.source, gaze.source_s)),
    ]
    figure = _tr("{0} · {1} even").format(percent(gaze.weight), times_text(gaze.times_even))
    side = (2.6 if narrow else 4.0) * line
    heights = [1.3 * line if face is None else side for _, _, face in rows]
    picture = side if any(face is not None for _, _, face in rows) else 0.2 * line
    widths = [metrics.horizontalAdvance(text) for _, text, _ in rows]
    widest = max(*widths, QFontMetricsF(strong).horizontalAdvance(figure))
    box = QRectF(0, 0, picture + widest + 1.7 * line, sum(heights) + 2.2 * line)
    _place(box, point, QRectF(widget.rect()), line)
    _draw_ground(painter, widget, box)
    text_left = box.left() + picture + 1.0 * line
    top = box.top() + 0.4 * line
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for (modality, text, face), height in zip(rows, heights, strict=True):
        if face is not None:
            painter.drawImage(QRectF(box.left() + 0.5 * line, top + 1, side - 2, side - 2), face)
        else:
            mark = QRectF(box.left() + 0.3 * line + picture, top + 0.2 * line, 0.22 * line, 0.9 * line)
            painter.fillRect(mark, modality_colour(modality, widget.palette()))
        painter.setPen(widget.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(QRectF(text_left, top, widest + 2, height), Qt.AlignmentFlag.AlignVCenter, text)
        top += height
    painter.setFont(strong)
    painter.drawText(QRectF(text_left, top, widest + 2, 1.6 * line), Qt.AlignmentFlag.AlignVCenter, figure)
    painter.setFont(widget.font())


def _face(crops: Sequence[Crop], modality: str, seconds: float) -> QImage | None:
    return face_image(crops, seconds) if modality == "video" else None


def _place(box: QRectF, point: QPointF, bounds: QRectF, away: float) -> None:
    """Beside the point, on the side where there is room."""
    right, below = point.x() < bounds.center().x(), point.y() < bounds.center().y()
    box.moveLeft(point.x() + away if right else point.x() - away - box.width())
    box.moveTop(point.y() + away if below else point.y() - away - box.height())
    box.moveLeft(max(bounds.left() + 2, min(box.left(), bounds.right() - box.width() - 2)))
    box.moveTop(max(bounds.top() + 2, min(box.top(), bounds.bottom() - box.height() - 2)))


def _draw_ground(painter: QPainter, widget: QWidget, box: QRectF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faint(widget, 0.45), 1))
    painter.setBrush(widget.palette().color(QPalette.ColorRole.AlternateBase))
    painter.drawRoundedRect(box, 5, 5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _tr(text: str) -> str:
    return QCoreApplication.translate("AttentionView", text)
