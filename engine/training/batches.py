"""Utterances as a model takes them, and what it makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor

from engine.corpora.utterances import UtteranceBatch, UtteranceSet
from engine.models.fusion import FusionConfig, FusionModel
from engine.training.protocol import Protocol
from engine.training.standardisation import Statistics

_EVALUATION_BATCH = 64


@torch.no_grad()
def predict(
    model: FusionModel, utterances: UtteranceSet, protocol: Protocol, statistics: Mapping[str, Statistics]
) -> np.ndarray:
    """Logits of all utterances, in their order. [n, classes] f32."""
    model.eval()
    device = next(model.parameters()).device
    parts = [
        model(**inputs, lengths=lengths, maps=False).logits
        for inputs, lengths, _ in batches(utterances, model.config, protocol, statistics, device)
    ]
    return np.asarray(torch.cat(parts).float().cpu().numpy())


Prepared = tuple[dict[str, Tensor], dict[str, Tensor] | None, Tensor]
"""Inputs and lengths per modality, and labels, of a batch on the device."""


def batches(
    utterances: UtteranceSet,
    config: FusionConfig,
    protocol: Protocol,
    statistics: Mapping[str, Statistics],
    device: torch.device,
) -> Iterator[Prepared]:
    """All utterances in their order, in batches for evaluation."""
    for first in range(0, len(utterances), _EVALUATION_BATCH):
        rows = np.arange(first, min(first + _EVALUATION_BATCH, len(utterances)))
        yield prepare(utterances, rows, config, protocol, statistics, device)


def prepare(
    utterances: UtteranceSet,
    rows: np.ndarray,
    config: FusionConfig,
    protocol: Protocol,
    statistics: Mapping[str, Statistics],
    device: torch.device,
) -> Prepared:
    """Some utterances as the model takes them: standardised if so wished, without lengths where nothing is masked."""
    batch = utterances.batch(rows, config.modalities, full=not protocol.masks)
    inputs = {str(name): _tensor(_standardised(name, batch, statistics), device) for name in config.modalities}
    lengths = {name: torch.from_numpy(batch.lengths[name]) for name in inputs} if protocol.masks else None
    return inputs, lengths, _tensor(batch.labels, device)


def _standardised(name: str, batch: UtteranceBatch, statistics: Mapping[str, Statistics]) -> np.ndarray:
    """Features of the paper preset, standardised where they hold data; padding stays zero."""
    x = batch.inputs[name]
    if name not in statistics:
        return x
    one, steps = statistics[name], np.arange(x.shape[1])
    return np.where((steps < batch.lengths[name][:, None])[:, :, None], (x - one.mean) / one.std, 0).astype(np.float32)


def _tensor(values: np.ndarray, device: torch.device) -> Tensor:
    tensor = torch.from_numpy(np.require(values, requirements="W"))  # labels of a set are read-only
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)
