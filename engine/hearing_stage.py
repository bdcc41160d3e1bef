"""The stage of a session that listens."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.runtime.graph import Tick
from engine.runtime.stats import LatencyStats, stopwatch_s
from engine.stages import Report
from engine.types import AudioBlock

if TYPE_CHECKING:
    from engine.features.endpoint import SpeechEvent
    from engine.features.speech import Heard, Hearing


class HearingStage:
    """Features, voice activity and utterances of the sound.

    Parameters
    ----------
    hearing : what listens; another of its kind takes its place when it has failed.
    now_s : what durations are measured by.
    """

    name = "hearing"

    def __init__(self, hearing: Hearing, now_s: Callable[[], float] = stopwatch_s) -> None:
        self.stats = LatencyStats(now_s=now_s)
        self._hearing = hearing
        self._until_s = 0.0
        self._open: tuple[int, float] | None = None  # index and start of the utterance that is being spoken
        self._first = self._next = 0  # indices: of the first utterance of what listens now, and of the next one
        self._ended_s = 0.0

    def process(self, item: AudioBlock | Tick) -> list[Report]:
        """Take sound, or the news that all before a time has been delivered."""
        if isinstance(item, Tick):
            return [self._report(heard, None) for heard in self._hearing.advance(item.pts_s)]
        with self.stats.measure():
            found = self._hearing.feed(item)
        return [self._report(heard, item.captured_s) for heard in found]

    def finish(self) -> list[Report]:
        """No sound follows: report what was left."""
        heard = tuple(self._known(one) for one in self._hearing.flush())
        return [Report(stage=self.name, until_s=math.inf, heard=heard)]

    def recover(self, item: AudioBlock | Tick, again: bool) -> list[Report]:
        """Go on after a failure with new ears, and without that sound: an utterance that was open ends there."""
        cut = self._cut(item.pts_s)
        self._hearing = type(self._hearing)()
        self._first = self._next
        return cut

    def stand_in(self) -> Deaf:
        """What takes its place when it is out."""
        return Deaf(self._cut)

    def _cut(self, now_s: float) -> list[Report]:
        """End the utterance that is open; what was reported before stays as it is."""
        from engine.features.speech import Heard, SpeechEvent

        until_s = math.nextafter(max(now_s, self._until_s), math.inf)
        events: tuple[SpeechEvent, ...] = ()
        if self._open is not None:
            index, start_s = self._open
            end_s = min(until_s, max(start_s, self._until_s))
            events = (SpeechEvent(kind="end", utterance=index, pts_s=end_s, known_s=until_s),)
        heard = Heard(block=None, features=(), voice=(), events=events, until_s=until_s)
        self._follow(heard)
        return [Report(stage=self.name, until_s=until_s, heard=(heard,))]

    def _report(self, heard: Heard, captured_s: float | None) -> Report:
        heard = self._known(heard)
        return Report(stage=self.name, until_s=heard.until_s, heard=(heard,), captured_s=captured_s)

    def _known(self, heard: Heard) -> Heard:
        """What was heard, with utterances counted on from those before a failure."""
        if self._first and heard.events:
            heard = replace(heard, events=tuple(self._counted_on(one) for one in heard.events))
        self._follow(heard)
        return heard

    def _counted_on(self, event: SpeechEvent) -> SpeechEvent:
        index = event.utterance + self._first
        return replace(event, utterance=index, pts_s=max(event.pts_s, min(self._ended_s, event.known_s)))

    def _follow(self, heard: Heard) -> None:
        """Remember what would have to be ended."""
        self._until_s = max(self._until_s, heard.until_s)
        for event in heard.events:
            self._next = event.utterance + 1
            self._open = (event.utterance, event.pts_s) if event.kind == "start" else None
            if event.kind == "end":
                self._ended_s = event.pts_s


class Deaf:
    """In place of a `HearingStage` that is out: ends the open utterance, and then hands on the time.

    Parameters
    ----------
    cut : gives the report that ends an utterance which is open at a time.
    """

    name = HearingStage.name

    def __init__(self, cut: Callable[[float], list[Report]]) -> None:
        self._cut: Callable[[float], list[Report]] | None = cut

    def process(self, item: AudioBlock | Tick) -> list[Report]:
        """Take sound, and do not listen."""
        if self._cut is not None:
            cut, self._cut = self._cut, None
            return cut(item.pts_s)
        return [Report(stage=self.name, until_s=item.pts_s)]

    def finish(self) -> list[Report]:
        """No sound follows."""
        left = [] if self._cut is None else self._cut(0.0)
        return [*left, Report(stage=self.name, until_s=math.inf)]
