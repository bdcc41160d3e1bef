"""The attention map: who looks on rows, what is looked at on columns, both on media time."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from demo.widgets.attention_card import draw_card
from demo.widgets.attention_drawing import draw_crosshair, draw_map
from demo.widgets.attention_look import Grid, Look, grid_of
from demo.widgets.gaze_text import pair_text
from demo.widgets.panel import paint_empty, paint_focus
from engine.gaze import Gaze, gaze_at

_ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_NOT_CURRENT = 0.4
"""Opacity of a map that does not belong to the present moment."""


class AttentionMapCanvas(QWidget):
    """Draws one map, and reads it under the pointer or under a crosshair that the arrow keys move.

    Signals
    -------
    seek_wanted : media time of the source of a clicked pair; with shift that of its target.
    pair_read : what is under the crosshair, in words; empty where there is none.
    """

    seek_wanted = Signal(float)
    pair_read = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: Look | None = None
        self._message = ""
        self._cell: tuple[int, int] | None = None
        self._grid: Grid | None = None
        self._picture: tuple[object, QPixmap] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Attention map"))

    def sizeHint(self) -> QSize:
        """Wide enough to read some ten words."""
        line = self.fontMetrics().height()
        return QSize(26 * line, 20 * line)

    def minimumSizeHint(self) -> QSize:
        """Where little more than the picture is left."""
        line = self.fontMetrics().height()
        return QSize(12 * line, 9 * line)

    @property
    def cell(self) -> tuple[int, int] | None:
        """Row and column under the crosshair."""
        return self._cell

    @property
    def message(self) -> str:
        """What is said in place of a map."""
        return self._message

    def show_look(self, look: Look | None, message: str = "") -> None:
        """Show a map; or, without one, a message that says why there is none."""
        before, self._look, self._message = self._look, look, message
        self._picture = self._grid = None
        self.setCursor(Qt.CursorShape.ArrowCursor if look is None else Qt.CursorShape.CrossCursor)
        if self._cell is not None:
            self._set_cell(self._moved(before, look))
        self.update()

    def gaze(self) -> Gaze | None:
        """The pair under the crosshair."""
        if self._look is None or self._cell is None:
            return None
        return gaze_at(self._look.map, self._look.words, self._look.head, *self._cell)

    def cell_centre(self, row: int, column: int) -> QPointF:
        """Where a pair is drawn."""
        return self._layout().centre(row, column)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The axes follow the size."""
        self._grid = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map from its picture, and the crosshair over it."""
        painter = QPainter(self)
        look = self._look
        if look is None:
            paint_empty(self, painter, QRectF(self.rect()), self._message)
            return
        painter.drawPixmap(0, 0, self._drawn(look))
        gaze = self.gaze()
        if gaze is not None and self._cell is not None:
            draw_crosshair(painter, self, self._layout(), self._cell)
            draw_card(painter, self, self.cell_centre(*self._cell), gaze, look.crops)
        if self.hasFocus():
            paint_focus(self, painter, QRectF(self.rect()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the pair under the pointer."""
        self._set_cell(self._cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Stop reading."""
        self._set_cell(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek to the source of the pair; with shift to its target."""
        cell = self._cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._set_cell(cell)
            self._seek(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the crosshair, Enter seeks as a click does, Escape puts it away."""
        key = Qt.Key(event.key())
        if self._look is not None and key in _ARROWS:
            rows, columns = self._look.weights.shape
            down, right = _ARROWS[key]
            row, column = self._cell or self._look.strongest
            if self._cell is not None:
                row, column = min(max(row + down, 0), rows - 1), min(max(column + right, 0), columns - 1)
            self._set_cell((row, column))
        elif self._cell is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._seek(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif self._cell is not None and key == Qt.Key.Key_Escape:
            self._set_cell(None)
        else:
            super().keyPressEvent(event)

    def _seek(self, to_target: bool) -> None:
        gaze = self.gaze()
        if gaze is not None:
            self.seek_wanted.emit(gaze.target_s if to_target else gaze.source_s)

    def _set_cell(self, cell: tuple[int, int] | None) -> None:
        self._cell = cell
        gaze = self.gaze()
        text = "" if gaze is None else pair_text(gaze)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            self.pair_read.emit(text)
            self.update()

    def _moved(self, before: Look | None, look: Look | None) -> tuple[int, int] | None:
        """The pair under the crosshair after the map has changed: the same instants, as near as there are."""
        if before is None or look is None or self._cell is None:
            return None
        if (before.map.target, before.map.source) != (look.map.target, look.map.source):
            return None
        row, column = self._cell
        times = (look.map.target_times_s, look.map.source_times_s)
        wanted = (before.map.target_times_s[row], before.map.source_times_s[column])
        near = [int(np.abs(some - one).argmin()) for some, one in zip(times, wanted, strict=True)]
        return near[0], near[1]

    def _cell_at(self, point: QPointF) -> tuple[int, int] | None:
        return None if self._look is None else self._layout().at(point)

    def _layout(self) -> Grid:
        """Where the cells are; only while there is a map."""
        assert self._look is not None
        if self._grid is None:
            self._grid = grid_of(self, self._look)
        return self._grid

    def _drawn(self, look: Look) -> QPixmap:
        """Everything but the crosshair; made once for a map, a size and a palette."""
        ratio = self.devicePixelRatioF()
        key = (id(look), self.size(), ratio, self.palette().cacheKey(), self.font().key())
        if self._picture is None or self._picture[0] != key:
            self._grid = None
            pixmap = QPixmap(self.size() * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setFont(self.font())
            painter.setOpacity(1.0 if look.current else _NOT_CURRENT)
            draw_map(painter, self, look, self._layout(), ratio)
            painter.end()
            self._picture = (key, pixmap)
        return self._picture[1]
