"""A face enlarged beside the pointer, with a line under it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from demo.theme import faint
from demo.widgets.panel import caption_font, rounded_pixmap

_LINES = 10
"""Side of the enlarged face in lines of text."""


class CropGlass(QWidget):
    """Floats above a point of the screen, like a tooltip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self._beside = parent
        self._image = QImage()
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def text(self) -> str:
        """The line under the face."""
        return self._text

    def show_crop(self, image: QImage, text: str, above: QPoint) -> None:
        """Show a face with its middle above a point of the screen, or below it where there is no room."""
        self._image, self._text = image, text
        line = QFontMetricsF(caption_font(self)).height()
        pad = round(line * 0.4)
        side = round(line * _LINES)
        size = QSize(side + 2 * pad, round(side + 2 * pad + 1.3 * line))
        top_left = above - QPoint(size.width() // 2, size.height() + pad)
        screen = self.screen().availableGeometry()
        if top_left.y() < screen.top():
            top_left.setY(above.y() + self._beside.height() + pad)
        top_left.setX(max(screen.left(), min(top_left.x(), screen.right() - size.width())))
        self.setGeometry(top_left.x(), top_left.y(), size.width(), size.height())
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Window))
        painter.setPen(QPen(faint(self, 0.25), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        font = caption_font(self)
        line = QFontMetricsF(font).height()
        pad, side = round(line * 0.4), round(line * _LINES)
        painter.drawPixmap(QPointF(pad, pad), rounded_pixmap(self._image, QSize(side, side), self.devicePixelRatioF()))
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        below = QRectF(0, pad + side, self.width(), self.height() - pad - side)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._text)
