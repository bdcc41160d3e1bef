"""Where attention positions lie on media time, and where their labels go. No painting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.config import FACE_RATE_HZ, Modality
from engine.types import TimeArray, Word

_STEP_S = {"audio": 0.08, "video": 1 / FACE_RATE_HZ, "text": 0.3}
"""Distance of two positions where there is only one to tell it from."""

_GAP = 1.7
"""Positions further apart than this many steps have a gap between them."""

_SHORTEST_WORD_S = 0.06
_TICKS_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)

Pixels = NDArray[np.float64]


def cell_edges(modality: Modality, times_s: TimeArray, words: Sequence[Word]) -> tuple[TimeArray, TimeArray]:
    """Start and end of each attention position, [n] each, none reaching into the next.

    A word lasts as long as it was spoken. Other positions reach half way to their neighbours, or half a step where
    there is a gap.

    Examples
    --------
    >>> starts, ends = cell_edges("video", np.array([1.0, 1.5, 4.0]), ())
    >>> starts.tolist(), ends.tolist()
    ([0.75, 1.25, 3.75], [1.25, 1.75, 4.25])
    """
    if modality == "text" and len(words) == len(times_s) and words:
        starts = np.array([one.start_s for one in words])
        ends = np.maximum([one.end_s for one in words], starts + _SHORTEST_WORD_S)
        ends[:-1] = np.minimum(ends[:-1], np.maximum(starts[1:], starts[:-1] + 1e-3))
        return starts, ends
    gaps = np.diff(times_s)
    step_s = float(np.min(gaps)) if len(gaps) else _STEP_S[modality]
    step_s = step_s if step_s > 0 else _STEP_S[modality]
    half = np.where(gaps <= _GAP * step_s, gaps / 2, step_s / 2)
    outer = np.array([step_s / 2])
    return times_s - np.concatenate([outer, half]), times_s + np.concatenate([half, outer])


@dataclass(frozen=True, slots=True)
class Axis:
    """Positions of one modality along one side of the map.

    Attributes
    ----------
    modality : of the positions.
    times_s, starts_s, ends_s : [n] of the positions.
    span_s : media time from the first pixel to the last.
    origin, length : in pixels.
    """

    modality: Modality
    times_s: TimeArray
    starts_s: TimeArray
    ends_s: TimeArray
    span_s: tuple[float, float]
    origin: float
    length: float

    def pixel(self, seconds: float) -> float:
        """Where a media time lies."""
        low, high = self.span_s
        return self.origin + (seconds - low) / (high - low) * self.length

    def seconds(self, pixel: float) -> float:
        """The media time at a pixel."""
        low, high = self.span_s
        return low + (pixel - self.origin) / self.length * (high - low)

    def cell(self, index: int) -> tuple[float, float]:
        """First and last pixel of a position."""
        return self.pixel(float(self.starts_s[index])), self.pixel(float(self.ends_s[index]))

    def centres(self) -> Pixels:
        """Middle pixel of each position, [n]."""
        low, high = self.span_s
        return self.origin + ((self.starts_s + self.ends_s) / 2 - low) / (high - low) * self.length

    def at(self, pixel: float, reach: float = 6.0) -> int | None:
        """The position at a pixel, or the nearest one within ``reach`` pixels."""
        if not len(self.times_s) or not self.origin - reach <= pixel <= self.origin + self.length + reach:
            return None
        t = self.seconds(pixel)
        away = np.maximum(np.maximum(self.starts_s - t, t - self.ends_s), 0)
        best = int(away.argmin())
        return best if away[best] * self.length / (self.span_s[1] - self.span_s[0]) <= reach else None

    def nearest(self, seconds: float) -> int:
        """The position nearest to a media time."""
        return int(np.abs(self.times_s - seconds).argmin())

    def lookup(self, pixels: int) -> NDArray[np.intp]:
        """Which position each of ``pixels`` equal parts of the axis belongs to, [pixels]; n where there is none."""
        low, high = self.span_s
        middles = low + (np.arange(pixels) + 0.5) / pixels * (high - low)
        index = np.searchsorted(self.starts_s, middles, side="right") - 1
        inside = (index >= 0) & (middles < self.ends_s[np.maximum(index, 0)])
        return np.where(inside, index, len(self.times_s))


def shared_span(*edges: tuple[TimeArray, TimeArray]) -> tuple[float, float]:
    """The media time that all positions of some axes lie in."""
    low = min(float(starts[0]) for starts, _ in edges if len(starts))
    high = max(float(ends[-1]) for _, ends in edges if len(ends))
    return low, max(high, low + 1e-3)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round media times between two, at most ``most``.

    >>> ticks(0.3, 2.4, 5)
    [0.5, 1.0, 1.5, 2.0]
    """
    step = next((one for one in _TICKS_S if (high - low) / one <= max(most, 1)), None)
    if step is None:
        step = 60.0 * np.ceil((high - low) / max(most, 1) / 60.0)
    first = int(np.ceil(low / step - 1e-9))
    return [float(round(k * step, 3)) for k in range(first, int(np.floor(high / step + 1e-9)) + 1)]


def spread(centres: Pixels, sizes: Pixels, low: float, high: float) -> Pixels:
    """Centres of labels moved apart so that none overlap, as little as possible (least squares), in order.

    Shapes
    ------
    centres, sizes : [n], in order -> [n]. What does not fit between ``low`` and ``high`` reaches beyond ``high``.

    Examples
    --------
    >>> spread(np.array([10.0, 11.0, 40.0]), np.array([10.0, 10.0, 10.0]), 0, 100).tolist()
    [5.5, 15.5, 40.0]
    """
    blocks: list[list[float]] = []  # start, length, labels
    for centre, size in zip(centres.tolist(), sizes.tolist(), strict=True):
        blocks.append([min(max(centre - size / 2, low), high - size), size, 1])
        while len(blocks) > 1 and blocks[-2][0] + blocks[-2][1] > blocks[-1][0]:
            start, length, count = blocks.pop()
            before = blocks[-1]
            mean = (before[0] * before[2] + (start - before[1]) * count) / (before[2] + count)
            total = before[1] + length
            blocks[-1] = [max(low, min(mean, high - total)), total, before[2] + count]
    result, taken = [], 0
    for start, _, count in blocks:
        for size in sizes[taken : taken + int(count)].tolist():
            result.append(start + size / 2)
            start += size
        taken += int(count)
    return np.array(result)


def fitting(sizes: Pixels, priority: Pixels, room: float) -> NDArray[np.intp]:
    """Which labels fit into ``room`` pixels, those of highest priority first; indices in order.

    >>> fitting(np.array([10.0, 10.0, 10.0]), np.array([0.1, 0.9, 0.5]), 25).tolist()
    [1, 2]
    """
    kept, used = [], 0.0
    for index in np.argsort(-priority, kind="stable").tolist():
        if used + sizes[index] <= room:
            kept.append(index)
            used += float(sizes[index])
    return np.array(sorted(kept), dtype=np.intp)
