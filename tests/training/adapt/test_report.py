"""What is said of a correction."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.adapt.comparison import MEASURES, Comparison, compare
from engine.training.adapt.report import comparison_json, verdict

LABELS = np.arange(60) % 3


def answers(right: float, sure: float, seed: int = 0) -> np.ndarray:
    """Probabilities of which a share is right, the top one always ``sure``."""
    rng = np.random.default_rng(seed)
    top = np.where(rng.permutation(60) < round(60 * right), LABELS, (LABELS + 1) % 3)
    found = np.full((60, 3), (1 - sure) / 2)
    found[np.arange(60), top] = sure
    return found


@pytest.mark.parametrize(
    ("before", "after", "better", "said"),
    [
        (answers(0.5, 0.6), answers(0.9, 0.8), True, "Better on held-out items: 50% to 90% right, and the log-loss"),
        (answers(0.9, 0.4), answers(0.9, 0.9), True, "Better calibrated on held-out items"),
        (answers(0.8, 0.6), answers(0.8, 0.6), False, "Not shown to be better: 80% to 80% right"),
        (answers(0.9, 0.8), answers(0.5, 0.6), False, "Keep the model that you had"),
        (answers(0.6, 0.34), answers(0.55, 0.5), False, "Not shown to be better"),
    ],
)
def test_what_is_recommended(before: np.ndarray, after: np.ndarray, better: bool, said: str) -> None:
    found = compare(before, after, LABELS)
    assert found.better == better and said in verdict(found)
    assert set(found.measures) == set(MEASURES)
    for one in found.measures.values():
        if one.intervals:
            assert one.before_ci[0] <= one.before <= one.before_ci[1]
            assert one.difference_ci[0] <= one.difference <= one.difference_ci[1]


def test_as_json() -> None:
    found: Comparison = compare(answers(0.5, 0.6), answers(0.9, 0.8), LABELS)
    plain = comparison_json(found)
    assert plain["n"] == 60 and plain["mended"] == found.mended and "difference_ci" not in plain["measures"]["ece"]  # type: ignore[index]
    again = compare(answers(0.5, 0.6), answers(0.9, 0.8), LABELS)
    assert comparison_json(again) == plain
