"""How loud a microphone is just now."""

from __future__ import annotations

from collections import deque

import numpy as np

from engine.types import FloatArray

WINDOW_S = 0.1
FLOOR_DB = -120.0
"""What digital silence is shown as."""


class LevelMeter:
    """Root mean square and peak of the newest 100 ms, in dB re full scale.

    Examples
    --------
    >>> meter = LevelMeter()
    >>> meter.feed(np.full(1600, 0.1, np.float32), 16000)
    >>> round(meter.level_db, 1), round(meter.peak_db, 1)
    (-20.0, -20.0)
    """

    def __init__(self) -> None:
        self._blocks: deque[tuple[float, int, float, float]] = deque()
        self.level_db: float | None = None
        self.peak_db: float | None = None

    def feed(self, samples: FloatArray, rate_hz: int) -> None:
        """Take the next samples, [n] f32."""
        newest = samples[-round(WINDOW_S * rate_hz) :]
        if not len(newest):
            return
        power = float(np.dot(newest, newest))
        self._blocks.append((len(newest) / rate_hz, len(newest), power, float(np.abs(newest).max())))
        held_s = sum(one[0] for one in self._blocks)
        while len(self._blocks) > 1 and held_s - self._blocks[0][0] >= WINDOW_S:
            held_s -= self._blocks.popleft()[0]
        count = sum(one[1] for one in self._blocks)
        self.level_db = _decibels((sum(one[2] for one in self._blocks) / count) ** 0.5)
        self.peak_db = _decibels(max(one[3] for one in self._blocks))

    def clear(self) -> None:
        """Nothing is heard any more."""
        self._blocks.clear()
        self.level_db = self.peak_db = None


def _decibels(amplitude: float) -> float:
    return max(FLOOR_DB, 20 * float(np.log10(amplitude))) if amplitude > 0 else FLOOR_DB
