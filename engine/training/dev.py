"""Held-out items, and what a fusion model makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from engine.config import EMOTIONS
from engine.metrics import Scores, score
from engine.models.fusion import FusionModel
from engine.training.windows import Corpora, pad

_BATCH = 128
COMBINATIONS = 1400

Frames = Mapping[str, Sequence[np.ndarray]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Windows with one modality, or with all of them, and their labels [n]."""

    name: str
    frames: Frames
    labels: np.ndarray


def dev_trials(dev: Corpora, modalities: Sequence[str], text_corpus: str = "goemotions") -> list[Trial]:
    """One trial for every set of modalities, named by them joined with "+", single ones first.

    A modality alone is tried on the items of its corpus: faces are single pictures, clips are whole and plain, and
    sentences are those of ``text_corpus`` with one label. Several are tried on same-class combinations of these.
    """
    sentences = np.flatnonzero((dev.text.labels >= 0) & (dev.text.corpora == text_corpus))
    frames: dict[str, list[np.ndarray]] = {
        "audio": [views[0].astype(np.float32) for views in dev.speech.views],
        "video": [views[:1].astype(np.float32) for views in dev.faces.embeddings],
        "text": [dev.text.table[dev.text.rows[index]] for index in sentences],
    }
    labels = {"audio": dev.speech.labels, "video": dev.faces.labels, "text": dev.text.labels[sentences]}
    trials = [Trial(name=name, frames={name: frames[name]}, labels=labels[name]) for name in modalities]
    for count in range(2, len(modalities) + 1):
        trials += [_combinations(frames, labels, chosen) for chosen in combinations(modalities, count)]
    return trials


def _combinations(frames: Frames, labels: Mapping[str, np.ndarray], modalities: Sequence[str]) -> Trial:
    """The same number of windows of every class, each with one random item of it per modality."""
    rng = np.random.default_rng(0)
    classes = np.repeat(np.arange(len(EMOTIONS)), COMBINATIONS // len(EMOTIONS))
    joined: dict[str, list[np.ndarray]] = {}
    for name in modalities:
        of_class = [np.flatnonzero(labels[name] == k) for k in range(len(EMOTIONS))]
        joined[name] = [frames[name][int(rng.choice(of_class[k]))] for k in classes]
    return Trial(name="+".join(modalities), frames=joined, labels=classes)


@torch.no_grad()
def logits_of(model: FusionModel, trial: Trial) -> np.ndarray:
    """Logits of the model for every window of a trial. [n, 7]."""
    model.eval()
    parts = [model(**inputs, lengths=lengths).logits for inputs, lengths in trial_batches(trial, model.config.dims)]
    return torch.cat(parts).numpy()


def trial_batches(
    trial: Trial, dims: Mapping[str, int], rows: Sequence[int] | None = None, size: int = _BATCH
) -> Iterator[tuple[dict[str, Tensor], dict[str, Tensor]]]:
    """Inputs and lengths of the windows ``rows`` of a trial (None: all), for a model with these ``dims``."""
    rows = range(len(trial.labels)) if rows is None else rows
    for first in range(0, len(rows), size):
        padded = {}
        for name, dim in dims.items():
            nothing = np.zeros((0, dim), np.float32)
            padded[name] = pad(
                [trial.frames[name][i] if name in trial.frames else nothing for i in rows[first : first + size]]
            )
        yield {name: x for name, (x, _) in padded.items()}, {name: lengths for name, (_, lengths) in padded.items()}


def score_trials(model: FusionModel, trials: Sequence[Trial]) -> dict[str, Scores]:
    """Scores of every trial, by name."""
    return {trial.name: score(softmax(logits_of(model, trial)), trial.labels) for trial in trials}


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits. [n, k] -> [n, k]."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
