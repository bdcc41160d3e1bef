"""When the samples were taken that PortAudio hands over."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from engine.types import FloatArray

_UNSETTLED_S = 2.0
_DIFFERENCE_S = 10.0
_OLDEST_S = 2.0
"""A sample that is said to be older than this, or to come from the future, carries no useful time."""


class Block(NamedTuple):
    """What PortAudio's callback hands on.

    Attributes
    ----------
    number : counts the blocks.
    samples : [n, channels] f32.
    came_s : time of the clock at which it came.
    host_s, adc_s : the same instant, and that of the first sample, by PortAudio's clock; 0 where it does not say.
    lost : samples are missing just before it.
    """

    number: int
    samples: FloatArray
    came_s: float
    host_s: float
    adc_s: float
    lost: bool


class SampleTimes:
    """When samples were taken, by our clock.

    PortAudio says when by a clock of its own, read just before the callback runs. The callback may
    come late, because other threads hold Python's lock, never early: so the smallest difference
    of both clocks in the last 10 s is the true one. Where the sound system gives no times
    (PulseAudio behind ALSA, in some versions) or impossible ones, a block counts as just finished
    when it came. So it does in the first 2 s, also after a loss, when PulseAudio has been seen to be
    off by 0.7 s; then the earliest block tells for all, since they come in bunches.

    Examples
    --------
    >>> import numpy as np
    >>> times, samples = SampleTimes(), np.zeros((480, 1), np.float32)
    >>> round(times.started_s(Block(0, samples, 5.0, 105.0, 104.3, False), 48000), 3)
    4.99
    >>> round(times.started_s(Block(900, samples, 14.0, 114.0, 113.97, False), 48000), 3)
    13.97
    >>> round(times.started_s(Block(901, samples, 14.05, 114.01, 113.98, False), 48000), 3)
    13.98
    """

    def __init__(self) -> None:
        self._differences: deque[tuple[float, float]] = deque()
        self._earliest_s = float("inf")
        self._since = 0

    def started_s(self, block: Block, rate_hz: float) -> float:
        """Time of the clock at which the first sample of a block was taken."""
        lasts_s = len(block.samples) / rate_hz
        if block.lost:
            self._since, self._earliest_s = block.number, float("inf")
        before_s = (block.number - self._since) * lasts_s
        sensible = 0 < block.host_s - block.adc_s <= _OLDEST_S and block.adc_s > 0
        difference_s = self._smallest(block.came_s, block.came_s - block.host_s) if sensible else 0.0
        if before_s <= _UNSETTLED_S:
            self._earliest_s = min(self._earliest_s, block.came_s - lasts_s - before_s)
            return self._earliest_s + before_s
        finished_s = block.came_s - lasts_s  # no block comes before its last sample was taken, whatever PortAudio says
        return min(block.adc_s + difference_s, finished_s) if sensible else finished_s

    def _smallest(self, came_s: float, difference_s: float) -> float:
        kept = self._differences
        if kept and difference_s - kept[0][1] > _OLDEST_S:
            kept.clear()  # PortAudio's clock was set back
        while kept and kept[-1][1] >= difference_s:
            kept.pop()
        kept.append((came_s, difference_s))
        while came_s - kept[0][0] > _DIFFERENCE_S:
            kept.popleft()
        return kept[0][1]
