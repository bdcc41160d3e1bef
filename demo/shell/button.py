"""The one kind of button that the window has: a sign, a text or both, calm until the pointer is on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolButton, QWidget

from demo.shell.shapes import shape


class Button(QToolButton):
    """Draws itself from its font and palette, so that it fits any size and theme.

    Parameters
    ----------
    sign : name of a shape, or "".
    text : shown right of the sign, or "".
    name : what screen readers and the tooltip say.
    primary : filled with the accent: the one thing that is most likely wanted.
    menu_mark : a small triangle that says that something opens.
    quiet : draws no ground of its own unless the pointer is on it.
    """

    def __init__(
        self,
        sign: str = "",
        text: str = "",
        *,
        name: str = "",
        primary: bool = False,
        menu_mark: bool = False,
        quiet: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sign = sign
        self._primary = primary
        self._menu_mark = menu_mark
        self._quiet = quiet
        self._over = False
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def sign(self) -> str:
        """Name of the shape that it shows."""
        return self._sign

    def show_sign(self, sign: str) -> None:
        """Show another shape."""
        if sign != self._sign:
            self._sign = sign
            self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        metrics = self.fontMetrics()
        height = round(metrics.height() * 1.75)
        width = 2 * self._padding(metrics)
        if self._sign:
            width += self._sign_size(metrics)
        if self.text():
            width += metrics.horizontalAdvance(self.text()) + (self._gap(metrics) if self._sign else 0)
        if self._menu_mark:
            width += round(metrics.height() * 0.8)
        return QSize(max(width, height), height)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: D102
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102
        self._over = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        ink = self._draw_ground(painter)
        painter.setPen(ink)
        used = self._natural_width(metrics)
        x = (self.width() - used) / 2
        if self._sign:
            size = self._sign_size(metrics)
            painter.save()
            painter.translate(x, (self.height() - size) / 2)
            painter.scale(size, size)
            painter.fillPath(shape(self._sign), ink)
            painter.restore()
            x += size + self._gap(metrics)
        if self.text():
            width = metrics.horizontalAdvance(self.text())
            painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
            x += width + self._gap(metrics)
        if self._menu_mark:
            self._draw_mark(painter, x, metrics.height() * 0.34, ink)

    def _draw_ground(self, painter: QPainter) -> QColor:
        """Ground and focus ring; returns the colour of what goes on top."""
        palette = self.palette()
        role = QPalette.ColorRole
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = min(self.height() * 0.22, 9.0)
        ink = palette.color(role.ButtonText)
        ground: QColor | None = None if self._quiet else palette.color(role.Button)
        if self._primary and self.isEnabled():
            ground, ink = palette.color(role.Highlight), palette.color(role.HighlightedText)
            if self._over:
                ground = ground.lighter(108)
        elif self.isChecked():
            ground = QColor(palette.color(role.Highlight))
            ground.setAlpha(56)
        elif self.isEnabled() and (self._over or self.isDown()):
            ground = palette.color(role.Mid if self.isDown() else role.Midlight)
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(area, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(palette.color(role.Highlight))
            painter.drawRoundedRect(area, radius, radius)
        return ink

    def _draw_mark(self, painter: QPainter, x: float, size: float, ink: QColor) -> None:
        painter.save()
        painter.translate(x + size, (self.height() - size * 0.6) / 2)
        painter.rotate(90)
        painter.scale(size * 0.7, size)
        painter.fillPath(shape("play"), ink)
        painter.restore()

    def _natural_width(self, metrics: QFontMetrics) -> float:
        width = float(self._sign_size(metrics)) if self._sign else 0.0
        if self.text():
            width += metrics.horizontalAdvance(self.text()) + (self._gap(metrics) if self._sign else 0)
        return width + (self._gap(metrics) + metrics.height() * 0.34 if self._menu_mark else 0)

    def _padding(self, metrics: QFontMetrics) -> int:
        return round(metrics.height() * (0.7 if self.text() else 0.4))

    @staticmethod
    def _gap(metrics: QFontMetrics) -> int:
        return round(metrics.height() * 0.4)

    @staticmethod
    def _sign_size(metrics: QFontMetrics) -> int:
        return round(metrics.height() * 0.95)
