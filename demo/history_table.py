"""The probabilities of a session as arrays that grow with it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from demo.shown import History
from engine.config import Fusion

if TYPE_CHECKING:
    from engine.timeline import Moment, Timeline
    from engine.utterance import Utterance

_ROOM = 256


@dataclass(slots=True)
class _Rows:
    """What was read of one timeline: the first ``count`` rows, behind which there is room.

    What is there never changes: rows are written behind it, or into a copy.
    """

    fusions: tuple[Fusion, ...]
    classes: int
    replaced: int = 0
    count: int = 0
    times_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    values: dict[Fusion, NDArray[np.float32]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._copy(_ROOM)  # also a timeline with nothing but words has its tables

    def make_room(self, count: int) -> None:
        """Room for so many rows; half as many again, so that a row costs the same however many there are."""
        if count > len(self.times_s):
            self._copy(count + count // 2)

    def change(self, moments: dict[int, Moment]) -> None:
        """Write others over some of the rows."""
        self._copy(len(self.times_s))
        for at, moment in moments.items():
            self.write(at, moment)

    def write(self, at: int, moment: Moment) -> None:
        """Fill a row."""
        self.times_s[at], prediction = moment
        for fusion, table in self.values.items():
            outcome = None if prediction is None else prediction.outcomes.get(fusion)
            table[at] = np.nan if outcome is None else outcome.probabilities

    def _copy(self, room: int) -> None:
        times_s, values = np.zeros(room), {}
        times_s[: self.count] = self.times_s[: self.count]
        for fusion in self.fusions:
            values[fusion] = np.full((room, self.classes), np.nan, np.float32)
            if self.count:
                values[fusion][: self.count] = self.values[fusion][: self.count]
        self.times_s, self.values = times_s, values


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
        inside = [self._inside(one, last=one is parts[-1]) for one in parts]
        self._history = History(
            version=self._history.version + 1,
            times_s=_one([rows.times_s[here] for rows, here in inside], np.zeros(0)),
            probabilities={
                fusion: _one([rows.values[fusion][here] for rows, here in inside], self._none)
                for fusion in self.fusions
            },
            utterances=said_by(parts),
            covered=_joined(parts),
            step_s=self._step_s,
            labels=self._labels,
        )
        return self._history

    def _inside(self, part: Part, *, last: bool) -> tuple[_Rows, slice]:
        """What is known of a timeline, and which rows count in a part: at its end those of the next one do."""
        rows = self._update(part.timeline)
        times_s = rows.times_s[: rows.count]
        first = times_s.searchsorted(part.from_s, "left")
        return rows, slice(int(first), int(times_s.searchsorted(part.until_s, "right" if last else "left")))

    def _update(self, timeline: Timeline) -> _Rows:
        rows = self._rows.get(timeline)
        if rows is None:
            rows = self._rows[timeline] = _Rows(self.fusions, len(self._labels), timeline.replaced)
        replaced = timeline.replaced
        if rows.replaced != replaced:
            others = timeline.replaced_since(rows.replaced)
            rows.replaced = replaced
            rows.change({at: moment for at, moment in others.items() if at < rows.count})
        new = timeline.moments_from(rows.count)
        rows.make_room(rows.count + len(new))
        for moment in new:
            rows.write(rows.count, moment)
            rows.count += 1
        return rows

    @property
    def _none(self) -> NDArray[np.float32]:
        return np.zeros((0, len(self._labels)), np.float32)


def said_by(parts: Iterable[Part]) -> tuple[Utterance, ...]:
    """The utterances of some parts, in order; of one part the same object while nothing has changed."""
    each = [said_in(one) for one in parts]
    return each[0] if len(each) == 1 else tuple(chain.from_iterable(each))


def said_in(part: Part) -> tuple[Utterance, ...]:
    """The utterances that begin in a part."""
    every = part.timeline.utterances
    first, end = (bisect_left(every, at_s, key=lambda one: one.start_s) for at_s in (part.from_s, part.until_s))
    return every[first:end]


def _one(pieces: list[NDArray[Any]], none: NDArray[Any]) -> NDArray[Any]:
    """Pieces one after the other, without a copy where there is one alone; nobody may write to it."""
    joined = np.concatenate(pieces or [none]) if len(pieces) != 1 else pieces[0].view()
    joined.flags.writeable = False
    return joined


def _joined(parts: Sequence[Part]) -> tuple[tuple[float, float], ...]:
    """Stretches of media time that the parts cover without a gap."""
    out: list[tuple[float, float]] = []
    for one in parts:
        if out and one.from_s <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], one.until_s))
        elif one.until_s > one.from_s:
            out.append((one.from_s, one.until_s))
    return tuple(out)
