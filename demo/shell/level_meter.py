"""How loud the microphone is: a bar over 60 dB that turns to the warning colour where it clips."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from demo.theme import warning_colour

_LOWEST_DB = -60.0
_CLIPS_DB = -1.0


class LevelMeter(QWidget):
    """Level in dB re full scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level_db: float | None = None
        self._steps = -1
        self.setAccessibleName(self.tr("Microphone level"))
        self.setToolTip(self.tr("Level of the microphone"))

    @property
    def level_db(self) -> float | None:
        """What is shown; None without a microphone."""
        return self._level_db

    def show_level(self, level_db: float | None) -> None:
        """Show a level; draws anew only where it makes a difference."""
        self._level_db = level_db
        steps = -1 if level_db is None else round(self._share(level_db) * self.width())
        if steps != self._steps:
            self._steps = steps
            text = self.tr("no microphone") if level_db is None else self.tr("{0} dB").format(round(level_db))
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(unit * 6, unit)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        thickness = max(3.0, self.fontMetrics().height() * 0.3)
        area = QRectF(0, (self.height() - thickness) / 2, self.width(), thickness)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(area, thickness / 2, thickness / 2)
        if self._level_db is None:
            return
        clips = self._level_db > _CLIPS_DB
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setBrush(warning_colour(self.palette()) if clips else accent)
        area.setWidth(area.width() * self._share(self._level_db))
        painter.drawRoundedRect(area, thickness / 2, thickness / 2)

    @staticmethod
    def _share(level_db: float) -> float:
        return min(max((level_db - _LOWEST_DB) / -_LOWEST_DB, 0.0), 1.0) if level_db == level_db else 0.0
