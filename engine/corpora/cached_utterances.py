"""Utterances whose features lie in a cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.corpora.feature_cache import Stored
from engine.corpora.utterances import MAX_FRAMES, IntArray, UtteranceBatch, pad
from engine.types import FloatArray


@dataclass(frozen=True, slots=True)
class CachedUtterance:
    """Features of one item.

    Attributes
    ----------
    label : its label.
    stored : files of the cache, by modality.
    text : vectors of its words, [t, d], or None.
    """

    label: int
    stored: Mapping[str, Stored]
    text: FloatArray | None

    def frames(self, modality: str, dim: int) -> FloatArray:
        """Features of a modality, [t, dim]; none where it is absent."""
        if modality == "text" and self.text is not None:
            return self.text
        found = self.stored.get(modality)
        return np.zeros((0, dim), np.float32) if found is None else found.read()


class CachedUtterances:
    """Utterances whose voice and faces are read from the cache when they are needed.

    Parameters
    ----------
    utterances : what they are.
    dims : features per frame of each modality.
    """

    def __init__(self, utterances: Sequence[CachedUtterance], dims: Mapping[str, int]) -> None:
        self._utterances = tuple(utterances)
        self.dims = dict(dims)
        self.labels: IntArray = np.array([one.label for one in utterances], dtype=np.int64)
        self.labels.flags.writeable = False

    def __len__(self) -> int:
        return len(self._utterances)

    def batch(self, rows: IntArray, modalities: Sequence[str], *, full: bool) -> UtteranceBatch:
        """Utterances ``rows`` [b], with some modalities.

        Raises
        ------
        DataError
            When a file of the cache was removed meanwhile.
        """
        chosen = [self._utterances[int(row)] for row in rows]
        inputs, lengths = {}, {}
        for name in modalities:
            dim = self.dims[name]
            frames = [one.frames(name, dim) for one in chosen]
            inputs[name], lengths[name] = pad(frames, dim, MAX_FRAMES[name] if full else None)
        return UtteranceBatch(inputs, lengths, self.labels[rows])
