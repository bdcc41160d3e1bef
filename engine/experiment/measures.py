"""What is measured of a trained model: scores on a split, faithfulness of its attention maps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from engine.metrics import Faithfulness, Scores
from engine.models.json_fields import JsonFields

T = TypeVar("T")
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitScores:
    """Figures on one split; as `engine.metrics.Scores`, with None for the recall of a class that has no item."""

    n: int
    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    ece: float
    recall: tuple[float | None, ...]
    confusion: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, scores: Scores) -> SplitScores:
        """The same figures."""
        return cls(
            n=scores.n,
            accuracy=scores.accuracy,
            balanced_accuracy=scores.balanced_accuracy,
            macro_f1=scores.macro_f1,
            ece=scores.ece,
            recall=tuple(None if math.isnan(one) else one for one in scores.recall),
            confusion=tuple(tuple(int(one) for one in row) for row in scores.confusion),
        )


def read_scores(part: JsonFields, classes: int) -> SplitScores:
    """Read and check scores on so many classes; ValueError where they are not as expected."""
    recall = part.value.get("recall")
    if not isinstance(recall, list) or len(recall) != classes:
        raise ValueError(f"{part.where}.recall must be a list of {classes} numbers")
    entries = JsonFields({str(index): one for index, one in enumerate(recall)}, f"{part.where}.recall")
    rows = part.value.get("confusion")
    square = isinstance(rows, list) and all(isinstance(row, list) and len(row) == classes for row in rows)
    if not isinstance(rows, list) or not square or len(rows) != classes:
        raise ValueError(f"{part.where}.confusion must be {classes} lists of {classes} counts")
    if any(type(one) is not int or one < 0 for row in rows for one in row):
        raise ValueError(f"{part.where}.confusion must hold counts")
    n = part.whole("n", 1, 10**9)
    if sum(one for row in rows for one in row) != n:
        raise ValueError(f"{part.where}.confusion must sum to n, which is {n}")
    shares = {name: part.number(name, 0, 1) for name in ("accuracy", "balanced_accuracy", "macro_f1", "ece")}
    return SplitScores(
        n=n,
        recall=tuple(or_null(entries, key, lambda name: entries.number(name, 0, 1)) for key in entries.value),
        confusion=tuple(tuple(row) for row in rows),
        **shares,
    )


def read_faithfulness(part: JsonFields) -> Faithfulness:
    """Read and check the curves of a block; ValueError where they are not as expected."""
    names = ("fractions", "deletion", "deletion_random", "insertion", "insertion_random")
    curves = {name: part.numbers(name, -1e-6, 1 + 1e-6) for name in names}
    if len({len(one) for one in curves.values()}) != 1:
        raise ValueError(f"{part.where}: its curves must be of one length")
    return Faithfulness(
        **curves,
        deletion_gain=part.number("deletion_gain", -1, 1),
        insertion_gain=part.number("insertion_gain", -1, 1),
        deletion_gain_ci=_interval(part, "deletion_gain_ci"),
        insertion_gain_ci=_interval(part, "insertion_gain_ci"),
        n=part.whole("n", 1, 10**9),
    )


def _interval(part: JsonFields, key: str) -> Interval:
    found = part.numbers(key, -1, 1)
    if len(found) != 2 or found[0] > found[1]:
        raise ValueError(f"{part.where}.{key} must be two numbers, the lower one first")
    return found[0], found[1]


def or_null(parent: JsonFields, key: str, read: Callable[[str], T]) -> T | None:
    """What ``read`` finds at the key, or None where null stands there."""
    return None if key in parent.value and parent.value[key] is None else read(key)
