"""Attune's mark: seven bars in the colours of the emotions."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from demo.theme import emotion_colour
from engine.config import EMOTIONS

_HEIGHTS = (0.35, 0.55, 0.75, 1.0, 0.8, 0.5, 0.65)


class Mark(QWidget):
    """A small picture without meaning beyond the name."""

    def sizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(round(unit * 5.4), unit * 4)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        pitch = self.width() / len(EMOTIONS)
        width = pitch * 0.56
        for place, (name, share) in enumerate(zip(EMOTIONS, _HEIGHTS, strict=True)):
            height = self.height() * share
            top = (self.height() - height) / 2
            painter.setBrush(emotion_colour(name))
            painter.drawRoundedRect(
                QRectF(pitch * place + (pitch - width) / 2, top, width, height), width / 2, width / 2
            )
