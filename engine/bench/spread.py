"""How long the calls of one piece of work took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Statistic = Literal["p50", "p95", "p99", "mean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Durations of single calls, in seconds.

    Attributes
    ----------
    wall_s : [n] by the clock, in the order in which they were made.
    processor_s : [n] processor time of this process within each, all threads together; empty where it was not taken.

    Examples
    --------
    >>> calls = Spread(wall_s=(0.3, 0.1, 0.2, 0.4))
    >>> calls.p50_s, calls.p95_s, calls.mean_s
    (0.2, 0.4, 0.25)
    """

    wall_s: tuple[float, ...]
    processor_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.wall_s:
            raise ValueError("a spread needs at least one call")

    @property
    def count(self) -> int:
        """How many calls."""
        return len(self.wall_s)

    @property
    def p50_s(self) -> float:
        """What half of the calls do not exceed."""
        return percentile(self.wall_s, 50)

    @property
    def p95_s(self) -> float:
        """What 95 % of the calls do not exceed."""
        return percentile(self.wall_s, 95)

    @property
    def p99_s(self) -> float:
        """What 99 % of the calls do not exceed; below a hundred calls it is the longest."""
        return percentile(self.wall_s, 99)

    @property
    def mean_s(self) -> float:
        """Mean of all calls."""
        return math.fsum(self.wall_s) / len(self.wall_s)

    @property
    def processor_mean_s(self) -> float | None:
        """Processor time of a call, on average; None where it was not taken."""
        return math.fsum(self.processor_s) / len(self.processor_s) if self.processor_s else None

    def of(self, statistic: Statistic) -> float:
        """One of the figures above, by name."""
        return {"p50": self.p50_s, "p95": self.p95_s, "p99": self.p99_s, "mean": self.mean_s}[statistic]


def percentile(values: Sequence[float], percent: int) -> float:
    """Nearest rank: the smallest value that ``percent`` of all do not exceed.

    Examples
    --------
    >>> percentile([3.0, 1.0, 2.0], 50), percentile(range(1, 101), 99)
    (2.0, 99)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]
