"""The stage of a session that recognises words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.asr.spoken import Spoken
from engine.runtime.stats import LatencyStats, stopwatch_s
from engine.stages import Report

if TYPE_CHECKING:
    from engine.asr.base import Recognizer, TranscriptUpdate


class TranscriptionStage:
    """Words. The recogniser is reset.

    Parameters
    ----------
    recognizer : what recognises them. It may fail and go on by itself; then it gives updates with words ``missing``.
    lost : is told when words are missing: media time now, and of how many seconds before.
    now_s : what durations are measured by.
    """

    name = "transcription"

    def __init__(
        self,
        recognizer: Recognizer,
        lost: Callable[[float, float], None] = lambda pts_s, seconds: None,
        now_s: Callable[[], float] = stopwatch_s,
    ) -> None:
        self.stats = LatencyStats(now_s=now_s)
        self._recognizer = recognizer
        self._lost = lost
        self._now_s = now_s
        self._spoken = Spoken()
        self._until_s = 0.0
        recognizer.reset()

    def process(self, item: Report) -> list[Report]:
        """Take a report of hearing."""
        began_s = self._now_s()
        self._hear(item)
        updates = tuple(update for heard in item.heard for update in self._recognizer.feed(heard))
        if updates:  # what matters is how long words take, not how long waiting for them does
            self.stats.add(self._now_s() - began_s)
        self._take(updates)
        return [Report(stage=self.name, until_s=item.until_s, updates=updates, captured_s=item.captured_s)]

    def finish(self) -> list[Report]:
        """No sound follows: report the words of an open utterance."""
        updates = tuple(self._recognizer.flush())
        self._take(updates)
        return [Report(stage=self.name, until_s=math.inf, updates=updates)]

    def recover(self, item: Report, again: bool) -> list[Report]:
        """Go on after a failure with the next utterance: words of the present one are missing."""
        self._recognizer.reset()
        updates = tuple(self._spoken.give_up(self._until_s))
        return [Report(stage=self.name, until_s=item.until_s, updates=updates)]

    def stand_in(self) -> Wordless:
        """What takes its place when it is out."""
        return Wordless(self._spoken.copy(), self._until_s)

    def _hear(self, item: Report) -> None:
        if math.isfinite(item.until_s):
            self._until_s = max(self._until_s, item.until_s)
        for heard in item.heard:
            self._spoken.hear(heard.events)

    def _take(self, updates: tuple[TranscriptUpdate, ...]) -> None:
        if any(update.missing for update in updates):
            self._lost(self._until_s, self._spoken.missing_s(self._until_s))
        self._spoken.take(updates)


class Wordless:
    """In place of a `TranscriptionStage` that is out: says of every utterance that its words are missing.

    Parameters
    ----------
    spoken : the utterances that have no last words yet.
    until_s : media time until then.
    """

    name = TranscriptionStage.name

    def __init__(self, spoken: Spoken, until_s: float) -> None:
        self._spoken = spoken
        self._until_s = until_s

    def process(self, item: Report) -> list[Report]:
        """Take a report of hearing."""
        for heard in item.heard:
            self._spoken.hear(heard.events)
        if math.isfinite(item.until_s):
            self._until_s = max(self._until_s, item.until_s)
        updates = tuple(self._spoken.give_up(self._until_s))
        return [Report(stage=self.name, until_s=item.until_s, updates=updates)]

    def finish(self) -> list[Report]:
        """No sound follows."""
        return [Report(stage=self.name, until_s=math.inf, updates=tuple(self._spoken.give_up(self._until_s)))]
