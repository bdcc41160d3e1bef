"""Small utterance sets in memory, whose class one modality tells at a moment of its own in each utterance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.corpora.utterances import MAX_FRAMES, Fold, IntArray, UtteranceBatch, pad

DIMS = {"audio": 5, "video": 8, "text": 6}
CLASSES = 3


@dataclass(frozen=True)
class Utterances:
    """Frames of every utterance by modality, and labels."""

    frames: dict[str, list[np.ndarray]]
    labels: IntArray
    dims: dict[str, int]

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, rows: IntArray, modalities: Sequence[str], *, full: bool) -> UtteranceBatch:
        padded = {
            name: pad([self.frames[name][i] for i in rows], self.dims[name], MAX_FRAMES[name] if full else None)
            for name in modalities
        }
        return UtteranceBatch(
            {name: x for name, (x, _) in padded.items()},
            {name: lengths for name, (_, lengths) in padded.items()},
            self.labels[rows],
        )


def utterances(n: int, seed: int, telling: str = "video") -> Utterances:
    """Noise, with one frame of ``telling`` that shows the class."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, n)
    signs = 3 * np.random.default_rng(5).standard_normal((CLASSES, DIMS[telling])).astype(np.float32)
    frames = {
        name: [rng.standard_normal((int(rng.integers(3, 9)), dim)).astype(np.float32) for _ in range(n)]
        for name, dim in DIMS.items()
    }
    for frame, label in zip(frames[telling], labels, strict=True):
        frame[int(rng.integers(len(frame)))] += signs[label]
    return Utterances(frames, labels, DIMS)


def tiny_fold(telling: str = "video", n: int = 120) -> Fold:
    """A fold whose three splits show classes alike."""
    return Fold(
        name="one", train=utterances(n, 0, telling), dev=utterances(40, 1, telling), test=utterances(40, 2, telling)
    )
