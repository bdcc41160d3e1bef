"""Statistics of features."""

from __future__ import annotations

import numpy as np

from engine.training.standardisation import fit_statistics
from tests.training.utterances import DIMS, utterances


def test_statistics_are_those_of_all_frames_together_whatever_the_batches():
    many = utterances(150, 0)
    found = fit_statistics(many, ("audio", "video"))
    for name in ("audio", "video"):
        frames = np.concatenate(many.frames[name]).astype(np.float64)
        assert np.allclose(found[name].mean, frames.mean(axis=0), atol=1e-6)
        assert np.allclose(found[name].std, frames.std(axis=0), atol=1e-6)


def test_a_modality_without_a_frame_does_not_divide_by_zero():
    empty = utterances(3, 0)
    empty.frames["text"][:] = [np.zeros((0, DIMS["text"]), np.float32)] * 3
    found = fit_statistics(empty, ("text",))
    assert np.isfinite(found["text"].mean).all()
    assert (found["text"].std > 0).all()
