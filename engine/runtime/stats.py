"""How long things take: percentiles over the most recent measurements."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

stopwatch_s = time.perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Durations of a stage.

    Attributes
    ----------
    p50_s, p95_s : percentiles of the most recent ones (nearest rank), in seconds.
    newest_s : the last one.
    count : how many there have been altogether.
    total_s : their sum.
    """

    p50_s: float = 0.0
    p95_s: float = 0.0
    newest_s: float = 0.0
    count: int = 0
    total_s: float = 0.0


class LatencyStats:
    """Collects durations; one thread adds, any thread reads.

    Parameters
    ----------
    keep : how many of the most recent ones the percentiles are over.
    now_s : what `measure` is measured by.

    Examples
    --------
    >>> stats = LatencyStats(keep=100)
    >>> for milliseconds in range(1, 101):
    ...     stats.add(milliseconds / 1000)
    >>> now = stats.read()
    >>> now.p50_s, now.p95_s, now.count
    (0.05, 0.095, 100)
    """

    def __init__(self, keep: int = 256, now_s: Callable[[], float] = stopwatch_s) -> None:
        self._now_s = now_s
        self._recent: deque[float] = deque(maxlen=keep)
        self._count = 0
        self._total_s = 0.0
        self._lock = threading.Lock()

    @property
    def newest_s(self) -> float:
        """The last duration, 0 before the first."""
        return self._recent[-1] if self._recent else 0.0

    def add(self, seconds: float) -> None:
        """Count one more duration."""
        with self._lock:
            self._recent.append(seconds)
            self._count += 1
            self._total_s += seconds

    @contextmanager
    def measure(self) -> Iterator[None]:
        """Count how long the block takes that it encloses, also when that raises."""
        began_s = self._now_s()
        try:
            yield
        finally:
            self.add(self._now_s() - began_s)

    def read(self) -> Latency:
        """The figures as of now."""
        with self._lock:
            recent, count, total_s = list(self._recent), self._count, self._total_s
        if not recent:
            return Latency()
        ordered = sorted(recent)
        return Latency(
            p50_s=_percentile(ordered, 50),
            p95_s=_percentile(ordered, 95),
            newest_s=recent[-1],
            count=count,
            total_s=total_s,
        )


def _percentile(ordered: list[float], percent: int) -> float:
    """Nearest rank: the smallest value that ``percent`` of all do not exceed."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]
