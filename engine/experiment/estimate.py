"""How long the runs that are left will take, from those that are done."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean

from engine.experiment.record import RunRecord


class Estimate:
    """What runs take, by cell."""

    def __init__(self, records: Iterable[RunRecord] = ()) -> None:
        self._seconds: dict[str, list[float]] = {}
        for one in records:
            self.add(one)

    def add(self, record: RunRecord) -> None:
        """Learn from one more run."""
        self._seconds.setdefault(record.cell, []).append(record.cost.seconds)

    def run_s(self, cell: str) -> float | None:
        """Seconds that a run of a cell takes; None before the first run of any is done.

        A cell of which no run is done is taken to need what the others need on average.
        """
        means = {name: fmean(found) for name, found in self._seconds.items()}
        if not means:
            return None
        return means[cell] if cell in means else fmean(means.values())

    def left_s(self, runs: Iterable[tuple[str, float]], parallel: int) -> float | None:
        """Seconds until runs are done, each given by its cell and the seconds it has been running."""
        rest = 0.0
        for cell, since_s in runs:
            whole = self.run_s(cell)
            if whole is None:
                return None
            rest += max(whole - since_s, 0.0)
        return rest / max(parallel, 1)
