"""The points of a prediction grid with what was predicted there, packed: a day of them fits into memory."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import MODALITIES, Fusion, Modality
from engine.types import Outcome, Prediction

Moment = tuple[float, Prediction | None]
"""A point of the prediction grid and its prediction; None where nothing was there to predict from."""

_READ = 1024
"""How many of the predictions that were asked for last stay as they are: views tell by identity whether one is new."""

_NO_UTTERANCE = -1


class Moments(Sequence[Moment]):
    """A list of moments in order of time. A prediction takes about 100 bytes, not 1,600.

    Attention maps are kept for the newest few only. What is read equals what was put in, bit for bit. Not safe
    for several threads.

    Parameters
    ----------
    maps_kept : how many of the newest predictions keep their attention maps.
    """

    def __init__(self, maps_kept: int = 1) -> None:
        self._maps_kept = max(1, maps_kept)
        self._count = 0
        self._times_s: list[float] = []
        self._labels: tuple[str, ...] = ()
        self._columns: dict[str, NDArray[Any]] = {
            "window_start_s": np.full(0, np.nan),
            "utterance": np.zeros(0, np.int64),
            "predicted": np.zeros(0, bool),
            "present": np.zeros(0, np.uint8),
            "muted": np.zeros(0, np.uint8),
        }
        self._probabilities: dict[Fusion, NDArray[np.float32]] = {}
        self._latency_s: dict[str, NDArray[np.float64]] = {}
        self._newest: OrderedDict[int, Prediction] = OrderedDict()  # these have their maps
        self._read: OrderedDict[int, Prediction] = OrderedDict()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Moment:  # type: ignore[override]
        at = range(self._count)[index]
        return self._times_s[at], self.prediction(at)

    def __iter__(self) -> Iterator[Moment]:
        return (self[at] for at in range(self._count))

    def until(self, position_s: float) -> int:
        """How many moments there are at or before a media time."""
        return bisect_right(self._times_s, position_s)

    def time_s(self, at: int) -> float:
        """Media time of a moment."""
        return self._times_s[at]

    def predicted(self, at: int) -> bool:
        """Whether there is a prediction."""
        return bool(self._columns["predicted"][at])

    def append(self, pts_s: float, prediction: Prediction | None) -> None:
        """Add the next moment.

        Raises
        ------
        ValueError : its labels are others than those before.
        """
        at = self._count
        self._make_room(at + 1)
        self._count += 1
        self._times_s.append(pts_s)
        self._pack(at, prediction)
        if prediction is not None:
            self._newest[at] = prediction
            if len(self._newest) > self._maps_kept:
                self._newest.popitem(last=False)

    def put(self, at: int, prediction: Prediction | None) -> None:
        """Put another prediction, or none, at a moment; it keeps its attention maps if the one before had its own."""
        self._read.pop(at, None)
        self._pack(at, prediction)
        if at in self._newest and prediction is not None:
            self._newest[at] = prediction
        else:
            self._newest.pop(at, None)

    def prediction(self, at: int) -> Prediction | None:
        """The prediction at a moment; the same object when it is asked for again soon."""
        if not self.predicted(at):
            return None
        found = self._newest.get(at) or self._read.get(at)
        if found is None:
            found = self._read[at] = self._unpack(at)
            if len(self._read) > _READ:
                self._read.popitem(last=False)
        return found

    def _make_room(self, count: int) -> None:
        room = len(self._columns["predicted"])
        if count <= room:
            return
        room = max(256, room + room // 2)
        self._columns = {name: _grown(values, room) for name, values in self._columns.items()}
        self._probabilities = {name: _grown(values, room) for name, values in self._probabilities.items()}
        self._latency_s = {name: _grown(values, room) for name, values in self._latency_s.items()}

    def _pack(self, at: int, prediction: Prediction | None) -> None:
        columns = self._columns
        columns["predicted"][at] = prediction is not None
        for row in self._probabilities.values():
            row[at] = np.nan
        for column in self._latency_s.values():
            column[at] = np.nan
        if prediction is None:
            return
        self._labels = self._labels or prediction.labels
        if prediction.labels != self._labels:
            raise ValueError(f"all predictions are of the same labels, {self._labels}, got {prediction.labels}")
        columns["window_start_s"][at] = prediction.window_start_s
        columns["utterance"][at] = _NO_UTTERANCE if prediction.utterance is None else prediction.utterance
        columns["present"][at] = _bits(prediction.present)
        columns["muted"][at] = _bits(prediction.muted)
        room = len(columns["predicted"])
        for fusion, outcome in prediction.outcomes.items():
            if fusion not in self._probabilities:
                self._probabilities[fusion] = np.full((room, len(self._labels)), np.nan, np.float32)
            self._probabilities[fusion][at] = outcome.probabilities
        for name, seconds in prediction.latency_s.items():
            if name not in self._latency_s:
                self._latency_s[name] = np.full(room, np.nan)
            self._latency_s[name][at] = seconds

    def _unpack(self, at: int) -> Prediction:
        columns = self._columns
        utterance = int(columns["utterance"][at])
        return Prediction(
            pts_s=self._times_s[at],
            window_start_s=float(columns["window_start_s"][at]),
            outcomes=_outcomes({name: table[at] for name, table in self._probabilities.items()}, self._labels),
            present=_names(int(columns["present"][at])),
            utterance=None if utterance == _NO_UTTERANCE else utterance,
            muted=frozenset(_names(int(columns["muted"][at]))),
            latency_s={
                name: float(seconds[at]) for name, seconds in self._latency_s.items() if not math.isnan(seconds[at])
            },
        )


def _grown(values: NDArray[Any], room: int) -> NDArray[Any]:
    more = np.zeros((room, *values.shape[1:]), values.dtype)
    more[: len(values)] = values
    return more


def _outcomes(rows: Mapping[Fusion, NDArray[np.float32]], labels: tuple[str, ...]) -> dict[Fusion, Outcome]:
    return {
        fusion: Outcome(probabilities=row.copy(), labels=labels) for fusion, row in rows.items() if not np.isnan(row[0])
    }


def _bits(modalities: Iterable[Modality]) -> int:
    return sum(1 << MODALITIES.index(name) for name in modalities)


def _names(bits: int) -> tuple[Modality, ...]:
    return tuple(name for place, name in enumerate(MODALITIES) if bits >> place & 1)  # type: ignore[misc]
