"""What is read off attention maps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Modality
from engine.gaze import gaze_at, received, shown_weights, strongest
from engine.types import AttentionMap, Word


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(
        Word(text=text, start_s=0.5 * i, end_s=0.5 * i + 0.4, confidence=1.0, final=True)
        for i, text in enumerate(texts)
    )


def attention(target: Modality, source: Modality, weights: object) -> AttentionMap:
    array = np.asarray(weights, np.float32)
    return AttentionMap(
        target=target,
        source=source,
        weights=array,
        target_times_s=np.arange(array.shape[1]) / 2 + 0.2,
        source_times_s=np.arange(array.shape[2]) / 2 + 0.2,
    )


TWO_HEADS = [[[0.2, 0.8, 0.0], [0.4, 0.3, 0.3]], [[0.1, 0.0, 0.9], [1.0, 0.0, 0.0]]]


def test_the_strongest_look_of_the_mean() -> None:
    gaze = strongest(attention("text", "video", TWO_HEADS), words("I", "am"), None)
    assert gaze is not None
    assert (gaze.target, gaze.source) == ("text", "video")
    assert (gaze.target_word, gaze.source_word) == ("am", None)
    assert (gaze.target_s, gaze.source_s) == (0.7, 0.2)
    assert gaze.weight == pytest.approx(0.7)
    assert gaze.evenly == pytest.approx(1 / 3)
    assert gaze.times_even == pytest.approx(2.1)


def test_the_strongest_look_of_one_head() -> None:
    gaze = strongest(attention("audio", "text", TWO_HEADS), words("I", "am", "fine"), 0)
    assert gaze is not None
    assert gaze.weight == pytest.approx(0.8)
    assert (gaze.target_word, gaze.source_word) == ("I", "am")


def test_the_voice_says_a_word_or_none() -> None:
    one = attention("audio", "video", TWO_HEADS)
    assert gaze_at(one, words("I"), None, 0, 0).target_word == "I"
    assert gaze_at(one, words("I"), None, 1, 0).target_word is None
    assert gaze_at(one, words("I"), None, 0, 0).source_word is None


def test_equal_looks_give_the_earliest() -> None:
    gaze = strongest(attention("audio", "video", np.full((2, 3, 4), 0.25)), ())
    assert gaze is not None
    assert (gaze.target_s, gaze.source_s, gaze.times_even) == (0.2, 0.2, 1.0)


@pytest.mark.parametrize("shape", [(6, 4, 1), (6, 0, 3), (6, 0, 0)])
def test_a_map_without_a_choice_says_nothing(shape: tuple[int, ...]) -> None:
    assert strongest(attention("audio", "video", np.ones(shape)), ()) is None


def test_an_unknown_head_is_refused() -> None:
    with pytest.raises(IndexError):
        strongest(attention("audio", "video", TWO_HEADS), (), 2)


def test_words_that_do_not_reach_that_far_are_left_out() -> None:
    assert gaze_at(attention("text", "text", TWO_HEADS), words("I"), None, 1, 0).target_word is None


def test_what_each_word_receives() -> None:
    maps = {
        "self": (attention("text", "text", [[[0.5, 0.5], [0.1, 0.9]]]),),
        "cross": (attention("audio", "text", [[[1.0, 0.0]]]), attention("text", "audio", [[[1.0], [1.0]]])),
    }
    both = words("so", "sad")
    assert received(maps, "self", both) == pytest.approx({(0.0, "so"): 0.3 / 0.7, (0.5, "sad"): 1.0})
    assert received(maps, "cross", both) == pytest.approx({(0.0, "so"): 1.0, (0.5, "sad"): 0.0})
    assert received(maps, None, both) == pytest.approx({(0.0, "so"): 1.0, (0.5, "sad"): 0.35 / 0.65})


def test_no_words_receive_nothing() -> None:
    assert received({}, None, words("so")) == {}
    assert received({"self": (attention("video", "video", [[[1.0]]]),)}, "self", words("so")) == {}
    assert received({"self": (attention("text", "text", [[[0.5, 0.5]]]),)}, "self", words("so")) == {}


@given(st.integers(1, 6), st.integers(1, 8), st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_the_strongest_is_never_exceeded(heads: int, rows: int, columns: int, seed: int) -> None:
    weights = np.random.default_rng(seed).dirichlet(np.ones(columns), (heads, rows)).astype(np.float32)
    one = attention("audio", "video", weights)
    for head in (None, heads - 1):
        gaze = strongest(one, (), head)
        assert gaze is not None
        assert gaze.weight == shown_weights(one, head).max()
        assert gaze.times_even >= 1 - 1e-5
