"""Where time comes from: the monotonic clock of the machine, or one that a test moves by itself."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """A clock that never goes back, and that one can wait on."""

    def now_s(self) -> float:
        """Seconds since an arbitrary moment."""
        ...

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        """Wait until ``stop`` is set, at most ``timeout_s`` seconds. Says whether it is set."""
        ...


class MonotonicClock:
    """The clock of the machine, ``time.monotonic()``."""

    def now_s(self) -> float:
        """Seconds of ``time.monotonic()``."""
        return time.monotonic()

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        """Sleep until ``stop`` is set, at most ``timeout_s`` seconds."""
        return stop.wait(timeout_s)


class FastClock:
    """The clock of the machine, ``speed`` times as fast: media goes by in less time than it lasts."""

    def __init__(self, speed: float) -> None:
        self._speed = speed

    def now_s(self) -> float:
        """Seconds of ``time.monotonic()``, times the speed."""
        return time.monotonic() * self._speed

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        """Sleep until ``stop`` is set, at most ``timeout_s`` seconds of this clock."""
        return stop.wait(timeout_s / self._speed)


class SteppedClock:
    """A clock that moves only when somebody waits on it, and then by the whole wait at once.

    Examples
    --------
    >>> clock = SteppedClock()
    >>> clock.wait(threading.Event(), 2.5)
    False
    >>> clock.now_s()
    2.5
    """

    def __init__(self, start_s: float = 0.0) -> None:
        self._now_s = start_s

    def now_s(self) -> float:
        """Start plus all that has been waited."""
        return self._now_s

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        """Step forward by ``timeout_s`` seconds unless ``stop`` is set."""
        if not stop.is_set():
            self._now_s += max(timeout_s, 0.0)
        return stop.is_set()
