"""The runs of an experiment, sorted into the cells of its plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.errors import DataError
from engine.experiment.about import About
from engine.experiment.measures import SplitScores
from engine.experiment.plan import Cell, Plan
from engine.experiment.record import RunRecord
from engine.experiment.statistics import Summary, summarise

Metric = Literal["balanced_accuracy", "accuracy"]
METRICS: tuple[Metric, ...] = ("balanced_accuracy", "accuracy")
METRIC_NAMES: Mapping[Metric, str] = {
    "balanced_accuracy": "balanced accuracy (paper: WA)",
    "accuracy": "accuracy (paper: UWA)",
}
"""Names of the metrics wherever a reader meets them; the paper's are the reverse of the usual ones."""

Split = Literal["test", "dev"]
RunId = tuple[str, int]
"""Fold and seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResults:
    """What is there of a cell.

    Attributes
    ----------
    expected : all runs that the plan wants, in its order.
    runs : those that are done, in the same order.
    split : what its figures are of: "test", or "dev" where the data have no test set.
    """

    cell: Cell
    expected: tuple[RunId, ...]
    runs: tuple[RunRecord, ...]
    split: Split = "test"

    @property
    def missing(self) -> tuple[RunId, ...]:
        """Runs that are not done."""
        done = {(one.fold, one.seed) for one in self.runs}
        return tuple(one for one in self.expected if one not in done)

    def values(self, metric: Metric) -> dict[RunId, float]:
        """Figure of each run, in per cent."""
        return {(one.fold, one.seed): 100.0 * float(getattr(self.scores(one), metric)) for one in self.runs}

    def scores(self, run: RunRecord) -> SplitScores:
        """All figures of a run on the split that counts."""
        return run.dev if self.split == "dev" or run.test is None else run.test

    def summary(self, metric: Metric) -> Summary:
        """Over all runs (folds x seeds), in per cent."""
        return summarise(list(self.values(metric).values()))

    def fold_means(self, metric: Metric) -> dict[str, float]:
        """Mean over the seeds of each fold that has a run, in per cent."""
        return fold_means(self.values(metric))

    def fold_summary(self, metric: Metric) -> Summary:
        """Over the means of the folds, in per cent."""
        return summarise(list(self.fold_means(metric).values()))

    def published(self, metric: Metric) -> float | None:
        """What the paper states, in per cent."""
        return None if self.cell.published is None else float(getattr(self.cell.published, metric))

    def difference(self, metric: Metric) -> float | None:
        """Mean of the runs minus the published figure, in points."""
        mean, published = self.summary(metric).mean, self.published(metric)
        return None if mean is None or published is None else mean - published

    @property
    def best(self) -> RunRecord | None:
        """The run that did best on dev, chosen without a look at test; the first of equals."""
        return max(self.runs, key=lambda one: (one.dev.accuracy, one.dev.balanced_accuracy), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """An experiment as far as it is done.

    Attributes
    ----------
    about : the data that it ran on.
    cells : in the order of the plan.
    strangers : how many records belong to no run of the plan; they are left out.
    problems : runs that failed or whose record is damaged, each in a sentence.
    """

    plan: Plan
    about: About
    cells: tuple[CellResults, ...]
    strangers: int = 0
    problems: tuple[str, ...] = ()

    @property
    def runs(self) -> tuple[RunRecord, ...]:
        """All runs that are done, in the order of the plan."""
        return tuple(run for one in self.cells for run in one.runs)

    @property
    def expected(self) -> int:
        """How many runs the plan has."""
        return sum(len(one.expected) for one in self.cells)

    @property
    def complete(self) -> bool:
        """Whether no run is missing."""
        return len(self.runs) == self.expected

    @property
    def split(self) -> Split:
        """What all figures are of."""
        return self.cells[0].split if self.cells else "test"

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, in the order of labels."""
        return self.about.classes

    def cell(self, name: str) -> CellResults:
        """The cell of this name; KeyError where there is none."""
        for one in self.cells:
            if one.cell.name == name:
                return one
        raise KeyError(name)


def collect(
    plan: Plan, about: About, records: Iterable[RunRecord], *, problems: Sequence[str] = (), strangers: int = 0
) -> Results:
    """Sort records into the cells of a plan.

    Parameters
    ----------
    plan : what was to be run
    about : the data, with the folds of the plan
    records : of the runs that are done, in any order
    problems : what a reader has to know of runs that are not there
    strangers : records that are known to belong to no run of the plan, besides those among ``records``

    Raises
    ------
    DataError
        When a run was trained on other classes, so that it cannot stand in one table with the rest.
    """
    found = {(one.cell, one.fold, one.seed): one for one in records}
    expected = tuple((fold, seed) for fold in about.folds for seed in plan.seeds)
    runs = {
        cell.name: tuple(one for run in expected if (one := found.pop((cell.name, *run), None)) is not None)
        for cell in plan.cells
    }
    split: Split = "dev" if any(one.test is None for part in runs.values() for one in part) else "test"
    results = Results(
        plan=plan,
        about=about,
        cells=tuple(
            CellResults(cell=cell, expected=expected, runs=runs[cell.name], split=split) for cell in plan.cells
        ),
        strangers=strangers + len(found),
        problems=tuple(problems),
    )
    _require_classes(results)
    return results


def fold_means(values: Mapping[RunId, float]) -> dict[str, float]:
    """Mean over the seeds of each fold.

    Examples
    --------
    >>> fold_means({("fold01", 1): 50.0, ("fold01", 2): 60.0, ("fold02", 1): 40.0})
    {'fold01': 55.0, 'fold02': 40.0}
    """
    folds = dict.fromkeys(fold for fold, _ in values)
    parts = {name: [value for (fold, _), value in values.items() if fold == name] for name in folds}
    return {name: sum(part) / len(part) for name, part in parts.items()}


def _require_classes(results: Results) -> None:
    for one in results.runs:
        if one.data.classes != results.classes:
            raise DataError(
                f"{one.cell}, {one.fold}, seed {one.seed} was trained on the classes {', '.join(one.data.classes)}, "
                f"but the experiment has {', '.join(results.classes)}: run the plan again in an empty folder"
            )
