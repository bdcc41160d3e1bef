"""The signs in the rows of the health view: how full a queue is, and what is wrong."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from demo.theme import faint, warning_colour
from demo.widgets.panel import caption_font


def draw_queue(painter: QPainter, widget: QWidget, box: QRectF, filled: float) -> None:
    """A bar that is filled to a share of 0..1."""
    painter.fillRect(box, faint(widget, 0.12))
    share = min(max(filled, 0.0), 1.0)
    painter.fillRect(QRectF(box.left(), box.top(), box.width() * share, box.height()), faint(widget, 0.6))


def draw_problem(painter: QPainter, widget: QWidget, box: QRectF, problem: str) -> None:
    """A word on a tinted ground, with a sign before it."""
    font = caption_font(widget)
    metrics = QFontMetricsF(font)
    text = metrics.elidedText(_signed(problem), Qt.TextElideMode.ElideRight, box.width() - 8)
    tag = QRectF(box.left(), box.center().y() - 0.65 * metrics.height(), 0, 1.3 * metrics.height())
    tag.setWidth(min(metrics.horizontalAdvance(text) + 10, box.width()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    wash = warning_colour(widget.palette())
    wash.setAlpha(50)
    painter.setBrush(wash)
    painter.drawRoundedRect(tag, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(font)
    painter.setPen(widget.palette().color(QPalette.ColorRole.WindowText))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)


def tag_width(widget: QWidget, problem: str) -> float:
    """What `draw_problem` takes."""
    return QFontMetricsF(caption_font(widget)).horizontalAdvance(_signed(problem)) + 10


def _signed(problem: str) -> str:
    return QCoreApplication.translate("HealthPage", "! {0}").format(problem)
