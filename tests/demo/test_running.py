from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from demo.running import running_of  # noqa: E402

GOOD = {"deletion_gain": 0.06, "deletion_gain_ci": [0.04, 0.08], "n": 500}
CURVES = {"fractions": [0, 0.5, 1], "deletion": [0.5, 0.3, 0.1], "deletion_random": [0.5, 0.4, 0.1]}


def running(figures: object) -> object:
    predictor = SimpleNamespace(
        labels=("a", "b"),
        uses={"cross": ("audio", "text")},
        fusions=("cross",),
        info={"models": {"cross": {"faithfulness": figures}}},
    )
    return running_of(predictor)  # type: ignore[arg-type]


def test_what_the_card_measured_is_read() -> None:
    found = running({"audio_from_text": GOOD | CURVES | {"insertion_gain": 0.05}, "text_from_audio": GOOD})
    assert (found.labels, found.used) == (("a", "b"), ("audio", "text"))
    one, other = found.faithfulness["cross"]["audio", "text"], found.faithfulness["cross"]["text", "audio"]
    assert (one.gain, one.interval, one.n, one.insertion_gain) == (0.06, (0.04, 0.08), 500, 0.05)
    assert one.deletion == (0.5, 0.3, 0.1)
    assert other.insertion_gain is None and other.fractions == ()


@pytest.mark.parametrize(
    "figures",
    [
        None,
        [],
        "much",
        {"audio_from_text": None},
        {"audio_from_text": GOOD | {"deletion_gain": float("nan")}},
        {"audio_from_text": GOOD | {"deletion_gain_ci": [0.1]}},
        {"audio_from_text": GOOD | {"deletion_gain_ci": "ab"}},
        {"audio_from_text": GOOD | {"n": "many"}},
        {"all": GOOD},
    ],
)
def test_what_is_not_as_expected_counts_as_not_measured(figures: object) -> None:
    assert running(figures).faithfulness == {"cross": {}}


def test_curves_of_different_lengths_are_not_drawn() -> None:
    found = running({"audio_from_text": GOOD | CURVES | {"deletion": [0.5]}})
    assert found.faithfulness["cross"]["audio", "text"].fractions == ()
