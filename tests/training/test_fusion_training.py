"""Training of fusion models on corpora that can be learned."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.config import MODALITIES
from engine.training.calibration import fit_temperature
from engine.training.dev import dev_trials, logits_of, softmax
from engine.training.fusion import FusionTrainingConfig, train_fusion
from tests.training.corpora import tiny_corpora

QUICK = FusionTrainingConfig(steps=60, batch=16, log_every=60, average_decay=0.9, learning_rate=5e-3)


@pytest.mark.parametrize("fusion", ["self", "cross"])
def test_every_modality_is_learned(fusion):
    train, dev = tiny_corpora(seed=0), tiny_corpora(seed=1)
    _, looks = train_fusion(QUICK, train, dev_trials(dev, MODALITIES), fusion=fusion)
    scores = looks[-1].scores
    assert list(scores) == [
        "audio", "video", "text", "audio+video", "audio+text", "video+text", "audio+video+text",
    ]  # fmt: skip
    assert scores["audio+video+text"].accuracy > 0.9
    for name in MODALITIES:
        assert scores[name].accuracy > 0.5, name


def test_a_seed_fixes_the_weights():
    corpora = tiny_corpora()
    trials = dev_trials(corpora, ("text",))
    quick = FusionTrainingConfig(steps=10, batch=4, log_every=10)
    one, two = (train_fusion(quick, corpora, trials, fusion="self", modalities=("text",))[0] for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_a_teacher_lends_its_encoder():
    corpora = tiny_corpora()
    quick = FusionTrainingConfig(steps=10, batch=4, log_every=10, learning_rate=1e-9)
    teacher, _ = train_fusion(quick, corpora, dev_trials(corpora, ("text",)), fusion="self", modalities=("text",))
    model, _ = train_fusion(
        quick, corpora, dev_trials(corpora, MODALITIES), fusion="cross", teachers={"text": [teacher]}
    )
    lent, kept = teacher.encoders["text"].state_dict(), model.encoders["text"].state_dict()
    assert all(torch.allclose(lent[key], kept[key]) for key in lent)


def test_logits_do_not_depend_on_the_batch():
    corpora = tiny_corpora()
    trials = dev_trials(corpora, MODALITIES)
    model, _ = train_fusion(FusionTrainingConfig(steps=10, batch=4, log_every=10), corpora, trials, fusion="self")
    trial = trials[-1]
    whole = logits_of(model, trial)
    first = type(trial)(name="one", frames={k: v[:1] for k, v in trial.frames.items()}, labels=trial.labels[:1])
    assert np.allclose(whole[:1], logits_of(model, first), atol=1e-5)


def test_temperature_recovers_a_known_one():
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((4000, 7)) * 2
    labels = np.array([rng.choice(7, p=row) for row in softmax(logits)])
    assert fit_temperature([logits * 3], [labels]) == pytest.approx(3, rel=0.1)
