"""Windows as live use meets them, made from whole items: cut short, at another level, with modalities missing."""

from __future__ import annotations

import numpy as np

from engine.corpora.utterances import UtteranceBatch
from engine.training.adapt.recipe import AdaptationRecipe
from engine.types import FloatArray

_LEAST_FRAMES = {"audio": 60, "video": 1, "text": 1}
"""What a cut leaves at least: 0.6 s of sound, a face, a word."""

_SHORTEST = 0.4
"""Share of an item that a cut leaves at least."""

_LEVEL_SPREAD = 20.0
"""Standard deviation of the change of level, in units of the first cepstral coefficient (about 20 dB)."""


def vary(batch: UtteranceBatch, recipe: AdaptationRecipe, rng: np.random.Generator) -> UtteranceBatch:
    """Another view of some items, with the lengths and values that a live window of each might have.

    Parameters
    ----------
    batch : whole items; is not changed.
    recipe : how often what happens.
    rng : draws.
    """
    inputs = {name: x.copy() for name, x in batch.inputs.items()}
    lengths = {name: one.copy() for name, one in batch.lengths.items()}
    for row in range(len(batch.labels)):
        if rng.random() < recipe.cut:
            _cut(inputs, lengths, row, rng)
        here = [name for name in lengths if lengths[name][row]]
        if len(here) > 1 and rng.random() < recipe.leave_out:
            kept = rng.choice(len(here), size=int(rng.integers(1, len(here))), replace=False)
            for name in set(here) - {here[int(index)] for index in kept}:
                inputs[name][row] = 0
                lengths[name][row] = 0
        if "audio" in inputs and recipe.cut:
            count = int(lengths["audio"][row])
            inputs["audio"][row, :count, 0] += rng.normal(0, _LEVEL_SPREAD)
    return UtteranceBatch(inputs, lengths, batch.labels)


def _cut(inputs: dict[str, FloatArray], lengths: dict[str, np.ndarray], row: int, rng: np.random.Generator) -> None:
    """Keep one stretch of an item, the same of each modality; words lose their end alone."""
    share = rng.uniform(_SHORTEST, 1)
    start = rng.uniform(0, 1 - share)
    for name, x in inputs.items():
        count = int(lengths[name][row])
        left = max(min(count, _LEAST_FRAMES[name]), round(share * count))
        first = 0 if name == "text" else min(round(start * count), count - left)
        kept = x[row, first : first + left].copy()
        x[row] = 0
        x[row, :left] = kept
        lengths[name][row] = left
