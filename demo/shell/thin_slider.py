"""A thin horizontal slider: a click jumps there, a drag follows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSlider, QWidget


class ThinSlider(QSlider):
    """A QSlider, so that screen readers and keys know it, drawn calmly and with jumps on click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._over = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(unit * 5, round(unit * 1.6))

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(unit * 3, round(unit * 1.6))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        if event.button() == Qt.MouseButton.LeftButton and self.isEnabled():
            self.setSliderDown(True)
            self.setSliderPosition(self.value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        if self.isSliderDown():
            self.setSliderPosition(self.value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: D102
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102
        self._over = False
        self.update()
        super().leaveEvent(event)

    def value_at(self, x: float) -> int:
        """The value under a point of the widget."""
        track = self.track()
        share = (x - track.left()) / max(track.width(), 1.0)
        return self.minimum() + round(min(max(share, 0.0), 1.0) * (self.maximum() - self.minimum()))

    def x_of(self, value: float) -> float:
        """Where a value lies."""
        track = self.track()
        span = max(self.maximum() - self.minimum(), 1)
        return track.left() + track.width() * min(max((value - self.minimum()) / span, 0.0), 1.0)

    def track(self) -> QRectF:
        """The line that the handle slides on."""
        unit = self.fontMetrics().height()
        thickness = max(3.0, unit * 0.26)
        margin = unit * 0.45
        return QRectF(margin, (self.height() - thickness) / 2, self.width() - 2 * margin, thickness)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        role = QPalette.ColorRole
        palette, track = self.palette(), self.track()
        radius = track.height() / 2
        painter.setBrush(palette.color(role.Mid))
        painter.drawRoundedRect(track, radius, radius)
        self.paint_below(painter, track)
        accent = palette.color(role.Highlight if self.isEnabled() else role.Dark)
        x = self.x_of(self.sliderPosition())
        painter.setBrush(accent)
        painter.drawRoundedRect(QRectF(track.left(), track.top(), x - track.left(), track.height()), radius, radius)
        if self.isEnabled():
            grown = 1.25 if self._over or self.isSliderDown() else 1.0
            self._paint_handle(painter, QPointF(x, track.center().y()), track.height() * 1.35 * grown, accent)

    def paint_below(self, painter: QPainter, track: QRectF) -> None:
        """Draw what belongs on the track under the part that has passed."""

    def _paint_handle(self, painter: QPainter, centre: QPointF, radius: float, accent: QColor) -> None:
        painter.setBrush(accent)
        painter.drawEllipse(centre, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(accent)
            painter.drawEllipse(centre, radius + 2.5, radius + 2.5)
            painter.setPen(Qt.PenStyle.NoPen)
