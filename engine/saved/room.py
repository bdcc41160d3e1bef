"""How much room a recording still has."""

from __future__ import annotations

import shutil
import time
from collections import deque
from pathlib import Path

_RESERVE_BYTES = 64 << 20
_LEAST_RESERVE_BYTES = 512 << 10
_RATE_OVER_S = 30.0
_RATE_LEAST_S = 2.0
_AHEAD_S = 1.5
"""What is not written yet needs room, too: a medium is written in pieces of half a second."""


def reserve_bytes(total: int) -> int:
    """What is left free on a disk of a size: 1 % of it, half a megabyte to 64 MB, so that the end can be written.

    >>> reserve_bytes(500 << 30) >> 20, reserve_bytes(1 << 20) >> 10
    (64, 512)
    """
    return max(_LEAST_RESERVE_BYTES, min(_RESERVE_BYTES, total // 100))


class Room:
    """Free space of a disk, and how long it lasts at the present rate.

    Parameters
    ----------
    folder : on that disk.

    Attributes
    ----------
    left_s : seconds until it is full; None until the rate is known.
    """

    def __init__(self, folder: Path) -> None:
        self.left_s: float | None = None
        self._folder = folder
        self._past: deque[tuple[float, int]] = deque()

    def look(self, written: int) -> bool:
        """Take notice of how much has been written; whether there is room for more.

        Raises
        ------
        OSError : the folder is not there any more.
        """
        now_s = time.monotonic()
        usage = shutil.disk_usage(self._folder)
        free = usage.free - reserve_bytes(usage.total)
        self._past.append((now_s, written))
        while now_s - self._past[0][0] > _RATE_OVER_S:
            self._past.popleft()
        span_s = now_s - self._past[0][0]
        grown = written - self._past[0][1]
        if grown <= 0 or span_s <= 0:
            return free > 0
        lasts_s = free * span_s / grown
        if span_s >= _RATE_LEAST_S:
            self.left_s = max(0.0, lasts_s)
        return free > 0 and lasts_s > _AHEAD_S
