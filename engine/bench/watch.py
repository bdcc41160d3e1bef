"""Watches a live session: how long after the camera's picture its distribution is there, and what was missed."""

from __future__ import annotations

import math
import time
from collections.abc import Collection

from engine.config import FACE_RATE_HZ
from engine.runtime.trace import NoTrace

_TOLERANCE = 1e-6


class LatencyWatch(NoTrace):
    """A trace that keeps figures instead of events.

    Attributes
    ----------
    ways_s : per picture whose face is encoded: from its capture until the first distribution that uses it was there,
        all stages and all waiting included.
    delays_s : per moment of the prediction grid: from that instant on the camera's clock until its distribution was
        there.
    shown_s : per prediction: from its instant on the camera's clock until it was on the screen.
    """

    def __init__(self) -> None:
        self.delays_s: list[float] = []
        self.ways_s: list[float] = []
        self.shown_s: list[float] = []
        self._ticks: list[int] = []
        self._epoch_s: float | None = None

    def begin(self, pts_s: float, captured_s: float) -> None:
        """A picture has come."""
        self._epoch_s = captured_s - pts_s

    def predicted(self, moment_s: float, frames: Collection[float]) -> None:
        """A prediction is there."""
        now_s, epoch_s = time.monotonic(), self._epoch_s
        if epoch_s is None:
            return
        self.delays_s.append(now_s - epoch_s - moment_s)
        self._ticks += [math.floor(pts_s * FACE_RATE_HZ + _TOLERANCE) for pts_s in frames]
        self.ways_s += [now_s - epoch_s - pts_s for pts_s in frames]

    def show(self, moment_s: float) -> None:
        """A prediction is on the screen."""
        epoch_s = self._epoch_s
        if epoch_s is not None:
            self.shown_s.append(time.monotonic() - epoch_s - moment_s)

    def forget(self) -> None:
        """Begin to count."""
        for figures in (self.delays_s, self.ways_s, self.shown_s):
            figures.clear()
        self._ticks.clear()

    @property
    def missed(self) -> int:
        """Ticks of 3 Hz, from the first face sample to the last, without one."""
        return self._ticks[-1] - self._ticks[0] + 1 - len(set(self._ticks)) if self._ticks else 0

    @property
    def sampled(self) -> int:
        """Face samples."""
        return len(self._ticks)
