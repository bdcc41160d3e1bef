"""Labelled utterances as models are trained on them, whatever they were read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.config import MAX_AUDIO_FRAMES, MAX_FACES, MAX_WORDS
from engine.types import FloatArray

IntArray = NDArray[np.int64]

MAX_FRAMES: Mapping[str, int] = {"audio": MAX_AUDIO_FRAMES, "video": MAX_FACES, "text": MAX_WORDS}
"""Longest utterance of each modality, in frames; the paper preset pads every utterance to it."""


@dataclass(frozen=True, slots=True)
class UtteranceBatch:
    """Some utterances, padded with zeros at the end.

    Attributes
    ----------
    inputs : per modality [b, t, d] f32.
    lengths : per modality [b], frames that hold data; 0 where the modality is absent.
    labels : [b]
    """

    inputs: dict[str, FloatArray]
    lengths: dict[str, IntArray]
    labels: IntArray


class UtteranceSet(Protocol):
    """The utterances of one split.

    Attributes
    ----------
    labels : [n]
    dims : features per frame of each modality that there is.
    """

    @property
    def labels(self) -> IntArray:
        """Labels, [n]."""

    @property
    def dims(self) -> Mapping[str, int]:
        """Features per frame of each modality."""

    def __len__(self) -> int:
        """Number of utterances."""

    def batch(self, rows: IntArray, modalities: Sequence[str], *, full: bool) -> UtteranceBatch:
        """Utterances ``rows`` [b], with some modalities.

        ``full`` pads to `MAX_FRAMES`, as the paper preset wants it; else the batch is as long as its longest utterance.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One division of a data set: models learn on ``train``, are chosen on ``dev`` and tested on ``test``."""

    name: str
    train: UtteranceSet
    dev: UtteranceSet
    test: UtteranceSet


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureOrigin:
    """Which features a data set holds; what a model learns on them runs on the same alone.

    Attributes
    ----------
    face_encoder, face_dim : None where there are no faces.
    vectors, text_dim : None where there are no words.
    mfcc : settings of the audio features, empty where there is no sound.
    """

    face_encoder: str | None = None
    face_dim: int | None = None
    vectors: str | None = None
    text_dim: int | None = None
    mfcc: Mapping[str, object] = field(default_factory=dict)


class Dataset(Protocol):
    """Labelled utterances in folds.

    Attributes
    ----------
    name : for titles.
    classes : label k means ``classes[k]``.
    folds : names of the folds.
    features : which features they are.
    fingerprint : changes when the data change.
    notes : remarks for the user.
    """

    @property
    def name(self) -> str:
        """Name for titles."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the labels 0, 1, ..."""

    @property
    def folds(self) -> tuple[str, ...]:
        """Names of the folds."""

    @property
    def features(self) -> FeatureOrigin:
        """Which features they are."""

    @property
    def fingerprint(self) -> str:
        """Changes when the data change."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for the user."""

    def open(self, fold: str) -> Fold:
        """Open one fold."""


def pad(frames: Sequence[FloatArray], dim: int, steps: int | None = None) -> tuple[FloatArray, IntArray]:
    """Stack sequences of unequal length, with zeros at the end.

    Parameters
    ----------
    frames : n of [t, dim]
    dim : features per frame
    steps : length to pad to; None for that of the longest, at least 1.

    Returns
    -------
    [n, steps, dim] f32, and the lengths [n]

    Examples
    --------
    >>> x, lengths = pad([np.ones((2, 1), np.float32), np.ones((0, 1), np.float32)], 1)
    >>> x[..., 0].tolist(), lengths.tolist()
    ([[1.0, 1.0], [0.0, 0.0]], [2, 0])
    """
    lengths = np.array([len(one) for one in frames], dtype=np.int64)
    x = np.zeros((len(frames), steps or max(1, int(lengths.max(initial=0))), dim), np.float32)
    for row, one in zip(x, frames, strict=True):
        row[: len(one)] = one
    return x, lengths
