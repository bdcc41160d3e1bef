"""Tests of the pairs of cells that the plan compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.experiment.report.results import METRICS, CellResults, Metric, Results, fold_means
from engine.experiment.statistics import (
    HypothesisTest,
    Interval,
    Summary,
    holm,
    mean_interval,
    paired_t,
    summarise,
    welch_t,
    wilcoxon,
)

TestName = Literal["paired", "welch", "wilcoxon", "folds"]
TEST_NAMES: Mapping[TestName, str] = {
    "paired": "paired t-test",
    "welch": "independent t-test (Welch)",
    "wilcoxon": "Wilcoxon signed-rank test",
    "folds": "paired t-test on fold means",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A test and its p-value after Holm's correction over all pairs and metrics."""

    test: HypothesisTest
    holm: float | None

    def significant(self, alpha: float) -> bool:
        """Whether it stays below the level after correction."""
        return self.holm is not None and self.holm < alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One pair of cells on one metric; differences are first minus second, in points.

    Attributes
    ----------
    difference : over the pairs of runs with the same fold and seed.
    interval : 95 % interval of the mean difference over those pairs, None with fewer than two.
    fold_interval : the same over the means of the folds.
    tests : per name in `TEST_NAMES`.
    """

    first: CellResults
    second: CellResults
    metric: Metric
    difference: Summary
    interval: Interval | None
    fold_interval: Interval | None
    tests: Mapping[TestName, Corrected]

    @property
    def pairs_expected(self) -> int:
        """How many pairs of runs the plan has."""
        return len(self.first.expected)

    @property
    def any_defined(self) -> bool:
        """Whether at least one test is defined."""
        return any(one.test.p is not None for one in self.tests.values())

    @property
    def ahead(self) -> CellResults | None:
        """The cell with the higher mean over the pairs; None where neither is."""
        mean = self.difference.mean or 0.0
        return self.first if mean > 0 else self.second if mean < 0 else None


def compare(results: Results) -> tuple[Comparison, ...]:
    """Every pair of the plan on every metric, with Holm's correction for each kind of test."""
    jobs = [
        (results.cell(first), results.cell(second), metric)
        for first, second in results.plan.report.compare
        for metric in METRICS
    ]
    tested = [_tests(*one) for one in jobs]
    corrected = {name: holm([one[name].p for one in tested]) for name in TEST_NAMES}
    return tuple(
        _comparison(*job, {name: Corrected(test=tests[name], holm=corrected[name][place]) for name in TEST_NAMES})
        for place, (job, tests) in enumerate(zip(jobs, tested, strict=True))
    )


def differences(first: CellResults, second: CellResults, metric: Metric) -> dict[tuple[str, int], float]:
    """First minus second of every fold and seed that both cells have, in points."""
    a, b = first.values(metric), second.values(metric)
    return {run: a[run] - b[run] for run in a if run in b}


def _tests(first: CellResults, second: CellResults, metric: Metric) -> dict[TestName, HypothesisTest]:
    pairs = differences(first, second, metric)
    return {
        "paired": paired_t(list(pairs.values())),
        "welch": welch_t(list(first.values(metric).values()), list(second.values(metric).values())),
        "wilcoxon": wilcoxon(list(pairs.values())),
        "folds": paired_t(list(fold_means(pairs).values()), pair="fold with runs of both cells"),
    }


def _comparison(
    first: CellResults, second: CellResults, metric: Metric, tests: Mapping[TestName, Corrected]
) -> Comparison:
    pairs = differences(first, second, metric)
    values = list(pairs.values())
    return Comparison(
        first=first,
        second=second,
        metric=metric,
        difference=summarise(values),
        interval=mean_interval(values),
        fold_interval=mean_interval(list(fold_means(pairs).values())),
        tests=tests,
    )


def reading(one: Comparison, alpha: float) -> str:
    """What the tests of a comparison say, in words."""
    short = {"paired": "paired t", "welch": "Welch t", "wilcoxon": "Wilcoxon", "folds": "fold means"}
    if not one.any_defined:
        return f"not defined: {one.tests['paired'].test.why}"
    after = [short[name] for name, entry in one.tests.items() if entry.significant(alpha)]
    before = [
        short[name]
        for name, entry in one.tests.items()
        if not entry.significant(alpha) and entry.test.p is not None and entry.test.p < alpha
    ]
    if not after and not before:
        return "not significant"
    words = f"significant by {', '.join(after)}" if after else "not significant after correction"
    return words + (f"; before correction only by {', '.join(before)}" if before else "")
