"""Statistics of features, and models that standardise with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch

from engine.corpora.utterances import UtteranceSet
from engine.models.encoders import TemporalEncoder
from engine.models.fusion import FusionModel
from engine.types import FloatArray

_BATCH = 64
_LEAST_STD = 1e-6


@dataclass(frozen=True, slots=True)
class Statistics:
    """Mean and standard deviation of each feature, [dim] f32 each."""

    mean: FloatArray
    std: FloatArray


def fit_statistics(utterances: UtteranceSet, modalities: Sequence[str]) -> dict[str, Statistics]:
    """Statistics over all frames that hold data, in one pass, whatever the size of the set.

    Batches are merged by Chan's formula, in double precision.

    Source: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983.
    """
    count = dict.fromkeys(modalities, 0)
    mean = {name: np.zeros(utterances.dims[name]) for name in modalities}
    squares = {name: np.zeros(utterances.dims[name]) for name in modalities}
    for first in range(0, len(utterances), _BATCH):
        rows = np.arange(first, min(first + _BATCH, len(utterances)))
        batch = utterances.batch(rows, modalities, full=False)
        for name in modalities:
            x = batch.inputs[name]
            frames = x[np.arange(x.shape[1]) < batch.lengths[name][:, None]].astype(np.float64)
            if not len(frames):
                continue
            here, total = frames.mean(axis=0), count[name] + len(frames)
            away = here - mean[name]
            squares[name] += np.square(frames - here).sum(axis=0) + away**2 * (count[name] * len(frames) / total)
            mean[name] += away * (len(frames) / total)
            count[name] = total
    return {
        name: Statistics(
            mean[name].astype(np.float32),
            np.maximum(np.sqrt(squares[name] / max(count[name], 1)), _LEAST_STD).astype(np.float32),
        )
        for name in modalities
    }


def install(model: FusionModel, statistics: Mapping[str, Statistics]) -> dict[str, Statistics]:
    """Give a model its statistics; returns those that its inputs must be standardised with from outside.

    The temporal preset carries them among its weights, the paper preset cannot.
    """
    if model.config.preset == "paper":
        return dict(statistics)
    for name, one in statistics.items():
        encoder = cast(TemporalEncoder, model.encoders[name])
        encoder.set_standardisation(torch.from_numpy(one.mean), torch.from_numpy(one.std))
    return {}
