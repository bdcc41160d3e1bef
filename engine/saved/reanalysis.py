"""A recorded session analysed anew from its recording, beside what was recorded.

The sound is the session's own but for the last of 24 bits; pictures are H.264, so a face is found within a pixel or two
of where it was, and its embedding is a little another one. Words depend on how fast the machine was, so those that were
recorded are used, at the times at which they came; beside that the recogniser hears everything anew, and its words are
compared as text.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.config import AUDIO_HOP_S, SAMPLE_RATE_HZ
from engine.features.mel import FRAME
from engine.features.window import FACE_SPAN_S
from engine.saved.feature_comparison import FeatureComparison
from engine.saved.recorded_words import RecordedWords
from engine.saved.replay import Compared
from engine.saved.saved_media import SavedMedia
from engine.session import Session
from engine.stages import Chosen

if TYPE_CHECKING:
    from engine.components import Components
    from engine.config import Modality
    from engine.features.speech import Hearing
    from engine.kept import Keeping
    from engine.saved.session import SavedSession
    from engine.stages import Report
    from engine.types import Prediction

SETTLED_S = 2.0
"""Sound and pictures after which the noise floor and the face of a recording begun in the middle have settled."""

EDGE_S = 0.5
"""Before its end a recording lacks what comes after, which the session still heard: frames look 52.5 ms ahead."""

_SAME_PHASE = 0.01

_LATE_S = 5.0
"""Predictions come at most so much later than their moment, also on a slow machine."""


class Reanalysis:
    """Analyses the recording of a session; iterate once.

    Parameters
    ----------
    session : what was recorded; it must have a recording.
    components : those of the recording; no session may use them at the same time. With a recogniser, words are
        recognised anew.
    hearing : what listens; by default a `Hearing`.

    Attributes
    ----------
    features : how the features differ, complete after iteration.
    words : what was recorded and what was heard anew, complete after iteration.
    left_out : points of the grid that cannot be compared, since their window reaches to before the beginning or the
        end of the recording.
    until_s : media time up to which the recording could be analysed, complete after iteration.

    Raises
    ------
    SourceError : the recording is missing, or cannot be played.
    DataError : these components work with other features.
    """

    def __init__(self, session: SavedSession, components: Components, *, hearing: Hearing | None = None) -> None:
        session.require_features(components)
        self.left_out = 0
        self.until_s = session.from_s
        self._saved = session
        self._recorded = session.moments
        self._at = 0
        self._done: list[Compared] = []
        self._keeping: Keeping = session.kept()
        self._chosen = deque(_chosen(session, self._keeping))
        self._from_s = session.from_s + (SETTLED_S if session.from_s > 0 else 0.0)
        self.features = FeatureComparison(self._keeping, self._from_s)
        self._source = SavedMedia(session, start_s=self._sound_from_s())
        self.words = RecordedWords(session, components.recognizer)
        parts = replace(components, recognizer=self.words if self._source.info.has_audio else None)
        self._session = Session(
            self._source,
            parts,
            replace(session.config, wait_for_words=True),
            hearing=hearing,
            record=self._reported,
            predicted=self._predicted,
            start_s=session.from_s,
        )

    def __iter__(self) -> Iterator[Compared]:
        """Yield every point of the grid that can be compared, in order of time.

        Raises
        ------
        AttuneError : the recording cannot be read any more, or a stage fails.
        """
        self._mute_next()
        self._choose_next()
        with self._source, self._session as session:
            for _ in session.run_inline():
                yield from self._complete_until(session.until_s - EDGE_S)
            self.until_s = max(self.until_s, session.until_s)
        while self._at < len(self._recorded):  # of what the recording does not reach
            self._compare(self._recorded.time_s(self._at), None)
        yield from self._complete_until(self.until_s - EDGE_S)
        self.left_out += len(self._done)

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the recording is damaged or cannot be used; complete after iteration."""
        return self._source.notes

    @property
    def ends_early_s(self) -> float:
        """Seconds at the end of the session that the recording lacks; complete after iteration."""
        return self._source.ends_early_s

    def figures(self) -> dict[str, Any]:
        """How features and words differ: what `engine.saved.tolerance` looks at, and more. Once iteration is over."""
        words = self.words
        return {
            **self.features.figures(),
            "words_lost": words.lost,
            "words_recorded": words.recorded_text,
            "words_anew": words.text_anew,
            "words_agreement": words.agreement,
        }

    def _complete_until(self, until_s: float) -> list[Compared]:
        """Those of which the recording holds all of the window, and what comes after it."""
        count = bisect_right(self._done, until_s, key=lambda one: one.pts_s)
        done, self._done = self._done[:count], self._done[count:]
        held = [one for one in done if self._saved.from_s <= 0 or _start_s(one) >= self._from_s]
        self.left_out += len(done) - len(held)
        return held

    def _predicted(self, pts_s: float, prediction: Prediction | None) -> None:
        while self._at < len(self._recorded) and self._recorded.time_s(self._at) < pts_s:
            self._compare(self._recorded.time_s(self._at), None)
        if self._at < len(self._recorded) and self._recorded.time_s(self._at) == pts_s:
            self._compare(pts_s, prediction)
        self._mute_next()

    def _compare(self, pts_s: float, again: Prediction | None) -> None:
        self._done.append(Compared(pts_s=pts_s, recorded=self._recorded.prediction(self._at), again=again))
        self._at += 1

    def _mute_next(self) -> None:
        """Leave out of the next point of the grid what was left out of it then."""
        muted: frozenset[Modality] = frozenset()
        if self._at < len(self._recorded):
            muted = self._saved.muted_at(self._recorded.time_s(self._at))
        self._session.mute(muted)

    def _choose_next(self, until_s: float = -math.inf) -> None:
        """Follow the face that somebody chose next; ``until_s``: up to there faces have been followed."""
        while self._chosen and self._chosen[0].pts_s <= until_s:
            self._chosen.popleft()
        if self._chosen:
            one = self._chosen[0]
            self._session.follow(one.x, one.y, one.pts_s)

    def _sound_from_s(self) -> float:
        """Where hearing has to begin in a recording from the middle on, for blocks and frames to fall where they did.

        Blocks begin every 32 ms and frames every 10 ms: both together every fifth block.
        """
        if self._saved.from_s <= 0:
            return -math.inf
        sound = self._keeping.sound(self._saved.from_s, self._saved.from_s + 1.0)
        if not len(sound.mfcc_times_s):
            return -math.inf
        centre_s = FRAME / 2 / SAMPLE_RATE_HZ
        hops = (sound.mfcc_times_s[0] - centre_s - sound.activity_times_s) / AUDIO_HOP_S
        together = np.flatnonzero(np.abs(hops - np.rint(hops)) < _SAME_PHASE)
        return float(sound.activity_times_s[together[0]]) if len(together) else -math.inf

    def _reported(self, report: Report) -> None:
        self.features.take(report)
        if report.seen is not None and self._chosen and report.seen.pts_s >= self._chosen[0].pts_s:
            self._choose_next(report.seen.pts_s)


def comparable(session: SavedSession, until_s: float) -> bool:
    """Whether a recording up to a media time should hold any moment with all of its window; see `SETTLED_S`, `EDGE_S`.

    It should also where the moments are not of the time that the session says: then its session.json is wrong.
    """
    moments = session.moments
    if not len(moments):
        return False
    if moments.time_s(0) < session.from_s - _LATE_S or moments.time_s(len(moments) - 1) > session.until_s + _LATE_S:
        return True
    start_s = session.from_s + SETTLED_S if session.from_s > 0 else -math.inf
    every = (Compared(pts_s=pts_s, recorded=one, again=None) for pts_s, one in moments if pts_s <= until_s - EDGE_S)
    return any(_start_s(one) >= start_s for one in every)


def _chosen(session: SavedSession, keeping: Keeping) -> list[Chosen]:
    """The faces that were chosen; of a recording begun in the middle first the one that was followed then."""
    chosen = [one for one in session.chosen if one.pts_s >= session.from_s]
    first = bisect_left(session.seen_s, session.from_s)
    if session.from_s <= 0 or first == len(session.seen_s):
        return chosen
    for seen in keeping.seen(session.seen_s[first], session.seen_s[first]):
        if seen.box is not None:
            x0, y0, x1, y1 = seen.box
            return [Chosen(pts_s=seen.pts_s, x=(x0 + x1) / 2, y=(y0 + y1) / 2), *chosen]
    return chosen


def _start_s(one: Compared) -> float:
    """Where the window of a moment began; between utterances faces reach furthest back."""
    return one.pts_s - FACE_SPAN_S if one.recorded is None else one.recorded.window_start_s
