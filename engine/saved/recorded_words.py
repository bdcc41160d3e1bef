"""Stands in for a recogniser: says the words that were recorded, when they came, and hears them anew beside that."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.closing import Closing

if TYPE_CHECKING:
    from engine.asr.base import Recognizer, TranscriptUpdate
    from engine.features.speech import Heard
    from engine.saved.session import SavedSession

_SAME_START_S = 0.5
"""Utterances whose starts differ by less are the same one."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class RecordedWords(Closing):
    """Implements `engine.asr.base.Recognizer` for a session that is analysed anew.

    Parameters
    ----------
    session : what was recorded.
    recognizer : hears everything anew; None for not. Not closed here.

    Attributes
    ----------
    lost : updates of utterances that were not found again.
    """

    name, reason = "recorded words", "These are the words that were recorded."

    def __init__(self, session: SavedSession, recognizer: Recognizer | None) -> None:
        self.lost = 0
        self._recognizer = recognizer
        self._session = session
        self._updates = sorted(session.updates, key=lambda one: one.pts_s)
        self._starts_s = {one.utterance: one.pts_s for one in session.events if one.kind == "start"}
        self._next = 0
        self._begun: list[tuple[float, int]] = []
        self._anew: dict[int, str] = {}

    def feed(self, heard: Heard) -> list[TranscriptUpdate]:
        """Give the recorded updates that are due by the end of this piece of hearing."""
        self._begun += [(event.pts_s, event.utterance) for event in heard.events if event.kind == "start"]
        if self._recognizer is not None:
            self._hear(self._recognizer.feed(heard))
        return list(self._due(heard.until_s))

    def flush(self) -> list[TranscriptUpdate]:
        """Give the rest."""
        if self._recognizer is not None:
            self._hear(self._recognizer.flush())
        return list(self._due(float("inf")))

    def reset(self) -> None:
        """Begin again."""
        self._next, self._begun = 0, []
        if self._recognizer is not None:
            self._recognizer.reset()

    def close(self) -> None:
        """Nothing: the recogniser belongs to somebody else."""

    @property
    def recorded_text(self) -> str:
        """All words that were recorded."""
        return " ".join(one.text for one in self._session.timeline.utterances if one.words)

    @property
    def text_anew(self) -> str | None:
        """All words that were heard anew; None without a recogniser."""
        if self._recognizer is None:
            return None
        return " ".join(self._anew[number] for number in sorted(self._anew) if self._anew[number])

    @property
    def agreement(self) -> float | None:
        """Share of the words that are the same in order, of those of both texts, 0 to 1; None without a recogniser."""
        anew = self.text_anew
        if anew is None:
            return None
        then, now = (_WORD.findall(text.casefold()) for text in (self.recorded_text, anew))
        return float(difflib.SequenceMatcher[str](None, then, now, autojunk=False).ratio())  # 1 for two empty ones

    def _hear(self, updates: list[TranscriptUpdate]) -> None:
        for one in updates:
            self._anew[one.utterance] = one.text

    def _due(self, until_s: float) -> Iterator[TranscriptUpdate]:
        while self._next < len(self._updates) and self._updates[self._next].pts_s <= until_s:
            update = self._updates[self._next]
            self._next += 1
            number = self._number(update.utterance)
            if number is None:
                self.lost += 1
            else:
                yield replace(update, utterance=number)

    def _number(self, recorded: int) -> int | None:
        """Which of the utterances that were found anew a recorded one is."""
        start_s = self._starts_s.get(recorded)
        near = [] if start_s is None else [(abs(at_s - start_s), number) for at_s, number in self._begun]
        gap_s, number = min(near, default=(float("inf"), -1))
        return number if gap_s <= _SAME_START_S else None
