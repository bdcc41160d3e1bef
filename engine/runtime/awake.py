"""The time that this program has been awake: without that for which the machine slept or the program was halted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.clock import Clock, MonotonicClock

HALT_S = 3.0
"""When nothing in the program asked for the time for so long, it stood still: somebody asks four times a second."""


def _elapsed_s() -> float:
    """Time that goes on while the machine sleeps. Linux leaves that out of ``time.monotonic()``; Windows does not."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Awake:
    """Tells durations without sleep. Any thread may ask; whoever asks first after a sleep notices it.

    Parameters
    ----------
    clock : what time is told by.
    elapsed_s : the same with all sleep in it; by default that of ``clock``, or for the clock of the machine its own.

    Examples
    --------
    >>> now = [100.0]
    >>> class Fake(MonotonicClock):
    ...     def now_s(self):
    ...         return now[0]
    >>> awake = Awake(Fake())
    >>> now[0] = 101.0
    >>> awake.since_s(100.0)
    1.0
    >>> now[0] = 131.0
    >>> awake.since_s(100.0), awake.naps()
    (1.0, [30.0])
    """

    def __init__(self, clock: Clock | None = None, elapsed_s: Callable[[], float] | None = None) -> None:
        self._clock = MonotonicClock() if clock is None else clock
        self._elapsed_s = elapsed_s or (_elapsed_s if type(self._clock) is MonotonicClock else self._clock.now_s)
        self._lock = threading.Lock()
        self._asked = self._clock.now_s(), self._elapsed_s()
        self._slept_s = 0.0  # of the clock's own time
        self._sleeps: list[tuple[float, float]] = []  # when each ended by the clock, and how long by the clock it was
        self._untold: list[float] = []
        self._watched = True

    def begin(self, *, watched: bool) -> None:
        """A run begins: that nobody asked until now was no sleep. Unless it is ``watched``, nothing later is either.

        Without somebody who asks four times a second, long work could not be told from sleep.
        """
        with self._lock:
            self._asked = self._clock.now_s(), self._elapsed_s()
            self._watched = watched

    def now_s(self) -> float:
        """Seconds since an arbitrary moment, in which no sleep counts."""
        with self._lock:
            return self._look() - self._slept_s

    def since_s(self, began_s: float) -> float:
        """Seconds from ``began_s`` of the clock to now, in which no sleep counts; not below 0."""
        with self._lock:
            now_s = self._look()
            slept_s = sum(length_s for end_s, length_s in self._sleeps if end_s > began_s)
            return max(0.0, now_s - began_s - slept_s)

    def naps(self) -> list[float]:
        """How long each sleep was that has not been told yet, in seconds."""
        with self._lock:
            self._look()
            untold, self._untold = self._untold, []
            return untold

    def _look(self) -> float:
        """The clock's time, and whether it has jumped. The lock is held."""
        now_s, elapsed_s = self._clock.now_s(), self._elapsed_s()
        before_s, before_elapsed_s = self._asked
        self._asked = now_s, elapsed_s
        if self._watched and elapsed_s - before_elapsed_s > HALT_S:
            jump_s = max(0.0, now_s - before_s)
            self._slept_s += jump_s
            self._sleeps.append((now_s, jump_s))
            self._untold.append(elapsed_s - before_elapsed_s)
        return now_s
