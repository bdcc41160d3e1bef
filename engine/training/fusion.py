"""Training of fusion models on windows joined from three corpora."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import AUDIO_DIM, MODALITIES, Fusion, Modality
from engine.metrics import Scores
from engine.models.encoders import TemporalEncoder
from engine.models.fusion import FusionConfig, FusionModel, block_name
from engine.training.dev import Trial, score_trials
from engine.training.optimise import Fit, FitConfig
from engine.training.windows import Batch, Corpora, WindowRecipe, WindowSampler

log = logging.getLogger(__name__)

Teachers = Mapping[str, Sequence[nn.Module]]
"""Per modality, models that are called as a fusion model of that modality is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionTrainingConfig:
    """Recipe of a fusion model, or of a branch teacher when it has one modality.

    Attributes
    ----------
    steps, batch : optimiser steps, and windows per step.
    distillation : weight of the branch teachers' answer in the target of a modality that stands alone.
    log_every : steps between two looks at dev.
    seed : fixes initial weights and every random choice.
    """

    steps: int = 3500
    batch: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    average_decay: float = 0.998
    distillation: float = 0.5
    log_every: int = 1000
    seed: int = 0
    windows: WindowRecipe = field(default_factory=WindowRecipe)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What training has come to after some steps: mean loss since the last look, and dev scores by trial."""

    step: int
    learning_rate: float
    loss: float
    scores: Mapping[str, Scores]


def train_fusion(
    config: FusionTrainingConfig,
    train: Corpora,
    trials: Sequence[Trial],
    *,
    fusion: Fusion,
    modalities: tuple[Modality, ...] = MODALITIES,  # type: ignore[assignment]
    teachers: Teachers | None = None,
    on_look: Callable[[Look], None] = lambda look: None,
) -> tuple[FusionModel, tuple[Look, ...]]:
    """Train one model; returns its averaged weights, and how they scored on dev on the way.

    Parameters
    ----------
    teachers : branch models by modality. The first of each also lends its encoder as a start, if it has one.
    """
    torch.manual_seed(config.seed)
    teachers = teachers or {}
    model = FusionModel(fusion_config(train, fusion, modalities))
    standardise(model, train)
    for name, branch in teachers.items():
        if isinstance(branch[0], FusionModel):
            _start_from(model, branch[0], name)
    sampler = WindowSampler(train, config.windows, modalities, config.seed)
    fit = Fit(
        model,
        FitConfig(
            steps=config.steps,
            learning_rate=config.learning_rate,
            weight_decay=config.weight_decay,
            average_decay=config.average_decay,
        ),
    )
    began, total = time.monotonic(), 0.0
    looks: list[Look] = []
    for step in range(1, config.steps + 1):
        model.train()
        batch = sampler.batch(config.batch)
        target = _blend(batch, teachers, config.distillation)
        total += fit.step(F.cross_entropy(model(**batch.inputs, lengths=batch.lengths).logits, target))
        if step % config.log_every == 0 or step == config.steps:
            steps = step - (looks[-1].step if looks else 0)
            scores = score_trials(fit.averaged, trials)
            looks.append(Look(step=step, learning_rate=fit.learning_rate, loss=total / steps, scores=scores))
            log.info(
                "%s seed %d step %d loss %.3f %s (%.0f s)",
                fusion, config.seed, step, total / steps, brief(scores), time.monotonic() - began,
            )  # fmt: skip
            on_look(looks[-1])
            total = 0.0
    return fit.averaged.eval(), tuple(looks)


def brief(scores: Mapping[str, Scores]) -> str:
    """Scores on one line: accuracy, balanced accuracy and macro-F1 of every trial."""
    return "  ".join(
        f"{name} {one.accuracy:.3f}/{one.balanced_accuracy:.3f}/{one.macro_f1:.3f}" for name, one in scores.items()
    )


@torch.no_grad()
def standardise(model: FusionModel, train: Corpora) -> None:
    """Fix the standardisation of every encoder to the training features."""
    samples: dict[str, Callable[[], np.ndarray]] = {
        "audio": lambda: np.concatenate([views[i] for views in train.speech.views for i in (0, 1)]),
        "video": lambda: train.faces.embeddings[:, 0],
        "text": lambda: train.text.table[np.concatenate(train.text.rows)],
    }
    for name in model.config.modalities:
        values = samples[name]().astype(np.float32)
        encoder = cast(TemporalEncoder, model.encoders[name])
        encoder.set_standardisation(torch.from_numpy(values.mean(axis=0)), torch.from_numpy(values.std(axis=0)))


def fusion_config(train: Corpora, fusion: Fusion, modalities: tuple[Modality, ...]) -> FusionConfig:
    """Shape of the model for some corpora and modalities."""
    dims = {"audio": AUDIO_DIM, "video": train.faces.embeddings.shape[-1], "text": train.text.table.shape[1]}
    return FusionConfig(
        fusion=fusion,
        modalities=modalities,
        dims={name: dims[name] for name in modalities},
        input_dropout={"audio": 0.1, "video": 0.1, "text": 0.25},
        head_dropout=0.3,
    )


def _start_from(model: FusionModel, branch: FusionModel, name: str) -> None:
    """Begin with the encoder, and the self-attention if there is one, of a branch model."""
    model.encoders[name].load_state_dict(branch.encoders[name].state_dict())
    block = block_name(name, name)
    if block in model.attention:
        model.attention[block].load_state_dict(branch.attention[block].state_dict())


@torch.no_grad()
def _blend(batch: Batch, teachers: Teachers, share: float) -> Tensor:
    """The target, blended with the mean answer of the branch teachers where one modality stands alone."""
    here = [name for name, lengths in batch.lengths.items() if bool((lengths > 0).all())]
    if len(here) != 1 or here[0] not in teachers or not share:
        return batch.target
    name = here[0]
    answers = [
        teacher(**{name: batch.inputs[name]}, lengths={name: batch.lengths[name]}).logits.softmax(dim=1)
        for teacher in teachers[name]
    ]
    return (1 - share) * batch.target + share * torch.stack(answers).mean(dim=0)
