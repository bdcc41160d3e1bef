"""Everything that a session has found so far, small enough to keep for hours."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from engine.config import EMOTIONS, MODALITIES, Fusion
from engine.types import FloatArray, Prediction, Word

Moment = tuple[float, Prediction | None]
"""A point of the prediction grid and its prediction; None where nothing was there to predict from."""


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
class _Record:
    """An utterance in the making; ``sums`` are of probabilities, [7] f64 per fusion."""

    start_s: float
    end_s: float
    open: bool = True
    words: tuple[Word, ...] = ()
    final: bool = False
    sums: dict[Fusion, NDArray[np.float64]] = field(default_factory=dict)
    count: int = 0

    def frozen(self, index: int) -> Utterance:
        """As it is now."""
        means = {fusion: (total / self.count).astype(np.float32) for fusion, total in self.sums.items()}
        return Utterance(
            index=index,
            start_s=self.start_s,
            end_s=self.end_s,
            open=self.open,
            words=self.words,
            final=self.final,
            probabilities=means,
        )


class Timeline:
    """Predictions, utterances and words of a session, in order of time.

    One thread writes, any thread reads; what is read never changes. Attention maps are large, so
    only the newest predictions keep theirs.

    Parameters
    ----------
    maps_kept : how many of the newest predictions keep their attention maps.
    """

    def __init__(self, maps_kept: int = 1) -> None:
        self._maps_kept = max(1, maps_kept)
        self._lock = threading.RLock()
        self._predictions: list[Prediction] = []
        self._grid: list[tuple[float, int | None]] = []  # time, and which prediction
        self._records: dict[int, _Record] = {}
        self._utterances: dict[int, Utterance] = {}  # those that have not changed since they were read
        self._present = dict.fromkeys(MODALITIES, 0)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Every point of the prediction grid so far, with its prediction or None."""
        with self._lock:
            return tuple((pts_s, None if at is None else self._predictions[at]) for pts_s, at in self._grid)

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """All predictions so far."""
        with self._lock:
            return tuple(self._predictions)

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """All utterances so far, the last of which may be open."""
        with self._lock:
            return tuple(self._utterance(index) for index in self._records)

    @property
    def words(self) -> tuple[Word, ...]:
        """All final words so far."""
        return tuple(chain.from_iterable(one.words for one in self.utterances if one.final))

    @property
    def share_present(self) -> dict[str, float]:
        """Share of the moments at which each modality was present, 0..1."""
        with self._lock:
            total = max(1, len(self._grid))
            return {name: count / total for name, count in self._present.items()}

    def newest(self, position_s: float | None = None) -> tuple[float | None, Prediction | None]:
        """What holds at ``position_s``, by default at the newest moment.

        Returns
        -------
        Time of the newest moment until then, None before the first; and the newest prediction until
        then. A prediction older than the moment means that nothing has been there since.
        """
        with self._lock:
            if position_s is None:
                moments, predictions = len(self._grid), len(self._predictions)
            else:
                moments = bisect_right(self._grid, position_s, key=lambda one: one[0])
                predictions = bisect_right(self._predictions, position_s, key=lambda one: one.pts_s)
            moment_s = self._grid[moments - 1][0] if moments else None
            return moment_s, self._predictions[predictions - 1] if predictions else None

    def add(self, pts_s: float, prediction: Prediction | None) -> None:
        """Add the next point of the grid, and its prediction to the mean of its utterance."""
        with self._lock:
            self._grid.append((pts_s, None if prediction is None else len(self._predictions)))
            if prediction is None:
                return
            self._predictions.append(prediction)
            old = len(self._predictions) - 1 - self._maps_kept
            if old >= 0:
                self._predictions[old] = _without_maps(self._predictions[old])
            for name in prediction.present:
                self._present[name] += 1
            if prediction.utterance is not None:
                _count(self._records[prediction.utterance], prediction)
                self._utterances.pop(prediction.utterance, None)

    def start_utterance(self, index: int, start_s: float) -> None:
        """An utterance has begun; each has a higher index than those before."""
        with self._lock:
            self._records[index] = _Record(start_s=start_s, end_s=start_s)

    def extend_utterance(self, index: int, until_s: float) -> None:
        """An open utterance has come as far as ``until_s``."""
        with self._lock:
            record = self._records[index]
            if record.open and until_s > record.end_s:
                record.end_s = until_s
                self._utterances.pop(index, None)

    def end_utterance(self, index: int, end_s: float) -> None:
        """An utterance has ended."""
        with self._lock:
            record = self._records[index]
            record.end_s, record.open = end_s, False
            self._utterances.pop(index, None)

    def set_words(self, index: int, words: tuple[Word, ...], *, final: bool) -> None:
        """Replace all words of an utterance; once final they stay."""
        with self._lock:
            record = self._records[index]
            if final or not record.final:
                record.words, record.final = words, final
                self._utterances.pop(index, None)

    def _utterance(self, index: int) -> Utterance:
        if index not in self._utterances:
            self._utterances[index] = self._records[index].frozen(index)
        return self._utterances[index]


def _without_maps(prediction: Prediction) -> Prediction:
    outcomes = {fusion: replace(outcome, attention=()) for fusion, outcome in prediction.outcomes.items()}
    return replace(prediction, outcomes=outcomes)


def _count(record: _Record, prediction: Prediction) -> None:
    for fusion, outcome in prediction.outcomes.items():
        values = outcome.probabilities.astype(np.float64)
        record.sums[fusion] = record.sums[fusion] + values if fusion in record.sums else values
    record.count += 1
