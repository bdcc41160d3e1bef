"""How a session stands at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from engine.config import Modality
from engine.errors import AttuneError
from engine.faults import Fault
from engine.runtime.stats import Latency
from engine.types import Face, Prediction, Word
from engine.utterance import Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How a session stands, or how it stood at a play position. Made often, never changes.

    Attributes
    ----------
    position_s : what it was asked for, else the newest point of the prediction grid (0 before the first).
    prediction : the newest at or before the position. The newest few still have their attention maps.
    present : modalities that were there at the newest point of the grid; empty when there was nothing.
    utterances : those that have begun by the position; words may be partial.
    face : the followed face in the newest picture at or before the position, None where there is none.
    speaking : whether the position is within an utterance.
    latency : per stage, over its most recent work.
    answers : from the capture of a picture to the first prediction that uses it.
    dropped : items per stage that were lost because it was too slow; always 0 for recordings.
    queued : items per stage that wait for it, and how many may.
    watermarks_s : media time per stage up to which it has found everything.
    finished : the source has ended and every prediction has been made.
    error : the first thing that went wrong.
    notes : remarks of the source.
    faults : what went wrong while it went on, in the order in which it was noticed.
    """

    position_s: float
    prediction: Prediction | None
    present: tuple[Modality, ...]
    utterances: tuple[Utterance, ...]
    face: Face | None
    speaking: bool
    latency: Mapping[str, Latency] = field(default_factory=dict)
    answers: Latency = field(default_factory=Latency)
    dropped: Mapping[str, int] = field(default_factory=dict)
    queued: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    watermarks_s: Mapping[str, float] = field(default_factory=dict)
    finished: bool = False
    error: AttuneError | None = None
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all utterances, in order."""
        return tuple(chain.from_iterable(one.words for one in self.utterances))

    @property
    def latency_s(self) -> dict[str, float]:
        """Median seconds of each stage that has worked."""
        return {name: one.p50_s for name, one in self.latency.items() if one.count}
