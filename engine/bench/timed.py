"""Durations of long work that may use several processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from engine.bench.processor import own_time_s
from engine.bench.spread import Spread

T = TypeVar("T")


class Stopwatch:
    """Collects how long each piece of work took, for every second of media that it was about.

    Examples
    --------
    >>> watch = Stopwatch()
    >>> watch.time(lambda: 7, media_s=2.0)
    7
    >>> watch.spread.count
    1
    """

    def __init__(self) -> None:
        self._wall_s: list[float] = []
        self._processor_s: list[float] = []

    def time(self, work: Callable[[], T], media_s: float) -> T:
        """Do the work and keep its times; processor time is that of this process and its children."""
        processor_s, began_s = own_time_s(), time.perf_counter()
        result = work()
        self._wall_s.append((time.perf_counter() - began_s) / media_s)
        self._processor_s.append((own_time_s() - processor_s) / media_s)
        return result

    @property
    def spread(self) -> Spread:
        """Seconds for one second of media."""
        return Spread(wall_s=tuple(self._wall_s), processor_s=tuple(self._processor_s))
