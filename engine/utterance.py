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
    probabilities : per fusion the mean over the predictions within it, [7]; empty without predictions.
    """

    index: int
    start_s: float
    end_s: float
    open: bool = False
    words: tuple[Word, ...] = ()
    final: bool = False
    probabilities: Mapping[Fusion, FloatArray] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words, separated by spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> str | None:
        """The most probable emotion of the mean over fusions, None without predictions."""
        if not self.probabilities:
            return None
        return EMOTIONS[int(np.mean(list(self.probabilities.values()), axis=0).argmax())]


@dataclass(slots=True)
class UtteranceRecord:
    """An utterance in the making; ``sums`` are of probabilities, [7] f64 per fusion."""

    start_s: float
    end_s: float
    open: bool = True
    words: tuple[Word, ...] = ()
    final: bool = False
    sums: dict[Fusion, NDArray[np.float64]] = field(default_factory=dict)
    count: int = 0

    def count_in(self, prediction: Prediction, times: int) -> None:
        """Count a prediction into the mean (1), or out of it (-1)."""
        for fusion, outcome in prediction.outcomes.items():
            values = times * outcome.probabilities.astype(np.float64)
            self.sums[fusion] = self.sums[fusion] + values if fusion in self.sums else values
        self.count += times

    def frozen(self, index: int) -> Utterance:
        """As it is now."""
        means = {fusion: (total / self.count).astype(np.float32) for fusion, total in self.sums.items() if self.count}
        return Utterance(
            index=index,
            start_s=self.start_s,
            end_s=self.end_s,
            open=self.open,
            words=self.words,
            final=self.final,
            probabilities=means,
        )
