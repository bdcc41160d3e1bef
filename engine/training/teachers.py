"""Branch teachers: models of one modality, trained once and kept in the cache."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import cast

from engine.config import Modality
from engine.models.checkpoint import write_atomically
from engine.models.fusion import FusionModel
from engine.training.dev import dev_trials
from engine.training.fusion import FusionTrainingConfig, fusion_config, train_fusion
from engine.training.windows import Corpora

log = logging.getLogger(__name__)

BRANCHES: dict[str, FusionTrainingConfig] = {
    "audio": FusionTrainingConfig(steps=3000, batch=48, log_every=500),
    "text": FusionTrainingConfig(steps=2700, batch=128, log_every=900),
}
"""Recipes of the branch teachers. Faces need none: the face encoder was taught by its own labels."""


def load_teacher(name: str, seed: int, train: Corpora, dev: Corpora, cache: Path) -> FusionModel:
    """Teacher of one modality with one seed: from the cache, or trained now and put there."""
    from safetensors.torch import load_file, save_file

    modalities = (cast(Modality, name),)
    recipe = replace(BRANCHES[name], seed=seed)
    shape = fusion_config(train, "self", modalities)
    items = len(train.speech) if name == "audio" else len(train.text)
    key = hashlib.sha256(repr((recipe, shape, items)).encode()).hexdigest()[:16]
    stored = cache / f"teacher-{name}-{key}.safetensors"
    if stored.is_file():
        model = FusionModel(shape)
        model.load_state_dict(load_file(stored))
        return model.eval()
    log.info("training the %s teacher, seed %d", name, seed)
    model, _ = train_fusion(recipe, train, dev_trials(dev, modalities), fusion="self", modalities=modalities)
    write_atomically(stored, lambda draft: save_file(model.state_dict(), draft))
    return model
