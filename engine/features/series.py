"""Feature frames of one stream in order of time, the oldest of which are forgotten."""

from __future__ import annotations

import numpy as np

from engine.types import FloatArray, TimeArray

_LEAST_ROOM = 64


class Series:
    """Frames [n, d] with their times [n], never going back.

    Examples
    --------
    >>> series = Series(2)
    >>> series.append(np.array([0.1, 0.2, 0.3]), np.zeros((3, 2), np.float32))
    >>> series.between(0.15, 0.3, most=10)[0]
    array([0.2, 0.3])
    """

    def __init__(self, dim: int) -> None:
        self._times: TimeArray = np.empty(_LEAST_ROOM)
        self._values: FloatArray = np.empty((_LEAST_ROOM, dim), np.float32)
        self._first = self._end = 0

    def __len__(self) -> int:
        return self._end - self._first

    def append(self, times_s: TimeArray, values: FloatArray) -> None:
        """Add frames.

        Raises
        ------
        ValueError : a frame is before the one before it, or of another dimension.
        """
        if values.shape[1:] != self._values.shape[1:]:
            raise ValueError(f"frames of dimension {self._values.shape[1]} wanted, got {values.shape}")
        newest_s = self._times[self._end - 1] if len(self) else -np.inf
        if len(times_s) and (times_s[0] < newest_s or (times_s[1:] < times_s[:-1]).any()):
            raise ValueError(f"frames come in order of time: {times_s[0]:.3f} s came after {newest_s:.3f} s")
        self._make_room(len(times_s))
        end = self._end + len(times_s)
        self._times[self._end : end] = times_s
        self._values[self._end : end] = values
        self._end = end

    def between(self, low_s: float, high_s: float, most: int) -> tuple[TimeArray, FloatArray]:
        """Copy the latest ``most`` frames with low_s <= time <= high_s: times [n], values [n, d]."""
        low, high = self._index(low_s, "left"), self._index(high_s, "right")
        chosen = slice(max(low, high - most), max(low, high))
        return self._times[chosen].copy(), self._values[chosen].copy()

    def none(self) -> tuple[TimeArray, FloatArray]:
        """No frames: times [0], values [0, d]."""
        return self._times[:0].copy(), self._values[:0].copy()

    def times_until(self, t: float) -> TimeArray:
        """Times of all frames up to ``t``, [n]; valid until the next change."""
        return self._times[self._first : self._index(t, "right")]

    def forget_before(self, low_s: float) -> None:
        """Drop the frames before ``low_s``."""
        self._first = self._index(low_s, "left")

    def forget_beyond(self, most: int, t: float) -> None:
        """Of the frames up to ``t`` keep the latest ``most``."""
        self._first = max(self._first, self._index(t, "right") - most)

    def _index(self, t: float, side: str) -> int:
        times = self._times[self._first : self._end]
        return self._first + int(times.searchsorted(t, side=side))  # type: ignore[call-overload]

    def _make_room(self, count: int) -> None:
        if self._end + count <= len(self._times):
            return
        room = max(_LEAST_ROOM, 2 * (len(self) + count))
        times, values = np.empty(room), np.empty((room, self._values.shape[1]), np.float32)
        size = len(self)
        times[:size] = self._times[self._first : self._end]
        values[:size] = self._values[self._first : self._end]
        self._times, self._values, self._first, self._end = times, values, 0, size
