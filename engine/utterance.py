"""What was said without a long pause, and how it was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.config import EMOTIONS, Fusion
from engine.types import FloatArray, Prediction, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What was said without a long pause, and the mean of the predictions during it.

    Attributes
    ----------
    index : counts from 0.
    start_s, end_s : media time; while it is ``open``, ``end_s`` is how far it has come.
    open : its end is not known yet.
    words : as known now; ``final`` says that they stay so.
    missing : recognition failed while it was spoken: there may have been other words.
    probabilities : per fusion the mean over the predictions within it, [k]; empty without predictions.
    labels : the k classes, in the order of the probabilities.
    """

    index: int
    start_s: float
    end_s: float
    open: bool = False
    words: tuple[Word, ...] = ()
    final: bool = False
    probabilities: Mapping[Fusion, FloatArray] = field(default_factory=dict)
    labels: tuple[str, ...] = EMOTIONS
    missing: bool = False

    @property
    def text(self) -> str:
        """The words, separated by spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> str | None:
        """The most probable emotion of the mean over fusions, None without predictions."""
        if not self.probabilities:
            return None
        return self.labels[int(np.mean(list(self.probabilities.values()), axis=0).argmax())]


@dataclass(slots=True)
class UtteranceRecord:
    """An utterance in the making.

    ``sums`` are of probabilities, [k] f64 per fusion, and ``counts`` says over how many predictions each of them is.
    """

    start_s: float
    end_s: float
    open: bool = True
    words: tuple[Word, ...] = ()
    final: bool = False
    sums: dict[Fusion, NDArray[np.float64]] = field(default_factory=dict)
    counts: dict[Fusion, int] = field(default_factory=dict)
    labels: tuple[str, ...] = EMOTIONS
    missing: bool = False

    def count_in(self, prediction: Prediction, times: int) -> None:
        """Count a prediction into the mean (1), or out of it (-1)."""
        for fusion, outcome in prediction.outcomes.items():
            values = times * outcome.probabilities.astype(np.float64)
            self.sums[fusion] = self.sums[fusion] + values if fusion in self.sums else values
            self.counts[fusion] = self.counts.get(fusion, 0) + times
            self.labels = outcome.labels

    def frozen(self, index: int) -> Utterance:
        """As it is now."""
        means = {
            fusion: (total / self.counts[fusion]).astype(np.float32)
            for fusion, total in self.sums.items()
            if self.counts[fusion]
        }
        return Utterance(
            index=index,
            start_s=self.start_s,
            end_s=self.end_s,
            open=self.open,
            words=self.words,
            final=self.final,
            probabilities=means,
            labels=self.labels,
            missing=self.missing,
        )
