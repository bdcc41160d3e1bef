"""Joins audio, face and words by media time into the window that the model sees."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.config import (
    AUDIO_DIM,
    FACE_RATE_HZ,
    MAX_AUDIO_FRAMES,
    MAX_FACES,
    MAX_WORDS,
    SessionConfig,
)
from engine.features.audio import LOOK_AHEAD_S
from engine.features.series import Series
from engine.types import FeatureBlock, FloatArray, TimeArray, UtteranceWindow, Word

if TYPE_CHECKING:
    from engine.features.endpoint import SpeechEvent

AUDIO_SPAN_S = 10.0
FACE_SPAN_S = MAX_FACES / FACE_RATE_HZ
FACE_LOST_S = 1.0
"""A face that is not seen for longer than this is gone, and what was seen of it before does not count."""

HOLE_S = 2.0
"""Live, nothing counts any more when nothing has been seen or heard for longer than this: the machine has slept, or
both devices are gone."""

FRESH_S = 0.5
"""Faces this new count between utterances even when they are from before the end of the last one."""

ONSET_S = 3.0
"""An utterance is known to have started at most this long after its start."""

_TINY_S = 1e-6


class Transcript(Protocol):
    """The words of one utterance, from ``pts_s`` on (a TranscriptUpdate of ``engine.asr.base``)."""

    @property
    def pts_s(self) -> float: ...  # noqa: D102
    @property
    def utterance(self) -> int: ...  # noqa: D102
    @property
    def words(self) -> tuple[Word, ...]: ...  # noqa: D102


class WordEmbedding(Protocol):
    """What turns words into vectors (WordVectors of ``engine.features.word_vectors``)."""

    @property
    def dim(self) -> int: ...  # noqa: D102

    def embed(self, words: Sequence[Word]) -> tuple[tuple[Word, ...], FloatArray, int]: ...  # noqa: D102


class WindowBuilder:
    """Keeps what the streams bring and cuts windows from it.

    A window at time t holds exactly what is available at t, in whatever order and pieces it was
    added: an MFCC frame 52.5 ms after its centre, a face at the time of its picture, a speech event
    at its ``known_s``, words at the ``pts_s`` of their update; frames and events ``sound_after_s`` later.

    In mode "utterance" a window covers the utterance that is open at t, from its start: its latest
    1000 audio frames, latest 32 faces and latest 128 words, which may be partial. Between utterances
    there are no audio and no words; faces go on, at most those of the last 10.7 s, and none from
    before the end of the last utterance except within the last half second, so that an old
    expression does not linger and the first window after speech still has a face. Words that arrive
    when the end of their utterance is known belong to the transcript and to no window.

    In mode "sliding" it always covers the last 10 s of audio and words and the last 32 faces. Words
    count whether they are partial, final or late.

    A face that is not seen for more than a second empties the video stream, and so does a second without a picture. In
    live sessions two seconds without any sound or picture empty everything.

    Parameters
    ----------
    config : its ``window`` is the mode; and ``sound_after_s``.
    vectors : the word vectors.
    face_dim : length of a face embedding.
    """

    def __init__(self, config: SessionConfig, vectors: WordEmbedding, face_dim: int) -> None:
        self._sliding = config.window == "sliding"
        self._live = not config.wait_for_words
        self._after_s = config.sound_after_s
        self._delay_s = LOOK_AHEAD_S + self._after_s
        self._vectors = vectors
        self._audio = Series(AUDIO_DIM)
        self._faces = Series(face_dim)
        self._unseen: deque[float] = deque()
        self._identity: int | None = None
        self._switches: deque[float] = deque()
        self._sampled_s = np.inf  # time of the newest picture
        self._events: deque[SpeechEvent] = deque()
        self._updates: deque[Transcript] = deque()
        self._visible: dict[int, Transcript] = {}
        self._spoken: tuple[Word, ...] = ()
        self._embedded = vectors.embed(())  # of what was spoken
        self._now_s = -np.inf
        self._utterance: int | None = None
        self._next_utterance = 0
        self._start_s = 0.0  # of the open utterance
        self._ended_s = 0.0  # end of the last one

    def add_audio(self, block: FeatureBlock) -> None:
        """Take audio frames, later than those before.

        Raises
        ------
        ValueError : they are not of the audio stream, or time goes back.
        """
        if block.stream != "audio":
            raise ValueError(f"audio frames wanted, got {block.stream}")
        self._audio.append(block.times_s, block.values)

    def add_face(self, pts_s: float, embedding: FloatArray | None, identity: int = 0) -> None:
        """Take what was seen in the picture at ``pts_s``: an embedding [d], or None where no face was.

        Another ``identity`` is another person: faces of the one before count no longer.
        """
        if pts_s - self._sampled_s > FACE_LOST_S + _TINY_S:  # there were no pictures: nobody was seen
            self._unseen.append(self._sampled_s + FACE_LOST_S + 2 * _TINY_S)
        self._sampled_s = pts_s
        if embedding is None:
            self._unseen.append(pts_s)
            return
        if self._identity is not None and identity != self._identity:
            self._switches.append(pts_s)
        self._identity = identity
        self._faces.append(np.array([pts_s]), np.asarray(embedding, np.float32)[None])

    def add_speech(self, event: SpeechEvent) -> None:
        """Take the start or the end of an utterance, in the order in which they were decided."""
        self._events.append(event)

    def add_transcript(self, update: Transcript) -> None:
        """Take the words of an utterance; they replace its words from the time of the update on."""
        self._updates.append(update)

    def window_at(self, t: float) -> tuple[UtteranceWindow, int | None]:
        """The window at media time ``t``, and the index of the utterance that is open then.

        Raises
        ------
        ValueError : ``t`` is before that of the last window; what it would need is forgotten.
        """
        if t < self._now_s:
            raise ValueError(f"windows go forward in time: {t:.3f} s was asked for after {self._now_s:.3f} s")
        self._now_s = t
        self._advance(t)
        low_s, audio_low_s, face_low_s = self._span(t)
        audio = self._audio.between(audio_low_s, t - self._delay_s, MAX_AUDIO_FRAMES)
        if not self._sliding and self._utterance is None:
            audio = self._audio.none()
        video = self._faces.between(max(face_low_s, self._seen_since_s(t)), t, MAX_FACES)
        if t - self._newest_picture_s(t) > FACE_LOST_S + _TINY_S:
            video = self._faces.none()
        words, text, skipped = self._words(t)
        if self._live and self._in_hole(t):
            audio, video, words, text, skipped = self._audio.none(), self._faces.none(), (), text[:0], 0
        window = UtteranceWindow(
            start_s=low_s,
            end_s=t,
            audio=audio[1],
            audio_times_s=audio[0],
            video=video[1],
            video_times_s=video[0],
            text=text,
            text_times_s=_middles(words),
            words=words,
            skipped_words=skipped,
        )
        self._forget(t)
        return window, self._utterance

    def _in_hole(self, t: float) -> bool:
        """Whether nothing has been seen or heard for long."""
        heard = self._audio.times_until(t - self._delay_s)[-1:]
        newest_s = max((*map(float, heard), self._newest_picture_s(t)))
        return t - newest_s > HOLE_S + self._delay_s

    def _advance(self, t: float) -> None:
        """Let happen what is known by ``t``."""
        while self._events and self._events[0].known_s + self._after_s <= t:
            event = self._events.popleft()
            if event.kind == "start":
                self._utterance, self._start_s = event.utterance, event.pts_s
            else:
                self._utterance, self._ended_s = None, event.pts_s
            self._next_utterance = event.utterance + (event.kind == "end")
        later: deque[Transcript] = deque()
        for update in self._updates:  # not in order of time across utterances: all are looked at
            if update.pts_s <= t:
                self._visible[update.utterance] = update
            else:
                later.append(update)
        self._updates = later

    def _span(self, t: float) -> tuple[float, float, float]:
        """Where the window begins, and from where on it takes audio and faces."""
        if self._sliding:
            face_low_s = max(0.0, t - FACE_SPAN_S)
            return face_low_s, max(0.0, t - AUDIO_SPAN_S), face_low_s
        if self._utterance is not None:
            return self._start_s, self._start_s, self._start_s
        low_s = max(0.0, t - FACE_SPAN_S, min(self._ended_s, t - FRESH_S))
        return low_s, t, low_s

    def _seen_since_s(self, t: float) -> float:
        """Time from which on faces count: after the last time that the face was lost, or another one was followed."""
        since_s = max((switch_s for switch_s in self._switches if switch_s <= t), default=-np.inf)
        faces = self._faces.times_until(t)
        for unseen_s in self._unseen:
            if unseen_s > t:
                break
            before = int(faces.searchsorted(unseen_s, side="left"))
            if before and unseen_s - faces[before - 1] > FACE_LOST_S + _TINY_S:
                since_s = max(since_s, unseen_s)
        return since_s

    def _newest_picture_s(self, t: float) -> float:
        """Time of the newest picture until ``t`` that was searched for a face, as far as that is still known."""
        seen = self._faces.times_until(t)[-1:]
        return max((*seen, *(unseen_s for unseen_s in self._unseen if unseen_s <= t)), default=-np.inf)

    def _words(self, t: float) -> tuple[tuple[Word, ...], FloatArray, int]:
        if self._sliding:
            heard = [word for index in sorted(self._visible) for word in self._visible[index].words]
            spoken = tuple(word for word in heard if _middle_s(word) >= t - AUDIO_SPAN_S)
        else:
            visible = None if self._utterance is None else self._visible.get(self._utterance)
            spoken = () if visible is None else visible.words
        if spoken != self._spoken:  # a transcript changes less often than windows are made
            self._spoken, self._embedded = spoken, self._vectors.embed(spoken)
        words, values, skipped = self._embedded
        return words[-MAX_WORDS:], values[-MAX_WORDS:], skipped

    def _forget(self, t: float) -> None:
        """Drop what no later window can need."""
        low_s = t - ONSET_S if self._utterance is None else min(self._start_s, t - ONSET_S)
        self._audio.forget_before(t - AUDIO_SPAN_S if self._sliding else low_s)
        self._audio.forget_beyond(MAX_AUDIO_FRAMES, t - self._delay_s)
        self._faces.forget_before(self._seen_since_s(t))
        self._faces.forget_beyond(MAX_FACES, t)
        faces = self._faces.times_until(t)
        newest_s = float(faces[-1]) if len(faces) else t
        while self._unseen and self._unseen[0] <= newest_s:
            self._unseen.popleft()
        while len(self._switches) > 1 and self._switches[1] <= t:
            self._switches.popleft()
        if not self._sliding:
            gone = [index for index in self._visible if index < self._next_utterance]
        else:
            old_s = t - AUDIO_SPAN_S
            gone = [index for index, one in self._visible.items() if all(_middle_s(word) < old_s for word in one.words)]
        for index in gone:
            del self._visible[index]


def _middle_s(word: Word) -> float:
    return (word.start_s + word.end_s) / 2


def _middles(words: Sequence[Word]) -> TimeArray:
    return np.array([_middle_s(word) for word in words], dtype=np.float64)
