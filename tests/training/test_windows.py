"""Training windows: shapes, absence, repeatability."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.config import AUDIO_DIM, MODALITIES
from engine.training.windows import WindowRecipe, WindowSampler, pad
from tests.training.corpora import FACE_DIM, TEXT_DIM, tiny_corpora

DIMS = {"audio": AUDIO_DIM, "video": FACE_DIM, "text": TEXT_DIM}


@pytest.fixture(scope="module")
def corpora():
    return tiny_corpora()


def test_batches_are_padded_windows_of_one_subset(corpora):
    sampler = WindowSampler(corpora, WindowRecipe(), MODALITIES, seed=1)
    seen = set()
    for _ in range(60):
        batch = sampler.batch(5)
        present = tuple(name for name in MODALITIES if bool((batch.lengths[name] > 0).all()))
        absent = tuple(name for name in MODALITIES if bool((batch.lengths[name] == 0).all()))
        assert set(present) | set(absent) == set(MODALITIES)
        seen.add(present)
        for name in MODALITIES:
            assert batch.inputs[name].shape[::2] == (5, DIMS[name])
            assert batch.inputs[name].shape[1] == max(1, int(batch.lengths[name].max()))
        assert torch.allclose(batch.target.sum(dim=1), torch.ones(5))
    assert len(seen) == 7


def test_joined_items_share_their_class(corpora):
    sampler = WindowSampler(corpora, WindowRecipe(subsets={MODALITIES: 1.0}), MODALITIES, seed=2)
    for _ in range(20):
        items, target = sampler._draw(MODALITIES)
        labels = {
            corpora.speech.labels[items["audio"]],
            corpora.faces.labels[items["video"]],
            corpora.text.labels[items["text"]],
        }
        assert labels == {int(target.argmax())}


def test_same_seed_same_windows(corpora):
    one, two = (WindowSampler(corpora, WindowRecipe(), MODALITIES, seed=3) for _ in range(2))
    for _ in range(5):
        a, b = one.batch(4), two.batch(4)
        assert torch.equal(a.target, b.target)
        assert all(torch.equal(a.inputs[name], b.inputs[name]) for name in MODALITIES)


def test_a_model_of_one_modality_gets_only_that(corpora):
    batch = WindowSampler(corpora, WindowRecipe(), ("text",), seed=4).batch(3)
    assert set(batch.inputs) == {"text"}
    assert bool((batch.lengths["text"] > 0).all())


def test_class_frequencies_follow_the_recipe():
    corpora = tiny_corpora(per_class=3)
    natural = WindowSampler(corpora, WindowRecipe(item_classes=dict.fromkeys(MODALITIES, 1.0)), MODALITIES, seed=0)
    assert np.allclose(np.diff(natural._cumulative["video"]), 1 / 21)


def test_pad_keeps_lengths_and_zeros_the_rest():
    x, lengths = pad([np.ones((2, 3), np.float32), np.zeros((0, 3), np.float32)])
    assert lengths.tolist() == [2, 0]
    assert x.shape == (2, 2, 3)
    assert float(x.sum()) == 6
