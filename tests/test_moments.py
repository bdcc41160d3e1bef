"""What is packed comes back bit for bit, newest predictions keep their maps, and a day of them stays small."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import MODALITIES
from engine.moments import Moments
from engine.types import AttentionMap, Outcome, Prediction

LABELS = ("calm", "cross", "glad")


@st.composite
def predictions(draw: st.DrawFn) -> Prediction | None:
    if draw(st.booleans()):
        return None
    fusions = draw(st.lists(st.sampled_from(["self", "cross"]), min_size=1, unique=True))
    share = st.floats(0, 1, width=32)
    outcomes = {
        name: Outcome(probabilities=np.array(draw(st.tuples(share, share, share)), np.float32), labels=LABELS)
        for name in fusions
    }
    kept = [name for name in MODALITIES if draw(st.booleans())]
    return Prediction(
        pts_s=0.0,
        window_start_s=draw(st.floats(-1e6, 1e6)),
        outcomes=outcomes,
        present=tuple(kept),
        utterance=draw(st.none() | st.integers(0, 2**40)),
        muted=frozenset(name for name in MODALITIES if name not in kept),
        latency_s=draw(st.dictionaries(st.sampled_from(["face", "model", "total"]), st.floats(0, 100))),
    )


def same(one: Prediction | None, other: Prediction | None) -> bool:
    if one is None or other is None:
        return one is other
    names = ("window_start_s", "present", "utterance", "muted", "latency_s", "labels")
    return all(getattr(one, name) == getattr(other, name) for name in names) and {
        fusion: outcome.probabilities.tobytes() for fusion, outcome in one.outcomes.items()
    } == {fusion: outcome.probabilities.tobytes() for fusion, outcome in other.outcomes.items()}


@given(st.lists(predictions(), max_size=12), st.data())
def test_what_is_read_is_what_was_put_in(wanted: list[Prediction | None], data: st.DataObject) -> None:
    moments = Moments(2)
    for at, one in enumerate(wanted):
        moments.append(float(at), one)
    for _ in range(data.draw(st.integers(0, 4)) if wanted else 0):
        at = data.draw(st.integers(0, len(wanted) - 1))
        wanted[at] = data.draw(predictions())
        moments.put(at, wanted[at])
    assert len(moments) == len(wanted)
    assert [t for t, _ in moments] == [float(at) for at in range(len(wanted))]
    assert all(same(one, moments[at][1]) for at, one in enumerate(wanted))


def one_with_maps(k: int) -> Prediction:
    seen = AttentionMap(
        target="audio",
        source="audio",
        weights=np.ones((1, 1, 1), np.float32),
        target_times_s=np.zeros(1),
        source_times_s=np.zeros(1),
    )
    outcome = Outcome(probabilities=np.full(3, k, np.float32), labels=LABELS, attention=(seen,))
    return Prediction(pts_s=k, window_start_s=0.0, outcomes={"self": outcome}, present=("audio",))


def test_the_newest_keep_their_maps_and_an_older_one_stays_the_same_object() -> None:
    moments = Moments(2)
    for k in range(600):
        moments.append(float(k), one_with_maps(k))
    assert [bool(moments[at][1].outcomes["self"].attention) for at in (597, 598, 599)] == [False, True, True]
    assert moments[3][1] is moments[3][1]
    moments.put(598, one_with_maps(7))
    assert moments[598][1].outcomes["self"].attention
    assert moments.until(2.5) == 3 and moments.until(-1.0) == 0


def test_other_labels_are_refused() -> None:
    moments = Moments()
    moments.append(0.0, one_with_maps(0))
    other = Outcome(probabilities=np.zeros(2, np.float32), labels=("a", "b"))
    with pytest.raises(ValueError, match="same labels"):
        moments.append(1.0, Prediction(pts_s=1.0, window_start_s=0.0, outcomes={"self": other}, present=()))
