"""One attention map as it is shown, and where its cells lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from demo.shown import Crop
from demo.widgets.attention_axis import Axis, cell_edges, shared_span
from demo.widgets.attention_labels import room
from demo.widgets.gaze_text import is_telling
from engine.gaze import shown_weights, strongest
from engine.types import AttentionMap, FloatArray, Word

SIDE_LINES = 1.3
"""Room for the title of the rows, in lines of text."""

FOOT_LINES = 1.4
"""Room for the title of the columns."""

PROFILE_LINES = 1.6
"""Height of the profile above a map that is high enough for it, in lines of text."""

PROFILE_FROM = 14
"""Lines of text that a map must be high for that."""

_SMALLEST = 5.0
"""Pixels that a frame around a cell has at least."""


@dataclass(frozen=True, slots=True)
class Look:
    """One map as it is shown: ``weights`` [Tq, Tk] of a head or of their mean, with the words and faces around it."""

    map: AttentionMap
    head: int | None
    weights: FloatArray
    words: tuple[Word, ...]
    crops: tuple[Crop, ...]
    current: bool
    telling: bool

    @property
    def marked(self) -> tuple[int, int] | None:
        """The cell that the sentence below the map speaks of; None where no cell stands out."""
        return self.strongest if self.telling else None

    @property
    def strongest(self) -> tuple[int, int]:
        """Row and column of the largest weight."""
        row, column = np.unravel_index(int(self.weights.argmax()), self.weights.shape)
        return int(row), int(column)


def look_at(
    one: AttentionMap, head: int | None, words: tuple[Word, ...], crops: tuple[Crop, ...], *, current: bool
) -> Look | None:
    """A map as it is shown, None where it has no cell."""
    head = head if head is None or head < len(one.weights) else None
    weights = shown_weights(one, head)
    if not weights.size:
        return None
    gaze = strongest(one, words, head)
    telling = gaze is not None and is_telling(gaze)
    return Look(one, head, weights, words, crops, current, telling)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns of a map on the screen; the map is where they cross, with a ``profile`` above it or not."""

    rows: Axis
    columns: Axis

    profile: bool

    @property
    def area(self) -> QRectF:
        """Where the map is."""
        return QRectF(self.columns.origin, self.rows.origin, self.columns.length, self.rows.length)

    def cell(self, row: int, column: int) -> QRectF:
        """Where a pair is, at least large enough for a frame to be seen."""
        (top, bottom), (left, right) = self.rows.cell(row), self.columns.cell(column)
        rect = QRectF(left, top, right - left, bottom - top)
        grow_x, grow_y = max(0.0, _SMALLEST - rect.width()) / 2, max(0.0, _SMALLEST - rect.height()) / 2
        return rect.adjusted(-grow_x, -grow_y, grow_x, grow_y)

    def centre(self, row: int, column: int) -> QPointF:
        """Middle of a pair."""
        return QPointF(float(self.columns.centres()[column]), float(self.rows.centres()[row]))

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """The pair at a point, or None."""
        row, column = self.rows.at(point.y()), self.columns.at(point.x())
        return None if row is None or column is None else (row, column)


def grid_of(widget: QWidget, look: Look) -> Grid:
    """Lay a map out in a widget: both axes on the same span of media time, with room for labels and titles."""
    one, words = look.map, look.words
    line, width, height = QFontMetricsF(widget.font()).height(), float(widget.width()), float(widget.height())
    left = SIDE_LINES * line + room(widget, "rows", one.target, words, (width, height))
    below = FOOT_LINES * line + room(widget, "columns", one.source, words, (width - left, height))
    rows = cell_edges(one.target, one.target_times_s, words)
    columns = cell_edges(one.source, one.source_times_s, words)
    span, top = shared_span(rows, columns), 0.4 * line
    profile = height - below > PROFILE_FROM * line
    top += PROFILE_LINES * line if profile else 0.0
    return Grid(
        Axis(one.target, one.target_times_s, *rows, span, top, max(height - below - top, 1.0)),
        Axis(one.source, one.source_times_s, *columns, span, left, max(width - left - 0.8 * line, 1.0)),
        profile,
    )
