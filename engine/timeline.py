"""Everything that a session has found so far, small enough to keep for days."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from engine.config import MODALITIES
from engine.moments import Moment, Moments
from engine.types import Prediction, Word
from engine.utterance import Utterance, UtteranceRecord

__all__ = ["Moment", "Timeline"]


class Timeline:
    """Predictions, utterances and words of a session, in order of time.

    One thread writes, any thread reads; what is read never changes. Attention maps are large, so
    only the newest predictions keep theirs.

    Parameters
    ----------
    maps_kept : how many of the newest predictions keep their attention maps.
    """

    def __init__(self, maps_kept: int = 1) -> None:
        self._lock = threading.RLock()
        self._grid = Moments(maps_kept)
        self._newest = array("q")  # for each point, which one has the newest prediction until then; -1 before the first
        self._records: dict[int, UtteranceRecord] = {}
        self._utterances: dict[int, Utterance] = {}  # as they were read last, in order of time
        self._stale: set[int] = set()  # those that have changed since
        self._said: tuple[Utterance, ...] = ()
        self._replaced_at = array("q")  # which moments, one after the other
        self._present = dict.fromkeys(MODALITIES, 0)
        self._version = 0

    @property
    def version(self) -> int:
        """Another number after every change."""
        return self._version

    @property
    def replaced(self) -> int:
        """How many predictions have been replaced: while it stays, moments are only added."""
        return len(self._replaced_at)

    def replaced_since(self, count: int) -> dict[int, Moment]:
        """The moments, by their index, whose predictions have been replaced since ``count`` of them had been."""
        with self._lock:
            return {at: self._grid[at] for at in set(self._replaced_at[count:])}

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Every point of the prediction grid so far, with its prediction or None."""
        with self._lock:
            return tuple(self._grid)

    @property
    def count(self) -> int:
        """How many points of the prediction grid there are so far."""
        return len(self._grid)

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """All predictions so far."""
        with self._lock:
            return tuple(prediction for _, prediction in self._grid if prediction is not None)

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """All utterances so far, the last of which may be open; the same object while none has changed."""
        with self._lock:
            if self._stale:
                for index in self._stale:
                    self._utterances[index] = self._records[index].frozen(index)
                self._stale.clear()
                self._said = tuple(self._utterances.values())
            return self._said

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
            count = len(self._grid) if position_s is None else self._grid.until(position_s)
            if not count:
                return None, None
            newest = self._newest[count - 1]
            return self._grid.time_s(count - 1), None if newest < 0 else self._grid.prediction(newest)

    def moments_from(self, index: int) -> tuple[Moment, ...]:
        """The moments from the one with this index on."""
        with self._lock:
            return tuple(self._grid[at] for at in range(len(self._grid))[index:])

    def moments_between(self, after_s: float, until_s: float) -> tuple[Moment, ...]:
        """The moments after one media time and until another."""
        with self._lock:
            return tuple(self._grid[at] for at in range(self._grid.until(after_s), self._grid.until(until_s)))

    def add(self, pts_s: float, prediction: Prediction | None) -> None:
        """Add the next point of the grid, and its prediction to the mean of its utterance."""
        with self._changing():
            at = len(self._grid)
            self._grid.append(pts_s, prediction)
            if prediction is None:
                self._newest.append(self._newest[-1] if at else -1)
                return
            self._newest.append(at)
            self._tally(prediction, 1)

    def replace(self, pts_s: float, prediction: Prediction | None) -> None:
        """Put another prediction, or none, at a point of the grid; its attention maps are kept if the old ones were.

        Raises
        ------
        KeyError : the grid has no such point.
        """
        with self._changing():
            at = self._grid.until(pts_s) - 1
            if at < 0 or self._grid.time_s(at) != pts_s:
                raise KeyError(f"there is no prediction at {pts_s} s")
            self._replaced_at.append(at)
            old = self._grid.prediction(at)
            if old is not None:
                self._tally(old, -1)
            if prediction is not None:
                self._tally(prediction, 1)
            self._grid.put(at, prediction)
            newest = at if prediction is not None else self._newest[at - 1] if at else -1
            for later in range(at, len(self._grid)):
                if later > at and self._grid.predicted(later):
                    break
                self._newest[later] = newest

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            self._version += 1
            yield

    def _tally(self, prediction: Prediction, times: int) -> None:
        """Count a prediction in (1) or out (-1)."""
        for name in prediction.present:
            self._present[name] += times
        if prediction.utterance is not None:
            self._records[prediction.utterance].count_in(prediction, times)
            self._stale.add(prediction.utterance)

    def start_utterance(self, index: int, start_s: float) -> None:
        """An utterance has begun; each has a higher index than those before."""
        with self._changing():
            record = self._records[index] = UtteranceRecord(start_s=start_s, end_s=start_s)
            self._utterances[index] = record.frozen(index)
            self._stale.add(index)

    def extend_utterance(self, index: int, until_s: float) -> None:
        """An open utterance has come as far as ``until_s``."""
        with self._changing():
            record = self._records[index]
            if record.open and until_s > record.end_s:
                record.end_s = until_s
                self._stale.add(index)

    def end_utterance(self, index: int, end_s: float) -> None:
        """An utterance has ended."""
        with self._changing():
            record = self._records[index]
            record.end_s, record.open = end_s, False
            self._stale.add(index)

    def set_words(self, index: int, words: tuple[Word, ...], *, final: bool, missing: bool = False) -> None:
        """Replace all words of an utterance; once final they stay. ``missing`` as in `Utterance`."""
        with self._changing():
            record = self._records[index]
            if final or not record.final:
                record.words, record.final, record.missing = words, final, missing
                self._stale.add(index)
