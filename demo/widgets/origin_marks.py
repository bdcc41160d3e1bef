"""The sign of a modality on its mute button: a dot of its colour, struck out where it is muted."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPalette, QPen, QPixmap

from demo.theme import modality_colour

_SIDE = 48


def modality_icon(modality: str, palette: QPalette, *, muted: bool) -> QIcon:
    """An icon for a button."""
    pixmap = QPixmap(_SIDE, _SIDE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = modality_colour(modality, palette)
    box = QRectF(pixmap.rect()).adjusted(9, 9, -9, -9)
    painter.setPen(QPen(colour, 6))
    if not muted:
        painter.setBrush(colour)
    painter.drawEllipse(box)
    if muted:
        painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 6))
        painter.drawLine(QLineF(4, _SIDE - 4, _SIDE - 4, 4))
    painter.end()
    return QIcon(pixmap)
