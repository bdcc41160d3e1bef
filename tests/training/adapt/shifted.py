"""A small model that is good at one person's utterances, and another person who shows two classes the other way."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

from engine.corpora.utterances import Fold
from engine.models.card import CheckpointCard
from engine.models.fusion import FusionConfig
from engine.training.adapt.fit import Parent
from engine.training.adapt.recipe import AdaptationRecipe
from engine.training.protocol import Protocol
from engine.training.trainer import train
from tests.training.utterances import CLASSES, DIMS, Utterances, utterances

LABELS = ("anger", "happy", "sad")
QUICK = AdaptationRecipe(epochs=8, learning_rate=2e-2, cut=0.0, leave_out=0.0, parent_share=0.0)
"""Learns the other person in a second; cut items of a few frames would often lack the one that tells."""

CONFIG = FusionConfig(
    fusion="cross", modalities=("audio", "video", "text"), dims=DIMS, hidden=6, heads=2, classes=CLASSES
)


def card(**changes: object) -> CheckpointCard:
    fields: dict[str, object] = {
        "face_encoder": "own", "face_dim": DIMS["video"], "vectors": "own", "text_dim": DIMS["text"], "labels": LABELS,
    }  # fmt: skip
    return CheckpointCard(**(fields | changes))  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def parent() -> Parent:
    """Trained on what the first person shows."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        fold = Fold(name="one", train=utterances(120, 0), dev=utterances(40, 1), test=utterances(40, 2))
        run = train(CONFIG, Protocol.of("temporal", max_epochs=8, learning_rate=5e-3), fold, seed=0)
    finally:
        torch.set_num_threads(before)
    return Parent(run.model, card(temperatures={"audio+video+text": 1.5}))


def another(n: int, seed: int = 3) -> Utterances:
    """Utterances of the other person, whose first two classes look like each other's of the first."""
    found = utterances(n, seed)
    swapped = np.array([1, 0, 2])[found.labels]
    return Utterances(found.frames, swapped, found.dims)
