"""Models find what was planted in published folds, and only that."""

from __future__ import annotations

import pytest
import torch

from engine.corpora.folds import open_folds
from engine.corpora.utterances import Fold
from engine.models.fusion import FusionConfig
from engine.training.batches import predict
from engine.training.protocol import Protocol
from engine.training.trainer import train
from tests.corpora.planted import write_planted_folds

FOUND, CHANCE = 0.9, 0.75
"""Least accuracy of a model that has found it, and most of one that guesses between two classes, 45 times."""

AV, VT, AVT = ("audio", "video"), ("video", "text"), ("audio", "video", "text")
CELLS = [
    ("text", "paper", "self", ("text",), True),
    ("text", "temporal", "self", ("text",), True),
    ("text", "temporal", "self", ("video",), False),
    ("text", "temporal", "cross", VT, True),
    ("audio", "temporal", "self", ("audio",), True),
    ("audio", "temporal", "cross", VT, False),
    ("audio", "temporal", "self", AVT, True),
    # A relation between what is seen and what is said: neither tells anything alone.
    ("video+text", "temporal", "self", ("video",), False),
    ("video+text", "temporal", "self", ("text",), False),
    ("video+text", "temporal", "self", AV, False),
    ("video+text", "temporal", "cross", VT, True),
    # Self-attention finds it too: the standard deviation over its blocks relates them.
    ("video+text", "temporal", "self", VT, True),
    ("video+text", "temporal", "cross+self", VT, True),
]


@pytest.fixture(scope="module")
def folds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fold]:
    found = {}
    for where in ("text", "audio", "video+text"):
        folder = tmp_path_factory.mktemp("planted")
        write_planted_folds(folder, where=where, utterances=280, seed=0, dims={"audio": 6, "video": 8, "text": 8})
        found[where] = open_folds(folder, face_encoder="noise", vectors="noise").open("fold01")
    return found


@pytest.mark.parametrize(("where", "preset", "fusion", "modalities", "there"), CELLS)
def test_what_was_planted_is_found_and_nothing_else(folds, where, preset, fusion, modalities, there):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    fold = folds[where]
    config = FusionConfig(
        fusion=fusion,
        preset=preset,
        modalities=modalities,
        dims={name: fold.train.dims[name] for name in modalities},
        classes=2,
    )
    protocol = Protocol.of(preset, learning_rate=3e-3, max_epochs=6)
    run = train(config, protocol, fold, seed=1)
    right = predict(run.model, fold.test, protocol, run.standardisation).argmax(axis=1) == fold.test.labels
    torch.set_num_threads(threads)
    assert len(right) >= 35
    assert right.mean() >= FOUND if there else right.mean() <= CHANCE, f"{right.mean():.2f} of {len(right)}"
