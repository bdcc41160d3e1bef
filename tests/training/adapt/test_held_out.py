from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.corpora.manifest import Item, Part
from engine.errors import DataError
from engine.training.adapt.comparison import compare
from engine.training.adapt.held_out import cross_validate
from engine.training.adapt.parts import Parts, make_parts
from engine.training.adapt.recipe import AdaptationRecipe
from tests.training.adapt.shifted import QUICK, another, parent
from tests.training.utterances import utterances


def parts_of(n: int, count: int = 3) -> Parts:
    return Parts(of=np.arange(n) % count, count=count, note="at random")


def test_another_person_is_learned() -> None:
    own = another(45)
    told: list[int] = []
    held = cross_validate(parent(), QUICK, own, own.labels, parts_of(45), lambda: told.append(1))
    assert len(told) == 24 and held.course.shape == (9,) and held.epochs > 0
    found = compare(held.before, held.after, own.labels)
    assert found.better and found.after.accuracy > found.before.accuracy + 0.2
    assert found.mended - found.spoiled == round(45 * (found.after.accuracy - found.before.accuracy))
    loss = found.measures["loss"]
    assert loss.difference == pytest.approx(loss.after - loss.before) and loss.difference_ci[1] < 0
    np.testing.assert_allclose(held.after.sum(axis=1), 1, atol=1e-5)


def test_labels_that_mean_nothing_are_not_learned() -> None:
    own = utterances(40, 7)
    truth = own.labels.copy()
    truth[:20] = (truth[:20] + 1) % 3  # one half says one thing, the other half another
    held = cross_validate(parent(), QUICK, own, truth, Parts(of=np.arange(40) // 20, count=2, note=""))
    assert not compare(held.before, held.after, truth).better


def test_who_is_known_already_is_left_alone() -> None:
    own = utterances(30, 9)
    held = cross_validate(parent(), AdaptationRecipe(epochs=2, learning_rate=0.5), own, own.labels, parts_of(30))
    assert held.epochs == 0
    found = compare(held.before, held.after, own.labels)
    assert found.mended == found.spoiled == 0 and found.after.accuracy == found.before.accuracy


def test_no_item_has_a_say_in_its_own_figures() -> None:
    own = another(30)
    parts = parts_of(30)
    changed = own.labels.copy()
    mine = parts.of == 0
    changed[mine] = (changed[mine] + 1) % 3
    one_epoch = AdaptationRecipe(epochs=1, learning_rate=5e-3)
    first = cross_validate(parent(), one_epoch, own, own.labels, parts)
    again = cross_validate(parent(), one_epoch, own, changed, parts)
    np.testing.assert_array_equal(first.before, again.before)
    # Its label can but settle whether an epoch is made, and the temperature, through models that learned from it.
    assert np.argmax(first.after[mine], axis=1).tolist() == np.argmax(again.after[mine], axis=1).tolist()


def item(row: int, start_s: float | None = None, path: str = "a.mkv", **more: object) -> Item:
    part = Part() if start_s is None else Part(start_s=start_s, end_s=start_s + 2)
    fields: dict[str, object] = {"audio": Path(path), "heard": part, "label": row % 2, "id": str(row)}
    return Item(row=row, **(fields | more))  # type: ignore[arg-type]


def test_parts_of_one_recording_are_stretches_of_time() -> None:
    items = [item(row, 10.0 * row) for row in range(20)]
    found = make_parts([items[k] for k in (*range(1, 20, 2), *range(0, 20, 2))], 5)
    by_time = found.of[[*range(10, 20), *range(10)]].reshape(2, 10).T.ravel()
    assert by_time.tolist() == sorted(by_time.tolist()) and np.bincount(by_time).tolist() == [4] * 5
    assert "stretches of time of one recording" in found.note


def test_what_overlaps_or_is_close_stays_together() -> None:
    starts = [0, 1, 3.5, 20, 21, 40, 41, 42.5, 60, 80]
    found = make_parts([item(row, start) for row, start in enumerate(starts)], 3)
    assert len({found.of[k] for k in (0, 1, 2)}) == len({found.of[k] for k in (5, 6, 7)}) == 1
    assert found.of[3] == found.of[4] and found.count == 3
    with pytest.raises(DataError, match="leave more than 2 s without a label"):
        make_parts([item(row, float(row)) for row in range(10)], 3)


def test_parts_of_several_recordings_are_whole_ones() -> None:
    items = [item(row, 10.0 * row, f"{row % 4}.mkv") for row in range(24)]
    found = make_parts(items, 5)
    assert found.count == 4 and "by recording" in found.note
    assert all(len({found.of[k] for k in range(24) if k % 4 == name}) == 1 for name in range(4))
    two = make_parts([item(row, 10.0 * row, f"{row % 2}.mkv") for row in range(24)], 3)
    assert two.count == 3 and "2 recordings" in two.note


def test_parts_by_speaker_by_fold_and_by_item() -> None:
    people = make_parts([item(row, path=f"{row}.wav", speaker=f"s{row % 3}") for row in range(12)], 5)
    assert people.count == 3 and "by speaker" in people.note
    folds = make_parts([item(row, fold=f"f{row % 2}") for row in range(6)], 5)
    assert folds.of.tolist() == [0, 1] * 3 and folds.count == 2
    single = make_parts([item(row, path=f"{row}.wav", speaker="me") for row in range(20)], 5)
    assert single.count == 5 and np.bincount(single.of).tolist() == [4] * 5 and "too good" in single.note
    words = make_parts([item(row, audio=None, text="so") for row in range(20)], 5)
    assert words.count == 5
    with pytest.raises(DataError, match="row 1: the column fold is empty"):
        make_parts([item(0, fold="a"), item(1)], 2)
    with pytest.raises(DataError, match="names a alone"):
        make_parts([item(0, fold="a"), item(1, fold="a")], 2)
    one, other = folds.held_out(1)
    assert one.tolist() == [0, 2, 4] and other.tolist() == [1, 3, 5]
