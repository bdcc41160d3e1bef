"""Turns the time stamps of a file, which may be rounded, missing or wrong, into times that only go forward."""

from __future__ import annotations

import math
from dataclasses import dataclass

_RESTART_S = 1.0
"""Time stamps that go back by more than this have started anew, as in files joined end to end."""

_MIN_TOLERANCE_S = 0.003
_MAX_TOLERANCE_S = 0.02


class PictureTimes:
    """Times of pictures.

    Attributes
    ----------
    end_s : end of the newest picture.
    restarts : how often the time stamps started anew.
    """

    def __init__(self, period_s: float | None) -> None:
        self._period_s = period_s or 0.04
        self._last_s: float | None = None
        self._shift_s = 0.0
        self.restarts = 0

    @property
    def end_s(self) -> float:
        """End of the newest picture, if it lasts as long as pictures of the file do on average."""
        return 0.0 if self._last_s is None else self._last_s + self._period_s

    def place(self, pts_s: float | None) -> float | None:
        """Time of the next picture, or None when it is not after the one before and has to be left out.

        Examples
        --------
        >>> times = PictureTimes(0.04)
        >>> [times.place(pts_s) for pts_s in (5.0, 5.04, 5.04, None, 0.0)]
        [5.0, 5.04, None, 5.08, 5.12]
        """
        if self._last_s is None:
            time_s = pts_s or 0.0
        elif pts_s is None:
            time_s = self.end_s
        else:
            time_s = pts_s + self._shift_s
            if time_s < self._last_s - _RESTART_S:
                self.restarts += 1
                self._shift_s = self.end_s - pts_s
                time_s = self.end_s
            elif time_s <= self._last_s:
                return None
        self._last_s = time_s
        return time_s


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a block of sound goes.

    Attributes
    ----------
    start_s : time of its first sample that is kept.
    skip : leading samples to leave out, because the block before reached over them.
    gap : whether it does not continue the block before.
    """

    start_s: float
    skip: int
    gap: bool


class SoundTimes:
    """Times of blocks of sound: counted in samples, and set to the time stamp where that differs.

    A container may round time stamps to a millisecond; a lost packet is a whole block. So half a
    block, within 3 to 20 ms, tells rounding from a gap.
    """

    def __init__(self) -> None:
        self._anchor_s: float | None = None
        self._count = 0
        self._rate_hz = 0
        self._shift_s = 0.0
        self.restarts = 0

    @property
    def end_s(self) -> float:
        """Time just after the last sample."""
        return 0.0 if self._anchor_s is None else self._anchor_s + self._count / self._rate_hz

    def place(self, pts_s: float | None, count: int, rate_hz: int, *, damaged: bool = False) -> Placed:
        """Place a block of ``count`` samples that carries the time stamp ``pts_s``.

        ``damaged`` says that sound before it could not be decoded.

        Examples
        --------
        >>> times = SoundTimes()
        >>> times.place(0.0, 160, 16000).start_s, times.place(0.0104, 160, 16000).start_s
        (0.0, 0.01)
        >>> times.place(1.0, 160, 16000)
        Placed(start_s=1.0, skip=0, gap=True)
        """
        if self._anchor_s is None:
            return self._restart_at(pts_s or 0.0, 0, count, rate_hz, gap=False)
        expected_s = self.end_s
        time_s = expected_s if pts_s is None else pts_s + self._shift_s
        tolerance_s = min(max(count / rate_hz / 2, _MIN_TOLERANCE_S), _MAX_TOLERANCE_S)
        if time_s > expected_s + tolerance_s:
            return self._restart_at(time_s, 0, count, rate_hz, gap=True)
        if time_s < expected_s - _RESTART_S and pts_s is not None:
            self.restarts += 1
            self._shift_s = expected_s - pts_s
            return self._restart_at(expected_s, 0, count, rate_hz, gap=True)
        if time_s < expected_s - tolerance_s:
            skip = min(round((expected_s - time_s) * rate_hz), count)
            return self._restart_at(expected_s, skip, count, rate_hz, gap=True)
        if rate_hz != self._rate_hz:
            return self._restart_at(expected_s, 0, count, rate_hz, gap=True)
        self._count += count
        return Placed(expected_s, 0, damaged)

    def _restart_at(self, start_s: float, skip: int, count: int, rate_hz: int, *, gap: bool) -> Placed:
        self._anchor_s, self._count, self._rate_hz = start_s, count - skip, rate_hz
        return Placed(start_s, skip, gap)


class TickSampler:
    """Chooses the first picture at or after each tick k / rate of media time, or every picture.

    Examples
    --------
    >>> sampler = TickSampler(2.0)
    >>> [time_s for time_s in (0.1, 0.3, 0.5, 0.7, 1.6, 1.9, 2.0) if sampler.take(time_s)]
    [0.1, 0.5, 1.6, 2.0]
    """

    _ROUNDING = 1e-9

    def __init__(self, rate_hz: float | None) -> None:
        self._rate_hz = rate_hz
        self._next_tick = 0

    def take(self, time_s: float) -> bool:
        """Whether the picture at ``time_s`` is chosen. Times must not go back."""
        if self._rate_hz is None:
            return True
        ticks = time_s * self._rate_hz + self._ROUNDING
        if ticks < self._next_tick:
            return False
        self._next_tick = math.floor(ticks) + 1
        return True
