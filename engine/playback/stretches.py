"""Which media time belongs to which sample that an output was given."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where samples come from.

    Attributes
    ----------
    lap : counts jumps; a later lap is heard later, whatever its media time.
    pts_s : media time of the first sample.
    step_s : media seconds per sample.
    """

    lap: int
    pts_s: float
    step_s: float


class Stretches:
    """Marks of the samples that were written and may not have been heard yet. Not safe between threads.

    Examples
    --------
    >>> stretches = Stretches()
    >>> stretches.add(0, 100, Mark(lap=0, pts_s=5.0, step_s=0.01))
    >>> stretches.add(100, 100, Mark(lap=1, pts_s=2.0, step_s=0.01))
    >>> stretches.at(50), stretches.at(150)
    ((0, 5.5), (1, 2.5))
    """

    _MOST = 4096
    _SAME_S = 1e-9

    def __init__(self) -> None:
        self._parts: deque[tuple[int, int, Mark]] = deque(maxlen=self._MOST)

    def add(self, first: int, count: int, mark: Mark) -> None:
        """Note that ``count`` samples from index ``first`` on begin at ``mark``."""
        if self._parts:
            before, length, last = self._parts[-1]
            expected_s = last.pts_s + length * last.step_s
            follows = before + length == first and (last.lap, last.step_s) == (mark.lap, mark.step_s)
            if follows and abs(expected_s - mark.pts_s) < self._SAME_S:
                self._parts[-1] = (before, length + count, last)
                return
        self._parts.append((first, count, mark))

    def at(self, index: float) -> tuple[int, float] | None:
        """Lap and media time at an index, or at the nearest one that is known; None where none is."""
        found = None
        for first, count, mark in reversed(self._parts):
            found = (mark.lap, mark.pts_s + min(max(index - first, 0.0), count) * mark.step_s)
            if first <= index:
                break
        return found

    def forget_before(self, index: float) -> None:
        """Drop what ends before an index."""
        while len(self._parts) > 1 and self._parts[1][0] <= index:
            self._parts.popleft()
