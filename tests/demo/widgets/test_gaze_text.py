"""Sentences about looks say what the weights say."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from demo.widgets.gaze_text import gaze_sentence, is_telling, pair_text, source_phrase  # noqa: E402
from engine.config import MODALITIES, Modality  # noqa: E402
from engine.gaze import Gaze  # noqa: E402


def gaze(
    target: Modality = "text",
    source: Modality = "video",
    *,
    at_s: float = 3.0,
    apart_s: float = -0.6,
    weight: float = 0.6,
    evenly: float = 0.1,
) -> Gaze:
    return Gaze(
        target=target,
        source=source,
        target_s=at_s,
        source_s=at_s + apart_s,
        weight=weight,
        evenly=evenly,
        target_word="fine." if target == "text" else None,
        source_word="great" if source == "text" else None,
    )


def test_the_sentence_of_words_that_look_at_a_face() -> None:
    said = "While hearing “fine”, it looked mostly at the face 0.6 s earlier (60 %, 6.0 times the even share)."
    assert gaze_sentence(gaze()) == said


@pytest.mark.parametrize(
    ("target", "source", "apart_s", "said"),
    [
        ("audio", "video", -0.4, "While hearing the voice at 0:03.0, it looked mostly at the face 0.4 s earlier"),
        ("audio", "text", 1.25, "While hearing the voice at 0:03.0, it looked mostly at “great”, 1.3 s later"),
        (
            "audio",
            "audio",
            0.0,
            "While hearing the voice at 0:03.0, it looked mostly at that moment of the voice itself",
        ),
        ("video", "audio", 0.04, "While seeing the face at 0:03.0, it looked mostly at the voice at the same moment"),
        ("video", "video", 2.0, "While seeing the face at 0:03.0, it looked mostly at the face 2.0 s later"),
        ("video", "text", -0.05, "While seeing the face at 0:03.0, it looked mostly at “great” at the same moment"),
        ("text", "text", 0.0, "While hearing “fine”, it looked mostly at that word itself"),
        ("text", "audio", -1.0, "While hearing “fine”, it looked mostly at the voice 1.0 s earlier"),
    ],
)
def test_every_kind_of_look(target: Modality, source: Modality, apart_s: float, said: str) -> None:
    assert gaze_sentence(gaze(target, source, apart_s=apart_s)).startswith(said)


def test_the_voice_is_told_with_what_it_says() -> None:
    one = replace(gaze("audio", "audio"), target_word="fine", source_word="so,")
    said = "While hearing the voice say “fine”, it looked mostly at the voice saying “so” 0.6 s earlier"
    assert gaze_sentence(one).startswith(said)


def test_no_combination_leaves_a_gap() -> None:
    for target, source, apart_s in itertools.product(MODALITIES, MODALITIES, (-1.0, 0.0, 1.0)):
        one = gaze(target, source, apart_s=apart_s)  # type: ignore[arg-type]
        for text in (gaze_sentence(one), pair_text(one), source_phrase(one)):
            assert text
            assert "{" not in text
            assert "None" not in text


def test_less_than_half_is_not_mostly() -> None:
    assert "looked most at the face" in gaze_sentence(gaze(weight=0.3))


@pytest.mark.parametrize(
    ("weight", "evenly", "telling"),
    [
        (0.2, 0.1, True),
        (0.19, 0.1, False),
        (0.75, 0.5, True),
        (0.7, 0.5, False),
        (0.5, 1 / 3, True),
        (0.45, 1 / 3, False),
    ],
)
def test_when_a_look_stands_out(weight: float, evenly: float, telling: bool) -> None:
    assert is_telling(gaze(weight=weight, evenly=evenly)) is telling


def test_looking_everywhere_about_alike_is_said() -> None:
    said = "It looked everywhere about alike: nowhere more than 1.3 times the even share."
    assert gaze_sentence(gaze(weight=0.13)) == said


def test_a_map_without_a_choice_is_said() -> None:
    assert gaze_sentence(None) == "There is only one place yet that it could look at."


def test_a_pair_is_read_exactly() -> None:
    assert pair_text(gaze(weight=0.123)) == "“fine” at 0:03.0 looks at face at 0:02.4: 12 %, 1.2 times the even share"
