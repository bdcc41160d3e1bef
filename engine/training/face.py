"""Training of the bundled face encoder."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.config import EMOTIONS
from engine.features.face_cnn import FACE_SIZE, FaceCNN, FaceCNNConfig
from engine.metrics import Scores, score
from engine.training.face_augment import FaceAugmentation
from engine.training.face_data import FaceSet, to_input
from engine.training.optimise import Fit, FitConfig

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceTrainingConfig:
    """Recipe of the face encoder.

    Attributes
    ----------
    width : channels of the network's first layer.
    epochs : passes over the training faces.
    small_epochs : of these, the first ones, seen at ``small_size`` pixels, which cost half as much.
    batch : faces per step.
    learning_rate, weight_decay : of AdamW; the rate is the peak of one cycle.
    soft_share : weight of the annotators' vote distribution in the target; the rest is the label.
    rarity_power : faces of a class with n examples are drawn in proportion to ``n ** -rarity_power``.
    average_decay : decay of the averaged weights, which are the ones kept.
    seed : fixes initial weights, order and augmentation.
    """

    width: int = 32
    epochs: int = 34
    small_epochs: int = 16
    small_size: int = 36
    batch: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    soft_share: float = 0.6
    rarity_power: float = 0.25
    average_decay: float = 0.998
    seed: int = 0


def train_face(
    config: FaceTrainingConfig, train: FaceSet, dev: dict[str, FaceSet]
) -> tuple[FaceCNN, dict[str, Scores]]:
    """Train a :class:`FaceCNN`; returns its averaged weights and their scores on every dev set."""
    torch.manual_seed(config.seed)
    model = FaceCNN(FaceCNNConfig(width=config.width)).to(memory_format=torch.channels_last)
    fit = Fit(
        model,
        FitConfig(
            steps=config.epochs * (len(train) // config.batch),
            learning_rate=config.learning_rate,
            weight_decay=config.weight_decay,
            average_decay=config.average_decay,
            clip=float("inf"),
        ),
    )
    augment = FaceAugmentation(config.seed)
    scores: dict[str, Scores] = {}
    for epoch in range(config.epochs):
        began = time.monotonic()
        size = config.small_size if epoch < config.small_epochs else FACE_SIZE
        model.train()
        losses = []
        for faces, target in _batches(train, config, epoch):
            x = augment(faces)
            if size != FACE_SIZE:
                x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                _, logits = model(x.contiguous(memory_format=torch.channels_last))
            losses.append(fit.step(F.cross_entropy(logits.float(), target)))
        scores = {name: score_faces(fit.averaged, faces) for name, faces in dev.items()}
        text = "  ".join(f"{name} {one.accuracy:.4f}/{one.macro_f1:.4f}" for name, one in scores.items())
        log.info("epoch %d loss %.4f %s (%.0f s)", epoch, np.mean(losses), text, time.monotonic() - began)
    return fit.averaged.eval(), scores


def _batches(train: FaceSet, config: FaceTrainingConfig, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Faces [b, 1, 48, 48] in 0..1 and target distributions [b, 7] of one epoch."""
    rng = np.random.default_rng([config.seed, epoch])
    counts = np.bincount(train.labels, minlength=len(EMOTIONS))
    weight = counts[train.labels] ** -config.rarity_power
    order = rng.choice(len(train), size=len(train), p=weight / weight.sum())
    hard = np.eye(len(EMOTIONS), dtype=np.float32)[train.labels]
    target = config.soft_share * train.soft + (1 - config.soft_share) * hard
    for first in range(0, len(order) - config.batch + 1, config.batch):
        index = order[first : first + config.batch]
        yield to_input(train.images[index]), torch.from_numpy(target[index].astype(np.float32))


@torch.no_grad()
def score_faces(model: FaceCNN, faces: FaceSet) -> Scores:
    """Scores of the network's own head on labelled faces."""
    model.eval()
    logits = [model(to_input(faces.images[i : i + 256]))[1] for i in range(0, len(faces), 256)]
    return score(torch.cat(logits).softmax(dim=1).numpy(), faces.labels)
