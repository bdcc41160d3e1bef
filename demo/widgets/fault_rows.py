"""All that went wrong in a session, by its media time, for reading again."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from demo.clock_text import clock_text
from demo.messages import said
from demo.theme import faint, warning_colour
from demo.widgets.figures import tabular
from demo.widgets.panel import caption_font
from engine.faults import Fault

_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


def heading() -> str:
    """What stands above them."""
    return QCoreApplication.translate("HealthView", "what went wrong in this session")


def fault_line(fault: Fault) -> str:
    """One of them in words."""
    return f"{clock_text(fault.pts_s)}  {said(fault.text)}"


def draw_faults(painter: QPainter, widget: QWidget, top: float, faults: tuple[Fault, ...]) -> float:
    """Draw them below each other, the newest first; what lasts has a bar before it. Returns where they end."""
    font = widget.font()
    line = QFontMetricsF(font).height()
    painter.setFont(caption_font(widget))
    painter.setPen(faint(widget, 0.7))
    left, right = 0.7 * line, widget.width() - 0.7 * line
    painter.drawText(QRectF(left, top, right - left, 1.3 * line), _FLAGS, heading())
    y = top + 1.6 * line
    time_width = QFontMetricsF(tabular(font)).horizontalAdvance("0:00:00") + 0.4 * line
    for fault in reversed(faults):
        text = said(fault.text)
        area = QRectF(left + time_width, y, max(right - left - time_width, 4 * line), 1e5)
        height = QFontMetricsF(font).boundingRect(area, _FLAGS, text).height()
        painter.setFont(tabular(font))
        painter.setPen(faint(widget, 0.75))
        painter.drawText(QRectF(left, y, time_width, height), _FLAGS, clock_text(fault.pts_s))
        if fault.lasting:
            painter.fillRect(QRectF(left - 0.45 * line, y, 0.18 * line, height), warning_colour(widget.palette()))
        painter.setFont(font)
        painter.setPen(widget.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(QRectF(area.left(), y, area.width(), height + 2), _FLAGS, text)
        y += height + 0.5 * line
    return y
