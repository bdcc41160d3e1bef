"""How large a window is when it opens for the first time."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

_USUAL = QSize(1280, 800)
_SMALLEST = QSize(960, 600)


def place(window: QWidget) -> None:
    """Centre it on its screen, at the usual size or as large as the screen allows; larger where type is larger."""
    window.setMinimumSize(QSize(640, 420))
    screen = window.screen().availableGeometry()
    scale = max(1.0, window.fontMetrics().height() / 17)
    size = (_USUAL * scale).expandedTo(_SMALLEST).boundedTo(screen.size())
    window.resize(size)
    window.move(screen.center() - window.rect().center())
