"""The picture, with the followed face marked and the other faces there to be clicked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from demo.shown import Box, Picture, Shown
from demo.widgets.panel import image_of, paint_empty, paint_focus
from demo.widgets.picture_marks import is_faceless, paint_box, paint_corners, paint_label, paint_no_camera, paint_place
from demo.widgets.recording_badge import badge_text, paint_badge
from engine.types import VideoFrame

_FAR_SMALLER = 0.5
"""Below this scale bilinear drawing would skip pixels, so the picture is averaged once instead."""


class PictureView(QWidget):
    """Shows frames as large as they fit.

    Signals
    -------
    follow_wanted : the middle of another face that the user chose, x and y in pixels of the picture.
    """

    follow_wanted = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._drawn: tuple[VideoFrame, QImage] | None = None
        self._mirrored = False
        self._chosen: int | None = None
        self._pointed: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Picture"))
        self._describe()

    @property
    def mirrored(self) -> bool:
        """Whether left and right are swapped."""
        return self._mirrored

    @property
    def message(self) -> str:
        """What is written where there is no picture, or over one without a face; empty when all is well."""
        picture = self._shown.picture
        if not picture.camera:
            return self.tr("Open a recording or go live") if self._shown.kind == "empty" else self.tr("Sound only")
        if picture.frame is None:
            return self.tr("No picture yet")
        seen = picture.box is not None or not is_faceless(self._shown)
        return "" if seen else self.tr("No face in the picture")

    @property
    def chosen(self) -> int | None:
        """Which of the other faces the keyboard is at."""
        return self._chosen

    def show_it(self, shown: Shown) -> None:
        """Show the picture of this moment."""
        message, before, self._shown = self.message, self._shown, shown
        old, new = before.picture, shown.picture
        if _same(old, new) and message == self.message and badge_text(before) == badge_text(shown):
            return
        if self._chosen is not None and self._chosen >= len(new.others):
            self._chosen = len(new.others) - 1 if new.others else None
        self._describe()
        self.update()

    def setMirrored(self, mirrored: bool) -> None:
        """Show left as right, as a mirror does; boxes and clicks go along."""
        if mirrored != self._mirrored:
            self._mirrored = mirrored
            self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(40 * unit, 24 * unit)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(12 * unit, 8 * unit)

    def place_of(self, box: Box) -> QRectF:
        """Where a box of the picture (x0, y0, x1, y1 in its pixels) is drawn."""
        area, frame = self._area(), self._shown.picture.frame
        if frame is None or area.isEmpty():
            return QRectF()
        width = frame.rgb.shape[1]
        scale = area.width() / width
        x0, y0, x1, y1 = box
        if self._mirrored:
            x0, x1 = width - x1, width - x0
        return QRectF(area.left() + x0 * scale, area.top() + y0 * scale, (x1 - x0) * scale, (y1 - y0) * scale)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        picture, area = self._shown.picture, self._area()
        painter.fillRect(self.rect(), self.palette().window())
        if picture.frame is None:
            self._paint_missing(painter)
        else:
            self._paint_image(painter, self._image_of(picture.frame), area)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index, box in enumerate(picture.others):
                marked = index == self._pointed or (self.hasFocus() and index == self._chosen)
                paint_box(self, painter, self.place_of(box), dotted=True, strong=marked)
            if picture.box is not None:
                paint_box(self, painter, self.place_of(picture.box), dotted=False, strong=True)
            paint_label(self, painter, area, self._hint())
        badge = badge_text(self._shown)
        if badge:
            paint_badge(self, painter, area if picture.frame is not None else QRectF(self.rect()), badge)
        if self.hasFocus() and self._chosen is None:
            paint_focus(self, painter, QRectF(self.rect()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        self._point(self._other_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102
        self._point(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        index = self._other_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._follow(index)

    def event(self, event: QEvent) -> bool:  # noqa: D102
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = "" if self._other_at(QPointF(event.pos())) is None else self.tr("Click to follow this face")
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: D102
        return self._choose(1 if forward else -1) or super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: D102
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._chosen = None
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        key, count = Qt.Key(event.key()), len(self._shown.picture.others)
        if key in steps and count:
            at = self._chosen
            self._chosen = (0 if steps[key] > 0 else count - 1) if at is None else (at + steps[key]) % count
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen is not None:
            self._follow(self._chosen)
        else:
            super().keyPressEvent(event)

    def _choose(self, step: int) -> bool:
        """Let Tab go to the next face; False beyond the last one."""
        count = len(self._shown.picture.others)
        at = step + (self._chosen if self._chosen is not None else (-1 if step > 0 else 0))
        self._chosen = at if 0 <= at < count else None
        self.update()
        return self._chosen is not None

    def _follow(self, index: int) -> None:
        x0, y0, x1, y1 = self._shown.picture.others[index]
        self.follow_wanted.emit((x0 + x1) / 2, (y0 + y1) / 2)

    def _point(self, index: int | None) -> None:
        if index != self._pointed:
            self._pointed = index
            self.setCursor(Qt.CursorShape.ArrowCursor if index is None else Qt.CursorShape.PointingHandCursor)
            self.update()

    def _other_at(self, position: QPointF) -> int | None:
        boxes = self._shown.picture.others
        return next((at for at, box in enumerate(boxes) if self.place_of(box).contains(position)), None)

    def _area(self) -> QRectF:
        """Where the picture is drawn: as large as fits, in the middle."""
        frame = self._shown.picture.frame
        if frame is None:
            return QRectF()
        whole = QRectF(self.rect())
        height, width = frame.rgb.shape[:2]
        size = QSizeF(width, height).scaled(whole.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRectF(QPointF(), size)
        area.moveCenter(whole.center())
        return area

    def _image_of(self, frame: VideoFrame) -> QImage:
        """The frame as Qt draws it; made when it is painted, so a hidden view costs nothing."""
        if self._drawn is None or self._drawn[0] is not frame:
            self._drawn = (frame, image_of(frame.rgb))
        return self._drawn[1]

    def _paint_image(self, painter: QPainter, image: QImage, area: QRectF) -> None:
        scale = area.width() * self.devicePixelRatioF() / image.width()
        if scale < _FAR_SMALLER:
            size = (area.size() * self.devicePixelRatioF()).toSize()
            image = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._mirrored:
            painter.setTransform(QTransform(-1, 0, 0, 1, 2 * area.center().x(), 0))
        painter.drawImage(area, image)
        painter.resetTransform()
        paint_corners(self, painter, area)

    def _hint(self) -> str:
        """What is written over the picture: what another face is good for, or that there is none at all."""
        if self._pointed is not None and self._pointed < len(self._shown.picture.others):
            return self.tr("Click to follow this face")
        if self._chosen is not None and self.hasFocus():
            return self.tr("Enter: follow this face")
        return self.message

    def _paint_missing(self, painter: QPainter) -> None:
        detail = ""
        paint_place(self, painter, QRectF(self.rect()))
        if not self._shown.picture.camera and self._shown.kind != "empty":
            detail = self.tr("There is no camera in this stream. Voice and words are read all the same.")
            paint_no_camera(self, painter, QRectF(self.rect()))
        paint_empty(self, painter, QRectF(self.rect()), self.message, detail)

    def _describe(self) -> None:
        others = len(self._shown.picture.others)
        text = self.message or (self.tr("One face is followed") if self._shown.picture.box else self.tr("Picture"))
        if others:
            text += ". " + self.tr("%n other face(s): arrows choose one, Enter follows it", "", others)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)


def _same(old: Picture, new: Picture) -> bool:
    if old.frame is not new.frame or old.camera != new.camera:
        return False
    return old.box == new.box and old.others == new.others
