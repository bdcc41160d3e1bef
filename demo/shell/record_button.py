"""The round red button that begins a recording, and the red one that ends it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from demo.shell.button import Button
from demo.theme import live_colour


class RecordButton(Button):
    """A red dot in a ring, as on every recorder; filled with red, with a white square, while it records."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("dot", self.tr("Record"), quiet=False, parent=parent)
        self._on = False
        self.setCheckable(False)
        self.show_on(False)

    @property
    def on(self) -> bool:
        """Whether pressing it ends a recording."""
        return self._on

    def show_on(self, on: bool) -> None:
        """Show whether something is being recorded."""
        self._on = on
        self.setText(self.tr("Stop recording") if on else self.tr("Record"))
        name = (
            self.tr("End the recording; camera and microphone stay on (Ctrl+R)")
            if on
            else self.tr("Record picture, sound and all that is found (Ctrl+R)")
        )
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        red = live_colour(self.palette())
        ink = self._draw_ground(painter)
        if self._on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(red.darker(112) if self.underMouse() else red)
            area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
            ink = QColor("#FFFFFF") if red.lightness() < 150 else QColor("#1B0A09")
        x = (self.width() - self._natural_width(metrics)) / 2
        self._draw_sign(painter, QPointF(x + self._sign_size(metrics) / 2, self.height() / 2), red, ink)
        x += self._sign_size(metrics) + self._gap(metrics)
        painter.setPen(ink)
        painter.drawText(QRectF(x, 0, self.width() - x, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self.text())

    def _draw_sign(self, painter: QPainter, centre: QPointF, red: QColor, ink: QColor) -> None:
        size = float(self._sign_size(self.fontMetrics()))
        if self._on:
            side = size * 0.58
            painter.setBrush(ink)
            painter.drawRoundedRect(QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side), 2, 2)
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(red if self.isEnabled() else ink, size * 0.1))
        painter.drawEllipse(centre, size * 0.5, size * 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(red if self.isEnabled() else ink)
        painter.drawEllipse(centre, size * 0.33, size * 0.33)
