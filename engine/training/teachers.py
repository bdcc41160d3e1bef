"""Branch teachers: models of one modality, trained once and kept in the cache; for faces, the encoder's own head."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from torch import Tensor, nn

from engine.config import Modality
from engine.features.face_cnn import FaceCNN
from engine.files import write_atomically
from engine.models.attention import mean_over_time
from engine.models.fusion import FusionModel, FusionOutput
from engine.training.dev import dev_trials
from engine.training.fusion import FusionTrainingConfig, fusion_config, train_fusion
from engine.training.windows import Corpora

log = logging.getLogger(__name__)

BRANCHES: dict[str, FusionTrainingConfig] = {
    "audio": FusionTrainingConfig(steps=3000, batch=48, log_every=500),
    "text": FusionTrainingConfig(steps=2700, batch=128, log_every=900),
}
"""Recipes of the branch teachers of voice and words."""


class FaceTeacher(nn.Module):
    """What the face encoder's own classifier says to the mean embedding of a window.

    Shapes
    ------
    video : [b, t, d], lengths["video"] : [b], at least 1 -> logits [b, 7]
    """

    def __init__(self, encoder: FaceCNN) -> None:
        super().__init__()
        self.head = encoder.head

    def forward(self, *, video: Tensor, lengths: Mapping[str, Tensor]) -> FusionOutput:
        """Classify each window."""
        return FusionOutput(self.head(mean_over_time(video, lengths["video"])), {})


def load_teacher(name: str, seed: int, train: Corpora, dev: Corpora, cache: Path) -> FusionModel:
    """Teacher of one modality with one seed: from the cache, or trained now and put there."""
    from filelock import FileLock
    from safetensors.torch import load_file, save

    modalities = (cast(Modality, name),)
    recipe = replace(BRANCHES[name], seed=seed)
    shape = fusion_config(train, "self", modalities)
    items = len(train.speech) if name == "audio" else len(train.text)
    key = hashlib.sha256(repr((recipe, shape, items)).encode()).hexdigest()[:16]
    stored = cache / f"teacher-{name}-{key}.safetensors"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(stored.with_suffix(".lock")):  # runs beside this one want the same teacher: one trains it
        if stored.is_file():
            model = FusionModel(shape)
            model.load_state_dict(load_file(stored))
            return model.eval()
        log.info("training the %s teacher, seed %d", name, seed)
        model, _ = train_fusion(recipe, train, dev_trials(dev, modalities), fusion="self", modalities=modalities)
        content = save(model.state_dict())
        write_atomically(stored, lambda draft: draft.write_bytes(content))
    return model
