"""Large type for a room: picture, bars, top emotion and transcript, and nothing else."""

from __future__ import annotations

from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from demo.bridge import Bridge
from demo.shown import Shown
from demo.widgets.emotion import EmotionView
from demo.widgets.picture import PictureView
from demo.widgets.words import WordsView

_LINES = 27
"""Lines of text that fit the height of the window: legible from ten times that height away."""


class Presentation(QWidget):
    """The page that fills the screen. Its views size themselves by the font, which grows with the window."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PictureView()
        self.emotion = EmotionView()
        self.words = WordsView()
        self.picture.follow_wanted.connect(bridge.follow)
        self.words.seek_wanted.connect(bridge.seek)
        grid = QGridLayout(self)
        grid.addWidget(self.picture, 0, 0)
        grid.addWidget(self.emotion, 0, 1)
        grid.addWidget(self.words, 1, 0, 1, 2)
        grid.setColumnStretch(0, 11)
        grid.setColumnStretch(1, 9)
        grid.setRowStretch(0, 11)
        grid.setRowStretch(1, 4)
        self._grid = grid

    def show_it(self, shown: Shown) -> None:
        """Show what there is now."""
        for view in (self.picture, self.emotion, self.words):
            view.show_it(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102
        super().resizeEvent(event)
        pixels = max(12, round(min(self.height(), self.width() * 0.62) / _LINES / 1.2))
        font = QFont(self.font())
        if font.pixelSize() != pixels:
            font.setPixelSize(pixels)
            self.setFont(font)
            self._grid.setContentsMargins(pixels, pixels, pixels, pixels // 2)
            self._grid.setSpacing(pixels)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        QPainter(self).fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
