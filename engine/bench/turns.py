"""Measuring several ways to do the same work: they take turns, so that what changes on the machine changes for all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.bench.spread import Spread

_WARM_UP = 2
"""Turns that are not counted: the first calls fill caches and choose kernels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """For how long to measure.

    Attributes
    ----------
    rounds : so many turns; None goes by time.
    seconds : then turns begin for so long, but at least ``least`` of them.
    least : see there.
    """

    rounds: int | None = None
    seconds: float = 4.0
    least: int = 5

    def wants_more(self, done: int, taken_s: float) -> bool:
        """Whether another turn is due.

        Examples
        --------
        >>> Effort(rounds=2).wants_more(2, 0.0), Effort(seconds=1, least=3).wants_more(2, 5.0)
        (False, True)
        """
        if self.rounds is not None:
            return done < self.rounds
        return done < self.least or taken_s < self.seconds


def take_turns(
    ways: Mapping[str, Callable[[], object]], effort: Effort, *, warm_up: int = _WARM_UP
) -> dict[str, Spread]:
    """Durations of each way.

    Parameters
    ----------
    ways : each is called once a turn, in their order; a call returns when its work is done, also that of a GPU.
    effort : how many turns are measured.
    warm_up : turns before that.
    """
    wall_s: dict[str, list[float]] = {name: [] for name in ways}
    processor_s: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(warm_up):
        for work in ways.values():
            work()
    done, began_s = 0, time.monotonic()
    while effort.wants_more(done, time.monotonic() - began_s):
        for name, work in ways.items():
            processor, wall = time.process_time(), time.perf_counter()
            work()
            wall_s[name].append(time.perf_counter() - wall)
            processor_s[name].append(time.process_time() - processor)
        done += 1
    return {name: Spread(wall_s=tuple(wall_s[name]), processor_s=tuple(processor_s[name])) for name in ways}
