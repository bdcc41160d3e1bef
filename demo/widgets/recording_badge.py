"""The red sign over the picture while it is being recorded, so that nobody in front of the camera misses it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from demo.clock_text import clock_text
from demo.shown import Shown
from demo.widgets.panel import scaled_font

_RED = QColor("#CF2F27")


def badge_text(shown: Shown) -> str:
    """What the sign says; empty while nothing is recorded."""
    if not shown.recording.on:
        return ""
    return QCoreApplication.translate("PictureView", "Recording {0}").format(clock_text(shown.recording.seconds))


def paint_badge(widget: QWidget, painter: QPainter, area: QRectF, text: str) -> None:
    """A pill with a white dot in the upper left corner of the picture."""
    font = scaled_font(widget.font(), 1.0, bold=True)
    metrics = QFontMetricsF(font)
    line = metrics.height()
    pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 2.1 * line, 1.6 * line)
    pill.moveTopLeft(area.topLeft() + QPointF(0.6 * line, 0.6 * line))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_RED)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setBrush(QColor("#FFFFFF"))
    painter.drawEllipse(QPointF(pill.left() + 0.9 * line, pill.center().y()), 0.28 * line, 0.28 * line)
    painter.setFont(font)
    painter.setPen(QColor("#FFFFFF"))
    painter.drawText(pill.adjusted(1.45 * line, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
