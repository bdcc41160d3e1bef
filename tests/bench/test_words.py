from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jiwer import wer

from engine.assets import sample_path
from engine.bench.word_error import word_error_rate
from engine.bench.words import transcript
from engine.errors import DataError

_WORDS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=8).map(" ".join)


@given(_WORDS, _WORDS)
def test_word_error_rate_is_that_of_others(said: str, heard: str) -> None:
    assert word_error_rate(said, heard) == pytest.approx(wer(said, heard))


def test_case_punctuation_and_apostrophes_do_not_count() -> None:
    assert word_error_rate("I don't. You\N{RIGHT SINGLE QUOTATION MARK}re mad!", "i don't you're mad") == 0.0
    assert word_error_rate("hello", "") == 1.0


def test_nothing_said_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="nothing"):
        word_error_rate(" ", "hello")


def test_the_sample_says_what_is_said() -> None:
    assert transcript(sample_path()).startswith("Hello.")


def test_a_recording_without_transcript_is_told(tmp_path) -> None:
    with pytest.raises(DataError, match=r"talk\.json"):
        transcript(tmp_path / "talk.mp4")
