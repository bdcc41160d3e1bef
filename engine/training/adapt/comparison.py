"""A model before and after it was corrected: figures with their intervals, and whether the new one is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.corpora.utterances import IntArray
from engine.metrics import Scores, score
from engine.types import FloatArray

MEASURES = ("accuracy", "balanced_accuracy", "macro_f1", "loss", "ece")
"""Fields of `engine.metrics.Scores` that are compared, in the order in which they are shown."""

LOWER_IS_BETTER = frozenset({"loss", "ece"})

_PER_BIN = 20
"""Items that a bin of the calibration error holds at least, on average; 15 bins at most, 3 at least."""

_DRAWS = 1000
_SURE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure before and after, their difference, and the 95 % interval of each.

    The calibration error has ``intervals`` that say nothing: among few items, drawing again makes it larger.
    """

    before: float
    after: float
    difference: float
    before_ci: tuple[float, float]
    after_ci: tuple[float, float]
    difference_ci: tuple[float, float]
    intervals: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Held-out items, judged by the parent and by what it became.

    Attributes
    ----------
    before, after : scores.
    measures : by name, those of `MEASURES`.
    mended, spoiled : items that only the new model has right, and that only the old one has.
    better : whether the new model is recommended: its log-loss is lower, by more than chance would, and it has no
        fewer items right.
    """

    before: Scores
    after: Scores
    measures: Mapping[str, Measure]
    mended: int
    spoiled: int
    better: bool


def compare(before: FloatArray, after: FloatArray, labels: IntArray, seed: int = 0) -> Comparison:
    """Compare probabilities [n, k] of the same items.

    Intervals are percentiles of the bootstrap over items (Efron and Tibshirani, "An introduction to the bootstrap",
    1993); before and after are drawn together, so the interval of the difference is of pairs.
    """
    rng = np.random.default_rng(seed)
    drawn: dict[str, list[tuple[float, float]]] = {name: [] for name in MEASURES}
    bins = int(np.clip(len(labels) // _PER_BIN, 3, 15))
    for _ in range(_DRAWS):
        rows = rng.integers(len(labels), size=len(labels))
        one, other = (score(each[rows], labels[rows], bins) for each in (before, after))
        for name in MEASURES:
            drawn[name].append((getattr(one, name), getattr(other, name)))
    old, new = score(before, labels, bins), score(after, labels, bins)
    measures = {name: _measure(name, old, new, np.array(drawn[name])) for name in MEASURES}
    was, is_now = before.argmax(axis=1) == labels, after.argmax(axis=1) == labels
    return Comparison(
        before=old,
        after=new,
        measures=measures,
        mended=int((is_now & ~was).sum()),
        spoiled=int((was & ~is_now).sum()),
        better=measures["loss"].difference_ci[1] < 0 and new.accuracy >= old.accuracy,
    )


def _measure(name: str, old: Scores, new: Scores, drawn: FloatArray) -> Measure:
    before, after = float(getattr(old, name)), float(getattr(new, name))
    return Measure(
        before=before,
        after=after,
        difference=after - before,
        before_ci=_interval(drawn[:, 0]),
        after_ci=_interval(drawn[:, 1]),
        difference_ci=_interval(drawn[:, 1] - drawn[:, 0]),
        intervals=name != "ece",
    )


def _interval(values: FloatArray) -> tuple[float, float]:
    low, high = np.percentile(values, [50 * (1 - _SURE), 50 * (1 + _SURE)])
    return float(low), float(high)
