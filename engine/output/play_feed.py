"""Publishes a recording in step with its playing, though it is analysed ahead."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from engine.output import schema
from engine.output.feed import About, Feed
from engine.timeline import Timeline

if TYPE_CHECKING:
    from engine.asr.base import TranscriptUpdate
    from engine.features.endpoint import SpeechEvent
    from engine.output.outputs import Outputs
    from engine.stages import Report

News = tuple[tuple["SpeechEvent", ...], tuple["TranscriptUpdate", ...]]

_JUMP_S = 1.0
"""A play head that is so much further than it can have run has been put there."""

_BACK_S = 0.02

_TAIL_S = 30.0
"""What is said last is known at most so long after a recording has ended."""


class Found(Protocol):
    """Keeps what was heard, as `engine.recall.Recall` does."""

    def news(self, after_s: float, until_s: float) -> News:
        """The speech events and words that became known after one media time and until another."""


class Heard:
    """Keeps the small part of what a session reports that is told: for playing in the terminal, once through."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: list[SpeechEvent] = []
        self._updates: list[TranscriptUpdate] = []

    def record(self, report: Report) -> None:
        """Take what a stage has reported, as `Session` hands it on."""
        with self._lock:
            for heard in report.heard:
                self._events += heard.events
            self._updates += report.updates

    def news(self, after_s: float, until_s: float) -> News:
        """What became known after one media time and until another; it is forgotten then."""
        with self._lock:
            events = tuple(one for one in self._events if after_s < one.known_s <= until_s)
            updates = tuple(one for one in self._updates if after_s < one.pts_s <= until_s)
            self._events = [one for one in self._events if one.known_s > until_s]
            self._updates = [one for one in self._updates if one.pts_s > until_s]
        return events, updates


class PlayFeed(Feed):
    """Publishes what the play head passes.

    Parameters
    ----------
    outputs, about : as for a `Feed`.
    now_s : ``time.monotonic()``.
    """

    def __init__(self, outputs: Outputs, about: About, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__(outputs, about, self._played_s)
        self._now_s = now_s
        self._position_s = 0.0
        self._looked_s = now_s()
        self._done_s = 0.0
        self._numbers: dict[tuple[int, int], int] = {}

    def advance(
        self, position_s: float, speed: float, found: tuple[Timeline, Found] | None, until_s: float = math.inf
    ) -> None:
        """Publish what the play head has passed since the last time. Called often, by one thread.

        Parameters
        ----------
        position_s, speed : of playing.
        found : what is known there; None where that is not analysed yet, then it is told later.
        until_s : media time up to which it is.
        """
        now_s = self._now_s()
        ran_s = (now_s - self._looked_s) * max(speed, self.rate)
        jumped = not -_BACK_S <= position_s - self._position_s <= ran_s + _JUMP_S
        self._position_s, self._looked_s, self.rate = position_s, now_s, speed
        if jumped:
            self._done_s = position_s
            self.say(schema.jump, position_s)
        until_s = min(until_s, position_s)
        if found is None or until_s <= self._done_s:
            return
        after_s, self._done_s = self._done_s, until_s
        self._tell(found, after_s, until_s)

    def finish(self, found: tuple[Timeline, Found]) -> None:
        """Publish what is left when a recording has been played: its end makes known what was said last."""
        if self._done_s < math.inf:
            after_s, self._done_s = self._done_s, math.inf  # until it is wound back
            self._tell(found, after_s, max(after_s, self._position_s) + _TAIL_S)

    def _tell(self, found: tuple[Timeline, Found], after_s: float, until_s: float) -> None:
        with self.guarded():
            for _, tell in self._between(*found, after_s, until_s):
                tell()

    def _between(
        self, timeline: Timeline, found: Found, after_s: float, until_s: float
    ) -> list[tuple[float, Callable[[], None]]]:
        """What there is to tell, in order of time: what was heard before what was predicted from it."""
        events, updates = found.news(after_s, until_s)
        every: list[tuple[float, Callable[[], None]]] = []
        for event in events:
            number = self._number(timeline, event.utterance)
            every.append((event.known_s, partial(self.event, event, number)))
        for update in updates:
            number = self._number(timeline, update.utterance)
            every.append((update.pts_s, partial(self.words, update, number)))
        for pts_s, made in timeline.moments_between(after_s, until_s):
            every.append((pts_s, partial(self.predicted, pts_s, made)))
        return sorted(every, key=lambda one: one[0])

    def _number(self, timeline: Timeline, utterance: int) -> int:
        """One number for an utterance, whichever part of the recording it was analysed with."""
        return self._numbers.setdefault((id(timeline), utterance), len(self._numbers))

    def _played_s(self, media_s: float) -> float:
        return self._looked_s - (self._position_s - media_s) / (self.rate or 1.0)
