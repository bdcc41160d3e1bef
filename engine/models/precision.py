"""Whether a model may run in half precision: only where that changes next to nothing, on windows that never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch

from engine.config import Fusion, Modality
from engine.models.encoders import TemporalEncoder
from engine.models.fusion import FusionModel
from engine.models.fusion_config import MAX_FRAMES
from engine.models.runner import Batch, Result
from engine.types import FloatArray

TOLERANCE = 1e-2
"""Largest difference of a logit."""

_WINDOWS = 8
_FRAMES: Mapping[Modality, tuple[int, ...]] = {"audio": (1000, 310, 55), "video": (32, 9, 2), "text": (25, 7, 1)}


def fixed_windows(models: Mapping[Fusion, FusionModel]) -> list[dict[Fusion, Batch]]:
    """Batches of one, for all models: noise as strong as what they were trained with, in several lengths.

    In half of them a modality is absent. They are the same on every machine.
    """
    random = np.random.default_rng(0)
    return [{fusion: _noise(model, random, number) for fusion, model in models.items()} for number in range(_WINDOWS)]


def close_results(exact: Sequence[Mapping[Fusion, Result]], other: Sequence[Mapping[Fusion, Result]]) -> bool:
    """Whether every logit is within `TOLERANCE` of the exact one."""
    return all(bool((np.abs(ours - theirs) <= TOLERANCE).all()) for ours, theirs in _pairs(exact, other))


def same_results(exact: Sequence[Mapping[Fusion, Result]], other: Sequence[Mapping[Fusion, Result]]) -> bool:
    """Whether every logit is within `TOLERANCE` of the exact one, and every top class the same."""
    tops = all(bool((ours.argmax(1) == theirs.argmax(1)).all()) for ours, theirs in _pairs(exact, other))
    return tops and close_results(exact, other)


def on_processor(models: Mapping[Fusion, FusionModel], batches: Mapping[Fusion, Batch]) -> dict[Fusion, Result]:
    """What the models themselves make of batches, without maps."""
    results = {}
    with torch.inference_mode():
        for fusion, batch in batches.items():
            tensors = {name: torch.from_numpy(x) for name, x in batch.inputs.items()}
            output = models[fusion](**tensors, present=torch.from_numpy(batch.present), maps=False)
            results[fusion] = Result(output.logits.numpy(), {})
    return results


def _pairs(
    exact: Sequence[Mapping[Fusion, Result]], other: Sequence[Mapping[Fusion, Result]]
) -> Iterator[tuple[FloatArray, FloatArray]]:
    for one, two in zip(exact, other, strict=True):
        for fusion, result in one.items():
            yield result.logits, two[fusion].logits


def _noise(model: FusionModel, random: np.random.Generator, number: int) -> Batch:
    config = model.config
    absent = number // 2 % len(config.modalities) if number % 2 and len(config.modalities) > 1 else None
    inputs: dict[str, FloatArray] = {}
    for index, name in enumerate(config.modalities):
        frames = 1 if index == absent else _FRAMES[name][(number + index) % len(_FRAMES[name])]
        x = random.normal(size=(1, frames, config.dims[name])).astype(np.float32)
        inputs[name] = _as_trained(model, name, x, here=index != absent)
    present = np.array([[index != absent for index in range(len(config.modalities))]])
    return Batch(inputs, present)


def _as_trained(model: FusionModel, name: Modality, x: FloatArray, *, here: bool) -> FloatArray:
    """Standard noise with a model's own statistics; padded for the paper preset."""
    if model.config.preset == "paper":
        return np.pad(x * np.float32(here), ((0, 0), (0, MAX_FRAMES[name] - x.shape[1]), (0, 0)))
    encoder = model.encoders[name]
    assert isinstance(encoder, TemporalEncoder)
    values: FloatArray = x / encoder.scale.numpy() + encoder.mean.numpy()
    return values
