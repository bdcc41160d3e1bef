from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.corpora.division import Division, check_parts, divide
from engine.corpora.manifest import Item
from engine.errors import DataError

CSV = Path("items.csv")


def items(count: int, **columns: Any) -> list[Item]:
    """Items whose columns are functions of their number."""
    cells = [{name: value(k) for name, value in columns.items()} for k in range(count)]
    return [Item(row=k + 2, id=f"item{k}", **{"label": k % 2, **cell}) for k, cell in enumerate(cells)]


def check(division: Division, count: int) -> None:
    """Every fold holds every item once; over all folds of a cross-validation each is tested once and dev once."""
    for parts in division.folds.values():
        together = np.concatenate([parts.train, parts.dev, parts.test])
        assert sorted(together.tolist()) == list(range(count))
    if len(division.folds) > 1:
        for name in ("dev", "test"):
            rows = np.concatenate([getattr(parts, name) for parts in division.folds.values()])
            assert sorted(rows.tolist()) == list(range(count))


def test_splits_make_one_fold() -> None:
    split = ["train", "Dev", "test", "train"]
    division = divide(CSV, items(4, split=split.__getitem__, fold=lambda k: "a", speaker=lambda k: "a" if k else "b"))
    check(division, 4)
    assert list(division.folds) == ["all"]
    assert division.folds["all"].train.tolist() == [0, 3] and division.folds["all"].dev.tolist() == [1]
    assert division.notes == ("1 of 1 speakers of test are in train or dev too",)


def test_folds_are_tested_in_turn_with_the_next_as_dev() -> None:
    division = divide(CSV, items(12, fold=lambda k: f"part{k % 3 * 5}", speaker=lambda k: f"s{k % 6}"))
    check(division, 12)
    assert list(division.folds) == ["part0", "part5", "part10"] and division.notes == ()
    last = division.folds["part10"]
    assert set(last.test % 3) == {2} and set(last.dev % 3) == {0} and set(last.train % 3) == {1}
    (note,) = divide(CSV, items(12, fold=lambda k: f"f{k % 3}", speaker=lambda k: f"s{k % 4}")).notes
    assert note == "4 of 4 speakers are in more than one fold"


def test_speakers_stay_together_and_labels_stay_even() -> None:
    # Speakers of unequal size, some of them with one label only.
    speakers = [f"s{min(k % 17, k % 13)}" for k in range(400)]
    data = items(400, speaker=speakers.__getitem__, label=lambda k: 0 if speakers[k] in ("s1", "s2") else k % 3)
    division = divide(CSV, data)
    check(division, 400)
    assert list(division.folds) == [f"fold0{k}" for k in range(1, 6)]
    for parts in division.folds.values():
        heard = [{speakers[k] for k in rows} for rows in (parts.train, parts.dev, parts.test)]
        assert not heard[0] & heard[1] and not heard[0] & heard[2] and not heard[1] & heard[2]
        share = Counter(data[k].label for k in parts.test)
        assert all(15 <= share[label] <= 65 for label in range(3))


def test_few_speakers_make_few_folds() -> None:
    division = divide(CSV, items(8, speaker=lambda k: f"s{k % 4}"))
    check(division, 8)
    assert len(division.folds) == 4 and division.notes == ("4 folds by speaker (4 speakers)",)


def test_items_are_dealt_by_their_ids() -> None:
    data = items(50)
    division = divide(CSV, data)
    check(division, 50)
    assert all(Counter(k % 2 for k in parts.test) == {0: 5, 1: 5} for parts in division.folds.values())
    assert "same voice" in division.notes[0]
    tested = {data[k].id for k in division.folds["fold01"].test}
    turned = list(reversed(data))
    assert {turned[k].id for k in divide(CSV, turned).folds["fold01"].test} == tested


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=3, max_size=60), st.integers(3, 7))
def test_any_speakers(speakers: list[int], folds: int) -> None:
    data = items(len(speakers), speaker=lambda k: f"s{speakers[k]}")
    if len(set(speakers)) < 3:
        with pytest.raises(DataError, match=r"too few to learn"):
            divide(CSV, data, folds)
        return
    division = divide(CSV, data, folds)
    check(division, len(speakers))
    assert all(len(parts.test) for parts in division.folds.values())


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"split": lambda k: "train" if k else None}, "row 2: the column split is empty here, and not elsewhere"),
        ({"speaker": lambda k: None if k == 5 else "a"}, "row 7: the column speaker is empty"),
        ({"split": lambda k: "valid"}, "row 2: split must be train, dev or test, found 'valid'"),
        ({"split": lambda k: "train"}, "no row has the split dev and none the split test"),
        ({"fold": lambda k: f"f{k % 2}"}, "names 2 folds: .* at least three"),
        ({"fold": lambda k: "../up"}, r"row 2: '\.\./up' cannot name a fold"),
        ({"speaker": lambda k: "one"}, "has 1 speaker, too few"),
    ],
)
def test_what_is_wrong_is_said(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        divide(CSV, items(6, **columns))


def test_too_few_items_and_folds() -> None:
    with pytest.raises(DataError, match=r"4 items, too few for 5 folds"):
        divide(CSV, items(4))
    with pytest.raises(DataError, match=r"2 folds are too few"):
        divide(CSV, items(40), 2)


def test_folds_that_nothing_can_be_learned_from() -> None:
    parts = divide(CSV, items(4, split=["train", "train", "dev", "test"].__getitem__)).folds["all"]
    check_parts(CSV, "all", parts, np.array([0, 1, 0, 1]), ("calm", "sad"))
    with pytest.raises(DataError, match=r"nothing in the training part of all is labelled sad"):
        check_parts(CSV, "all", parts, np.array([0, 0, 0, 1]), ("calm", "sad"))
    from dataclasses import replace

    with pytest.raises(DataError, match=r"the dev part of all is empty"):
        check_parts(CSV, "all", replace(parts, dev=parts.dev[:0]), np.array([0, 1, 0, 1]), ("calm", "sad"))
