"""Names of classes by their numbers of utterances."""

from __future__ import annotations

import numpy as np
import pytest

from engine.corpora.folds_names import name_classes
from engine.errors import DataError

COUNTS = {
    "angry": 1103,
    "excited": 1041,
    "happy": 595,
    "sad": 1084,
    "frustrated": 1849,
    "surprise": 107,
    "neutral": 1708,
}
GIVEN = tuple(COUNTS)


def totals(*names: str) -> np.ndarray:
    return np.array([COUNTS[name] for name in names], dtype=np.int64)


def test_counts_that_fit_name_the_labels() -> None:
    order = GIVEN[::-1]
    names, remark = name_classes([totals(*order)] * 5, GIVEN, COUNTS)
    assert names == order
    assert "another order than that given" in remark
    names, remark = name_classes([totals(*GIVEN)], GIVEN, COUNTS)
    assert names == GIVEN
    assert "another order" not in remark
    assert name_classes([totals(*order)], None, COUNTS)[0] == order


@pytest.mark.parametrize(
    "found",
    [
        [totals(*GIVEN) + 1],
        [totals(*GIVEN), totals(*GIVEN[::-1])],
        [totals(*GIVEN), totals(*GIVEN) - 1],
        [totals(*GIVEN[:-1], "angry")],
    ],
)
def test_else_the_order_given_holds(found: list[np.ndarray]) -> None:
    names, remark = name_classes(found, GIVEN, COUNTS)
    assert names == GIVEN
    assert "order given" in remark
    assert "do not fit the counts in one way alone" in remark
    with pytest.raises(DataError, match="the counts name no labels"):
        name_classes(found, None, COUNTS)


def test_classes_of_one_size_could_change_places() -> None:
    names, _ = name_classes([np.array([5, 5, 2])], ["a", "b", "c"], {"c": 2, "b": 5, "a": 5})
    assert names == ("a", "b", "c")


def test_without_counts() -> None:
    assert name_classes([np.array([5, 2])], ["a", "b"], None)[0] == ("a", "b")
    names, remark = name_classes([np.array([5, 2])], None, None)
    assert names == ("class 0", "class 1")
    assert "have no names" in remark
