"""The probabilities of a session as arrays that grow with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from demo.shown import History
from engine.config import Fusion

if TYPE_CHECKING:
    from engine.timeline import Moment, Timeline
    from engine.utterance import Utterance


@dataclass(slots=True)
class _Rows:
    """What was read of one timeline."""

    replaced: int = -1
    times_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    values: dict[Fusion, NDArray[np.float32]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A timeline, and the media time in which it is the one that counts."""

    timeline: Timeline
    from_s: float
    until_s: float


class HistoryTable:
    """Makes the history of the parts of a session; reads only what is new.

    Parameters
    ----------
    fusions, labels : of the models that run.
    step_s : time between two predictions.
    """

    def __init__(self, fusions: Sequence[Fusion], labels: tuple[str, ...], step_s: float) -> None:
        self.fusions = tuple(fusions)
        self._labels = labels
        self._step_s = step_s
        self._rows: WeakKeyDictionary[Timeline, _Rows] = WeakKeyDictionary()
        self._seen: tuple[object, ...] = ()
        self._history = History(step_s=step_s, labels=labels)

    def read(self, parts: Sequence[Part]) -> History:
        """The history as of now, the same object while nothing has changed. ``parts`` do not overlap."""
        seen = tuple((id(one.timeline), one.timeline.version, one.from_s, one.until_s) for one in parts)
        if seen == self._seen:
            return self._history
        self._seen = seen
        cut = [(self._update(one.timeline), one) for one in parts]
        inside = [(rows, _within(rows.times_s, one, last=one is parts[-1])) for rows, one in cut]
        self._history = History(
            version=self._history.version + 1,
            times_s=np.concatenate([rows.times_s[here] for rows, here in inside] or [np.zeros(0)]),
            probabilities={
                fusion: np.concatenate([rows.values[fusion][here] for rows, here in inside] or [self._none(0)])
                for fusion in self.fusions
            },
            utterances=tuple(said for one in parts for said in said_in(one)),
            covered=_joined(parts),
            step_s=self._step_s,
            labels=self._labels,
        )
        return self._history

    def _update(self, timeline: Timeline) -> _Rows:
        rows = self._rows.setdefault(timeline, _Rows())
        replaced = timeline.replaced
        if rows.replaced != replaced:
            rows.replaced, rows.times_s = replaced, np.zeros(0)
            rows.values = {fusion: self._none(0) for fusion in self.fusions}
        new = timeline.moments_from(len(rows.times_s))
        if new:
            rows.times_s = np.concatenate([rows.times_s, [t for t, _ in new]])
            for fusion in self.fusions:
                rows.values[fusion] = np.concatenate([rows.values[fusion], self._table(new, fusion)])
        return rows

    def _table(self, moments: Sequence[Moment], fusion: Fusion) -> NDArray[np.float32]:
        table = self._none(len(moments))
        for row, (_, prediction) in zip(table, moments, strict=True):
            outcome = None if prediction is None else prediction.outcomes.get(fusion)
            if outcome is not None:
                row[:] = outcome.probabilities
        return table

    def _none(self, count: int) -> NDArray[np.float32]:
        return np.full((count, len(self._labels)), np.nan, np.float32)


def _within(times_s: NDArray[np.float64], part: Part, *, last: bool) -> NDArray[np.bool_]:
    """Which times count in a part: at its end those of the next one do."""
    ended = times_s <= part.until_s if last else times_s < part.until_s
    return (times_s >= part.from_s) & ended


def said_in(part: Part) -> list[Utterance]:
    """The utterances that begin in a part."""
    return [one for one in part.timeline.utterances if part.from_s <= one.start_s < part.until_s]


def _joined(parts: Sequence[Part]) -> tuple[tuple[float, float], ...]:
    """Stretches of media time that the parts cover without a gap."""
    out: list[tuple[float, float]] = []
    for one in parts:
        if out and one.from_s <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], one.until_s))
        elif one.until_s > one.from_s:
            out.append((one.from_s, one.until_s))
    return tuple(out)
