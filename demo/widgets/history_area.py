"""Probabilities over time as a stacked area, reduced to the pixels of the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from demo.shown import History
from demo.theme import emotion_colour
from demo.widgets.history_range import TimeScale
from engine.config import Fusion
from engine.types import FloatArray, TimeArray

_DENSE = 0.3
"""From this many points per pixel on the area is drawn column by column, which costs a tenth of polygons then."""


def values_of(history: History, fusion: Fusion | None) -> FloatArray:
    """Probabilities of one fusion or (None) the mean of all, [n, k]; NaN where nothing was there."""
    if fusion is not None and fusion in history.probabilities:
        return history.probabilities[fusion]
    if not history.probabilities:
        return np.full((len(history.times_s), len(history.labels)), np.nan, np.float32)
    every = list(history.probabilities.values())
    mean: FloatArray = np.mean(every, axis=0, dtype=np.float32)
    alone = np.isnan(mean[:, 0])  # where a model that does not use what was there has no answer, the others have
    if len(every) > 1 and alone.any():
        answered = np.isfinite(np.stack([one[alone, 0] for one in every]))
        sums = np.nansum([one[alone] for one in every], axis=0)
        with np.errstate(invalid="ignore"):
            mean[alone] = sums / answered.sum(axis=0)[:, None]
    return mean


def index_at(times_s: TimeArray, seconds: float, step_s: float) -> int | None:
    """The point of the grid that holds at a media time: the next one, whose window ends there, within a step.

    >>> index_at(np.array([0.5, 1.0]), 0.7, 0.5), index_at(np.array([0.5, 1.0]), 1.7, 0.5)
    (1, None)
    """
    index = int(np.searchsorted(times_s, seconds - 1e-9))
    if index == len(times_s):
        index -= 1
    if index < 0 or abs(times_s[index] - seconds) > step_s + 1e-9:
        return None
    return index


def reduced(
    times_s: TimeArray, values: FloatArray, low_s: float, high_s: float, columns: int
) -> tuple[TimeArray, FloatArray]:
    """At most about two points per column of the visible stretch: means over what falls into each.

    Shapes
    ------
    times_s : [n], values : [n, k] -> [m], [m, k]; rows of NaN stay rows of NaN.
    """
    first = max(int(np.searchsorted(times_s, low_s)) - 1, 0)
    last = min(int(np.searchsorted(times_s, high_s)) + 1, len(times_s))
    times_s, values = times_s[first:last], values[first:last]
    if len(times_s) <= 2 * columns:
        return times_s, values
    # Bins are counted from time 0, so that panning does not change what is drawn.
    width_s = (high_s - low_s) / columns
    bins = np.floor(times_s / width_s).astype(np.int64)
    starts = np.flatnonzero(np.diff(bins, prepend=bins[0] - 1))
    known = np.isfinite(values[:, 0])
    counts = np.add.reduceat(known.astype(np.float32), starts)
    sums = np.add.reduceat(np.where(known[:, None], values, 0), starts, axis=0)
    means: FloatArray = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], np.nan).astype(np.float32)
    middles: TimeArray = (bins[starts].astype(np.float64) + 0.5) * width_s
    return middles, means


def runs(known: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Stretches of true values, as first and one after the last.

    >>> list(runs(np.array([True, True, False, True])))
    [(0, 2), (3, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def known_runs(known: NDArray[np.bool_], times_s: TimeArray, history: History) -> Iterator[tuple[int, int]]:
    """Stretches of true values, as of `runs`, that end wherever something lies between that was never analysed.

    Shapes
    ------
    known : [n], times_s : [n], points of the history or means of some of them.

    Examples
    --------
    >>> history = History(covered=((0.0, 1.0), (9.0, 10.0)))
    >>> list(known_runs(np.array([True, True, True]), np.array([0.5, 1.0, 9.5]), history))
    [(0, 2), (2, 3)]
    """
    # Cut in the middle of a gap, since the mean of a column may come to lie a little before what it is made of.
    cuts = [(end_s + start_s) / 2 for (_, end_s), (start_s, _) in pairwise(history.covered)]
    stretch = np.searchsorted(cuts, times_s)
    for first, last in runs(known):
        inner = first + 1 + np.flatnonzero(np.diff(stretch[first:last]))
        yield from pairwise([first, *inner.tolist(), last])


def draw_area(painter: QPainter, area: QRectF, scale: TimeScale, history: History, values: FloatArray) -> None:
    """Draw the stacked area; nothing where nothing was there."""
    if not len(history.times_s):
        return
    times, means = reduced(history.times_s, values, scale.low_s, scale.high_s, max(int(area.width()), 1))
    painter.save()
    painter.setClipRect(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    x = scale.left + (times - scale.low_s) / (scale.high_s - scale.low_s) * scale.width
    colours = [emotion_colour(name, history.labels) for name in history.labels]
    step = history.step_s / (scale.high_s - scale.low_s) * scale.width
    for first, last in known_runs(np.isfinite(means[:, 0]), times, history):
        # A prediction stands for the step before it, so the area begins there.
        across = np.concatenate([[x[first] - step], x[first:last]])
        heights = np.cumsum(means[first:last], axis=1, dtype=np.float64)
        heights = np.concatenate([heights[:1], heights]) / heights[:, -1].max()
        dense = last - first > area.width() * _DENSE
        (_draw_columns if dense else _draw_run)(painter, area, across, heights, colours)
    painter.restore()


def _draw_run(
    painter: QPainter, area: QRectF, x: NDArray[np.float64], tops: NDArray[np.float64], colours: Sequence[QColor]
) -> None:
    """Layers from the last to the first, each covering the lower part of the one before."""
    for k in reversed(range(tops.shape[1])):
        y = area.bottom() - np.minimum(tops[:, k], 1.0) * area.height()
        points = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        points += [QPointF(float(x[-1]), area.bottom()), QPointF(float(x[0]), area.bottom())]
        painter.setBrush(colours[k])
        painter.drawPolygon(QPolygonF(points))


def _draw_columns(
    painter: QPainter, area: QRectF, x: NDArray[np.float64], tops: NDArray[np.float64], colours: Sequence[QColor]
) -> None:
    """One column of whole device pixels after the other."""
    ratio = painter.device().devicePixelRatio()
    left, right = max(float(x[0]), area.left()), min(float(x[-1]), area.right())
    columns, rows = round((right - left) * ratio), round(area.height() * ratio)
    if columns < 1 or rows < 1:
        return
    middles = left + (np.arange(columns) + 0.5) / ratio
    heights = np.stack([np.interp(middles, x, tops[:, k]) for k in range(tops.shape[1])], axis=1)
    edges = np.minimum(np.round(heights * rows).astype(np.int64), rows)
    edges[:, -1] = rows
    counts = np.diff(edges, axis=1, prepend=0)
    values = np.array([one.rgb() for one in colours], np.uint32)
    pixels = np.repeat(np.tile(values[::-1], columns), counts[:, ::-1].ravel()).reshape(columns, rows)
    data = np.ascontiguousarray(pixels.T)
    image = QImage(data.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
    painter.drawImage(QRectF(left, area.top(), columns / ratio, area.height()), image)
