"""The newest values of something that changes with media time, for whoever looks now and then."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """The newest values with their media times; one thread writes, any thread reads, nobody waits.

    Parameters
    ----------
    keep : how many values are kept, so that a view that lags behind finds the one that it shows.

    Examples
    --------
    >>> faces = Latest[str](keep=8)
    >>> faces.put(1.0, "left")
    >>> faces.put(2.0, "right")
    >>> faces.at(), faces.at(1.5), faces.at(0.5)
    ((2.0, 'right'), (1.0, 'left'), None)
    """

    def __init__(self, keep: int = 1) -> None:
        self._values: deque[tuple[float, T]] = deque(maxlen=keep)
        self._lock = threading.Lock()

    def put(self, pts_s: float, value: T) -> None:
        """Add the value of a later time."""
        with self._lock:
            self._values.append((pts_s, value))

    def at(self, position_s: float | None = None) -> tuple[float, T] | None:
        """Time and value of the newest at or before ``position_s``, by default of the newest.

        None where none is that old any more, or none was written yet.
        """
        with self._lock:
            values = list(self._values)
        index = len(values) if position_s is None else bisect_right(values, position_s, key=lambda one: one[0])
        return values[index - 1] if index else None
