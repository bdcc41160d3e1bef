"""The last faces that the model saw, as it saw them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from demo.shown import Crop, Shown
from demo.theme import faint
from demo.widgets.crop_glass import CropGlass
from demo.widgets.figures import clock, number, seconds_text
from demo.widgets.panel import RADIUS, caption_font, image_of, paint_empty, paint_focus, rounded_pixmap
from engine.config import FACE_RATE_HZ

_GAP = 3.0
_FEWEST = 7
"""Faces that should fit side by side before they grow as high as the strip."""

_MAY_LAG_S = 0.45
"""A face found later than this was not seen; until then its place is not shown."""


class CropStrip(QWidget):
    """One place for each third of a second, the newest at the right; empty where no face was seen.

    Signals
    -------
    seek_wanted : media time of the face that the user chose.
    """

    seek_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown()
        self._newest = 0
        self._faces: dict[int, Crop] = {}
        self._pixmaps: dict[tuple[float, int], tuple[NDArray[np.uint8], QPixmap]] = {}
        self._marked_s: float | None = None
        self._glass = CropGlass(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(self.tr("Faces that the model saw"))

    @property
    def message(self) -> str:
        """What is written where there is no face at all."""
        if self._faces:
            return ""
        if not self._shown.picture.camera:
            return self.tr("Open a recording or go live") if self._shown.kind == "empty" else self.tr("Sound only")
        if "video" not in self._shown.running.used:
            return self.tr("The face is not used by this model")
        return self.tr("No face seen in the last seconds") if self._shown.analysed else self.tr("Not analysed yet")

    @property
    def marked_s(self) -> float | None:
        """Time of the face under the pointer or the keyboard."""
        return self._marked_s

    def show_it(self, shown: Shown) -> None:
        """Show the faces up to the play position."""
        before, self._shown = self._shown, shown
        faces = {round(one.pts_s * FACE_RATE_HZ): one for one in shown.picture.crops}
        newest = max(math.floor((shown.transport.position_s - _MAY_LAG_S) * FACE_RATE_HZ), *faces, 0)
        kept = faces.keys() == self._faces.keys() and all(faces[at].rgb is self._faces[at].rgb for at in faces)
        same_kind = (before.kind, before.analysed) == (shown.kind, shown.analysed)
        same_kind = same_kind and before.picture.camera == shown.picture.camera
        same_kind = same_kind and before.running.used == shown.running.used
        if kept and same_kind and (newest == self._newest or not faces):
            return
        self._newest, self._faces = newest, faces
        if self._marked_s is not None and all(one.pts_s != self._marked_s for one in faces.values()):
            self._mark(None)
        self.setAccessibleDescription(self.message or self.tr("%n face(s)", "", len(faces)))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(36 * unit, 6 * unit)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        unit = self.fontMetrics().height()
        return QSize(10 * unit, round(3.6 * unit))

    def places(self) -> list[tuple[int, QRectF]]:
        """Third of a second and box of each place that fits, from right to left."""
        line = QFontMetricsF(caption_font(self)).height()
        side = min(self.height() - line * 1.15 - 4, max(3.4 * line, (self.width() - 4 + _GAP) / _FEWEST - _GAP))
        side = max(8.0, side)
        count = max(1, int((self.width() - 2 + _GAP) / (side + _GAP)))
        right, top = self.width() - 2.0, max(2.0, (self.height() - side - line * 1.15) / 2)
        return [
            (self._newest - back, QRectF(right - side - back * (side + _GAP), top, side, side)) for back in range(count)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.message:
            detail = "" if self._shown.kind == "empty" else self.tr("Faces appear here as the model sees them.")
            expected = self._shown.picture.camera and "video" in self._shown.running.used
            paint_empty(self, painter, QRectF(self.rect()), self.message, detail if expected else "")
        else:
            for at, place in self.places():
                self._paint_place(painter, at, place)
        if self.hasFocus() and self._marked_s is None:
            paint_focus(self, painter, QRectF(self.rect()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        self._mark(self._crop_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: D102
        self._mark(None)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102
        self._mark(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: D102
        self._mark(None)
        super().focusOutEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: D102
        crop = self._crop_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and crop is not None:
            self.seek_wanted.emit(crop.pts_s)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        key = Qt.Key(event.key())
        visible = [self._faces[at] for at, _ in reversed(self.places()) if at in self._faces]
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End) and visible:
            self._mark(visible[self._moved(key, [one.pts_s for one in visible])])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._marked_s is not None:
            self.seek_wanted.emit(self._marked_s)
        elif key == Qt.Key.Key_Escape and self._marked_s is not None:
            self._mark(None)
        else:
            super().keyPressEvent(event)

    def _moved(self, key: Qt.Key, times_s: list[float]) -> int:
        last = len(times_s) - 1
        if key == Qt.Key.Key_Home:
            return 0
        if key == Qt.Key.Key_End or self._marked_s not in times_s:
            return last
        step = -1 if key == Qt.Key.Key_Left else 1
        return min(max(times_s.index(self._marked_s) + step, 0), last)

    def _crop_at(self, position: QPointF) -> Crop | None:
        at = next((at for at, place in self.places() if place.contains(position)), None)
        return None if at is None else self._faces.get(at)

    def _mark(self, crop: Crop | None) -> None:
        """Enlarge a face and read its time, or put the glass away."""
        marked_s = None if crop is None else crop.pts_s
        if marked_s == self._marked_s:
            return
        self._marked_s = marked_s
        self.update()
        place = None if crop is None else next((box for at, box in self.places() if self._faces.get(at) is crop), None)
        if crop is None or place is None:
            self._glass.hide()
            return
        ago_s = max(0.0, self._shown.transport.position_s - crop.pts_s)
        text = self.tr("{0}, {1} ago").format(clock(crop.pts_s), seconds_text(ago_s))
        self.setAccessibleDescription(text)
        self._glass.show_crop(image_of(crop.rgb), text, self.mapToGlobal(QPoint(round(place.center().x()), 0)))

    def _paint_place(self, painter: QPainter, at: int, place: QRectF) -> None:
        crop = self._faces.get(at)
        if crop is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(faint(self, 0.2), 1.0, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        else:
            painter.drawPixmap(place.topLeft(), self._pixmap(crop, place.size().toSize()))
            if crop.pts_s == self._marked_s:
                paint_focus(self, painter, place.adjusted(-1, -1, 1, 1))
        back = self._newest - at
        if back % round(FACE_RATE_HZ) == 0:
            self._paint_time(painter, place, back / FACE_RATE_HZ)

    def _paint_time(self, painter: QPainter, place: QRectF, ago_s: float) -> None:
        """Once a second, how long ago that is, under the face."""
        font = caption_font(self)
        line = QFontMetricsF(font).height()
        painter.setFont(font)
        painter.setPen(faint(self, 0.66))
        text = self.tr("{0} s").format("\N{MINUS SIGN}" + number(ago_s)) if ago_s else self.tr("now")
        below = QRectF(place.left() - line, place.bottom() + 2, place.width() + 2 * line, line)
        wide = QFontMetricsF(font).horizontalAdvance(text) > place.width()
        side = Qt.AlignmentFlag.AlignRight if wide and not ago_s else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(below if not wide else below.adjusted(0, 0, -line, 0), side, text)

    def _pixmap(self, crop: Crop, size: QSize) -> QPixmap:
        key = (crop.pts_s, size.width())
        known = self._pixmaps.get(key)
        if known is None or known[0] is not crop.rgb:
            if len(self._pixmaps) > 96:
                self._pixmaps.clear()
            known = (crop.rgb, rounded_pixmap(image_of(crop.rgb), size, self.devicePixelRatioF()))
            self._pixmaps[key] = known
        return known[1]
