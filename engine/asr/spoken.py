"""Which utterances have begun and do not have all their words yet: what is lost when a recogniser fails."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.asr.base import TranscriptUpdate

if TYPE_CHECKING:
    from engine.features.endpoint import SpeechEvent


@dataclass(frozen=True, slots=True)
class _Begun:
    start_s: float
    known: TranscriptUpdate | None = None


class Spoken:
    """The utterances between their beginning and their last words.

    Examples
    --------
    >>> from engine.features.endpoint import SpeechEvent
    >>> spoken = Spoken()
    >>> spoken.hear([SpeechEvent(kind="start", utterance=3, pts_s=1.0, known_s=1.5)])
    >>> spoken.missing_s(4.0)
    3.0
    >>> [(one.utterance, one.missing) for one in spoken.give_up(4.0)], spoken.missing_s(5.0)
    ([(3, True)], 0.0)
    """

    def __init__(self) -> None:
        self._begun: dict[int, _Begun] = {}

    def copy(self) -> Spoken:
        """One that goes on by itself."""
        made = Spoken()
        made._begun = dict(self._begun)
        return made

    def hear(self, events: Iterable[SpeechEvent]) -> None:
        """Take starts of utterances; their ends are known by their last words."""
        for event in events:
            if event.kind == "start":
                self._begun[event.utterance] = _Begun(event.pts_s)

    def take(self, updates: Iterable[TranscriptUpdate]) -> None:
        """Take words."""
        for update in updates:
            if update.final:
                self._begun.pop(update.utterance, None)
            elif update.utterance in self._begun:
                self._begun[update.utterance] = replace(self._begun[update.utterance], known=update)

    def missing_s(self, now_s: float) -> float:
        """Seconds until ``now_s`` of which the words are not known."""
        known_s = (one.start_s if one.known is None else one.known.pts_s for one in self._begun.values())
        return sum((max(0.0, now_s - until_s) for until_s in known_s), 0.0)

    def give_up(self, now_s: float) -> list[TranscriptUpdate]:
        """End all utterances, after ``now_s``, with the words that are known, and say that the others are missing."""
        begun, self._begun = self._begun, {}
        return [
            TranscriptUpdate(
                pts_s=math.nextafter(max(now_s, one.start_s), math.inf),  # what was predicted by now stays as it is
                utterance=utterance,
                words=() if one.known is None else tuple(replace(word, final=True) for word in one.known.words),
                final=True,
                missing=True,
            )
            for utterance, one in begun.items()
        ]
