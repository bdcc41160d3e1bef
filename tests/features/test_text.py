"""Tokens as the word vectors know them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.features.text import tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("don't", ["do", "n't"]),
        ("It’s", ["it", "'s"]),  # noqa: RUF001
        ("CAN'T won't ain't", ["ca", "n't", "wo", "n't", "ai", "n't"]),
        ("I'm we're they've she'll he'd", ["i", "'m", "we", "'re", "they", "'ve", "she", "'ll", "he", "'d"]),
        ("shouldn't've", ["should", "n't", "'ve"]),
        ("it 's n't", ["it", "'s", "n't"]),
        ("cannot gonna o'clock", ["cannot", "gonna", "o'clock"]),
        ("'quoted words' and dogs'", ["quoted", "words", "and", "dogs"]),
        ("mother-in-law's well-known", ["mother-in-law", "'s", "well-known"]),
        ("one—two, three; (four)", ["one", "two", "three", "four"]),
        ("20 1,000 3.5 10:30 1st 1990s '90s $5 7%", ["20", "1,000", "3.5", "10:30", "1st", "1990s", "'90s", "5", "7"]),
        ("the U.S. at 5 p.m.", ["the", "u.s.", "at", "5", "p.m."]),
        ("Mr. Smith saw Dr. Who.", ["mr.", "smith", "saw", "dr.", "who"]),
        ("Café naïve AT&T", ["café", "naïve", "at&t"]),
        ("rock 'n' roll, get 'em", ["rock", "'n'", "roll", "get", "'em"]),
        ("door.", ["door"]),
        ("사실 없어", ["사실", "없어"]),
        ("what?! Stop!!!", ["what", "!", "stop", "!"]),
        (", - ' \n\t", []),
        ("", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


def test_other_vocabularies() -> None:
    assert tokenize("Don't go, London!", lower=False) == ["Do", "n't", "go", "London", "!"]
    assert tokenize("Don't go!", split_contractions=False) == ["don't", "go", "!"]


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    tokens = tokenize(text)
    assert all(token in {"!", "?", "..."} or any(letter.isalnum() for letter in token) for token in tokens)
    assert not any(letter.isspace() for token in tokens for letter in token)


@given(st.lists(st.sampled_from(["don't", "it's", "Kids", "well-known", "20", "we'll"]), max_size=8))
def test_words_apart_give_the_same_as_together(words: list[str]) -> None:
    assert tokenize(" ".join(words)) == [token for word in words for token in tokenize(word)]
