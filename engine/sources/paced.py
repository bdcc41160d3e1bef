"""Plays a recorded source in real time, or faster or slower, as if it happened now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from engine.clock import Clock, MonotonicClock
from engine.sources.around import Around
from engine.sources.base import Item, Source

_LONGEST_WAIT_S = 0.5


class Paced(Around):
    """Releases the items of another source when their time has come.

    An item of media time p leaves no earlier than ``lead_s`` media seconds before the play head
    reaches p. The play head starts at media time 0 when the first item is there, and moves
    ``speed`` media seconds each second.

    Parameters
    ----------
    source : the source to play; it is closed with this one.
    speed : media seconds per second.
    lead_s : how many media seconds items leave before the play head reaches them, so that what is
        shown at a moment has been computed by then.
    clock : what to wait on.

    Raises
    ------
    ValueError
        When the speed is not positive or the lead is negative.
    """

    def __init__(self, source: Source, speed: float = 1.0, lead_s: float = 0.0, *, clock: Clock | None = None) -> None:
        if not (speed > 0 and math.isfinite(speed)):
            raise ValueError(f"speed must be a positive number, got {speed}")
        if not (lead_s >= 0 and math.isfinite(lead_s)):
            raise ValueError(f"lead_s must be zero or more seconds, got {lead_s}")
        super().__init__(source)
        self._speed = speed
        self._lead_s = lead_s
        self._clock = MonotonicClock() if clock is None else clock
        self._start_s: float | None = None
        self._end_s: float | None = None

    @property
    def position_s(self) -> float:
        """Media time at the play head, now: 0 before the start, and never past the end of the last item."""
        start_s, end_s = self._start_s, self._end_s
        if start_s is None:
            return 0.0
        position_s = max((self._clock.now_s() - start_s) * self._speed, 0.0)
        return position_s if end_s is None else min(position_s, end_s)

    def __iter__(self) -> Iterator[Item]:
        """Yield each item when its time has come, stamped as captured at that instant."""
        self._start_s = self._end_s = None
        end_s = 0.0
        for item in self._source:
            if self._start_s is None:
                self._start_s = self._clock.now_s()
            if not self._wait_until(self._start_s + (item.pts_s - self._lead_s) / self._speed):
                return
            end_s = max(end_s, getattr(item, "end_s", item.pts_s))
            # It arrives now, as from a device; the wait is no latency.
            yield replace(item, captured_s=self._clock.now_s())
        self._end_s = end_s

    def _wait_until(self, due_s: float) -> bool:
        """Wait until ``due_s`` of the clock; False when closed meanwhile."""
        while not self._closed.is_set():
            left_s = due_s - self._clock.now_s()
            if left_s <= 0:
                return True
            self._clock.wait(self._closed, min(left_s, _LONGEST_WAIT_S))
        return False
