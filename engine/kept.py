"""Reports without what is only needed once, and the memory that keeps them."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import numpy as np

from engine.config import AUDIO_DIM
from engine.features.series import Series
from engine.types import FeatureBlock, FloatArray, TimeArray

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.asr.base import TranscriptUpdate
    from engine.features.endpoint import SpeechEvent
    from engine.stages import Chosen, Seen

_PRUNE_EVERY = 256


@dataclass(frozen=True, slots=True)
class KeptFace:
    """A face sample without its picture of 38 kB, which is kept as a JPEG of about 4, for looking at only."""

    pts_s: float
    identity: int
    embedding: FloatArray | None
    jpeg: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReport:
    """What stays of a report.

    Attributes
    ----------
    stage, until_s : as in the report.
    faces, seen, chosen : what was seen, and which face somebody chose.
    features : MFCC frames.
    envelope_s, envelope : [n] start of each piece of 8 ms, [n, 2] its lowest and highest sample.
    voice_s, voice : [k] start of each voice frame, [k, 1] probability of speech, 0..1.
    events, updates : utterances and words.
    """

    stage: str
    until_s: float
    faces: tuple[KeptFace, ...] = ()
    seen: Seen | None = None
    chosen: Chosen | None = None
    features: tuple[FeatureBlock, ...] = ()
    envelope_s: TimeArray
    envelope: FloatArray
    voice_s: TimeArray
    voice: FloatArray
    events: tuple[SpeechEvent, ...] = ()
    updates: tuple[TranscriptUpdate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the model had been given of a stretch of time."""

    audio: FeatureBlock
    faces: list[KeptFace]
    events: list[SpeechEvent]
    updates: list[TranscriptUpdate]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundPicture:
    """The sound of a stretch of time, for drawing.

    Attributes
    ----------
    times_s, low, high : [n] start of each piece of 8 ms, and its lowest and highest sample.
    mfcc_times_s, mfcc : [m], [m, 40] without derivatives.
    activity_times_s, activity : [k] probability of speech, 0..1.
    """

    times_s: TimeArray
    low: FloatArray
    high: FloatArray
    mfcc_times_s: TimeArray
    mfcc: FloatArray
    activity_times_s: TimeArray
    activity: FloatArray

    @classmethod
    def of(
        cls,
        envelope: tuple[TimeArray, FloatArray],
        audio: tuple[TimeArray, FloatArray],
        activity: tuple[TimeArray, FloatArray],
    ) -> Self:
        """From times and values as they are kept: [n, 2], [m, 120] with derivatives, [k, 1]."""
        return cls(
            times_s=envelope[0],
            low=envelope[1][:, 0],
            high=envelope[1][:, 1],
            mfcc_times_s=audio[0],
            mfcc=audio[1][:, : AUDIO_DIM // 3],
            activity_times_s=activity[0],
            activity=activity[1][:, 0],
        )


class Keeping(Protocol):
    """Where reports are kept. Any thread reads; times are media times, both ends included."""

    @property
    def from_s(self) -> float:
        """What happened before is not there."""
        ...

    def given(self, start_s: float, end_s: float) -> Given:
        """What shaped windows: frames and faces by their time, speech by when it was known, words by their arrival."""
        ...

    def faces(self, start_s: float, end_s: float) -> list[KeptFace]:
        """Face samples in order of time."""
        ...

    def seen(self, start_s: float, end_s: float) -> list[Seen]:
        """Where faces were in each picture, in order of time."""
        ...

    def sound(self, start_s: float, end_s: float) -> SoundPicture:
        """The sound, for drawing."""
        ...


class Kept:
    """Keeps reports in memory: 180 MB for an hour of sound, 40 MB for an hour of faces. One thread adds.

    Parameters
    ----------
    keep_s : how many seconds of media time are kept; None keeps everything.
    """

    def __init__(self, keep_s: float | None = None) -> None:
        self._keep_s = keep_s
        self._lock = threading.Lock()
        self._audio = Series(AUDIO_DIM)
        self._envelope = Series(2)
        self._activity = Series(1)
        self._faces: list[KeptFace] = []
        self._seen: list[Seen] = []
        self._events: list[SpeechEvent] = []
        self._updates: list[TranscriptUpdate] = []
        self._added = 0
        self._from_s = -np.inf

    @property
    def from_s(self) -> float:
        """Media time before which things are forgotten."""
        return self._from_s

    def add(self, report: KeptReport) -> None:
        """Take the next report.

        Raises
        ------
        ValueError : sound goes back in time.
        """
        with self._lock:
            for block in report.features:
                self._audio.append(block.times_s, block.values)
            self._envelope.append(report.envelope_s, report.envelope)
            self._activity.append(report.voice_s, report.voice)
            self._faces += report.faces
            self._seen += () if report.seen is None else (report.seen,)
            self._events += report.events
            self._updates += report.updates
            self._added += 1
            if self._keep_s is not None and self._added % _PRUNE_EVERY == 0 and np.isfinite(report.until_s):
                self._forget_before(report.until_s - self._keep_s)

    def given(self, start_s: float, end_s: float) -> Given:
        """What shaped windows."""
        with self._lock:
            times_s, values = self._audio.between(start_s, end_s, len(self._audio))
            return Given(
                audio=FeatureBlock(stream="audio", times_s=times_s, values=values),
                faces=_between(self._faces, start_s, end_s, lambda one: one.pts_s),
                events=[one for one in self._events if start_s <= one.known_s <= end_s],
                updates=[one for one in self._updates if start_s <= one.pts_s <= end_s],
            )

    def faces(self, start_s: float, end_s: float) -> list[KeptFace]:
        """Face samples in order of time."""
        with self._lock:
            return _between(self._faces, start_s, end_s, lambda one: one.pts_s)

    def seen(self, start_s: float, end_s: float) -> list[Seen]:
        """Where faces were in each picture, in order of time."""
        with self._lock:
            return _between(self._seen, start_s, end_s, lambda one: one.pts_s)

    def sound(self, start_s: float, end_s: float) -> SoundPicture:
        """The sound, for drawing."""
        with self._lock:
            return SoundPicture.of(
                self._envelope.between(start_s, end_s, len(self._envelope)),
                self._audio.between(start_s, end_s, len(self._audio)),
                self._activity.between(start_s, end_s, len(self._activity)),
            )

    def _forget_before(self, low_s: float) -> None:
        self._from_s = max(self._from_s, low_s)
        for series in (self._audio, self._envelope, self._activity):
            series.forget_before(low_s)
        del self._seen[: bisect_left(self._seen, low_s, key=lambda one: one.pts_s)]
        del self._faces[: bisect_left(self._faces, low_s, key=lambda one: one.pts_s)]
        self._events = [one for one in self._events if one.known_s >= low_s]
        self._updates = [one for one in self._updates if one.pts_s >= low_s]


_One = TypeVar("_One")


def _between(every: list[_One], start_s: float, end_s: float, time_of: Callable[[_One], float]) -> list[_One]:
    return every[bisect_left(every, start_s, key=time_of) : bisect_right(every, end_s, key=time_of)]
