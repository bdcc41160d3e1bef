"""Processor time: of this process with those that it has started, and of everything else on the machine."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from contextlib import suppress
from types import TracebackType
from typing import Any, Self


def own_time_s(without: Collection[int] = ()) -> float:
    """Processor time of this process and of all that it has started; on Linux ended ones included.

    Parameters
    ----------
    without : ids of processes that do not count, with all that they have started.
    """
    import psutil

    return _with_children_s(psutil.Process(), frozenset(without), psutil)


def _with_children_s(process: Any, without: frozenset[int], psutil: Any) -> float:
    taken_s = 0.0
    with suppress(psutil.Error):  # a process ends at any time
        times = process.cpu_times()
        taken_s = (
            times.user + times.system + getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
        )
        for child in process.children():
            if child.pid not in without:
                taken_s += _with_children_s(child, without, psutil)
    return float(taken_s)


class OtherWork:
    """Measures inside a ``with`` block how much other processes had of the processor.

    Attributes
    ----------
    share : of the processor time of all cores, 0..1; known after the block. None where the system does not tell.
    """

    share: float | None = None

    def __enter__(self) -> Self:
        self._began = _busy_s(), own_time_s(), time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        busy_s, own_s, began_s = self._began
        there_s = (time.monotonic() - began_s) * (os.cpu_count() or 1)
        now_s = _busy_s()
        if busy_s is not None and now_s is not None and there_s > 0:
            others_s = (now_s - busy_s) - (own_time_s() - own_s)
            self.share = min(1.0, max(0.0, others_s / there_s))


def load_average() -> tuple[float, ...]:
    """Processes that wanted to run, on average over 1, 5 and 15 minutes; empty where the system does not tell."""
    try:
        return tuple(round(one, 2) for one in os.getloadavg())
    except (OSError, AttributeError):
        return ()


def _busy_s() -> float | None:
    """Time that all cores have worked since the machine was started."""
    import psutil

    try:
        times = psutil.cpu_times()
    except (OSError, RuntimeError):
        return None
    idle_s = times.idle + getattr(times, "iowait", 0.0)
    # Time of guests is in that of users already.
    return float(sum(times) - idle_s - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0))
