"""What the model stage was given, kept so that any moment of a session can be looked at again."""

from __future__ import annotations

import io
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.config import AUDIO_DIM, SessionConfig
from engine.features.endpoint import LONGEST_S, SpeechEvent
from engine.features.series import Series
from engine.features.window import FACE_SPAN_S, ONSET_S, WindowBuilder
from engine.stages import FaceSample, Report, Seen
from engine.types import FeatureBlock, FloatArray, TimeArray, UtteranceWindow

if TYPE_CHECKING:
    from engine.asr.base import TranscriptUpdate
    from engine.features.speech import Heard
    from engine.features.window import WordEmbedding

REACH_S = LONGEST_S + FACE_SPAN_S + ONSET_S
"""How far back something can lie that shapes a window: the longest utterance, and faces before its start."""

PIECE = 128
"""Samples at 16 kHz (8 ms) that make one point of the envelope."""

_SEEN_HOLDS_S = 0.35
_PRUNE_EVERY = 256
_JPEG_QUALITY = 92
_CROPS_DECODED = 128


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


@dataclass(frozen=True, slots=True)
class _Face:
    """A face sample without its picture of 38 kB, which is kept as a JPEG of about 4, for looking at only."""

    pts_s: float
    identity: int
    embedding: FloatArray | None
    jpeg: bytes | None


class Recall:
    """Keeps reports of a session, and builds the window of any moment from them, bit for bit as it was.

    One thread adds, any thread reads. An hour of sound takes 180 MB, an hour of faces 40 MB.

    Parameters
    ----------
    config, vectors, face_dim : as for the `WindowBuilder` of the session.
    keep_s : how many seconds of media time are kept; None keeps everything.
    """

    def __init__(
        self, config: SessionConfig, vectors: WordEmbedding, face_dim: int, *, keep_s: float | None = None
    ) -> None:
        self._new_builder: Callable[[], WindowBuilder] = lambda: WindowBuilder(config, vectors, face_dim)
        self._keep_s = None if keep_s is None else max(keep_s, REACH_S)
        self._lock = threading.Lock()
        self._audio = Series(AUDIO_DIM)
        self._envelope = Series(2)
        self._activity = Series(1)
        self._faces: list[_Face] = []
        self._seen: list[Seen] = []
        self._events: list[SpeechEvent] = []
        self._updates: list[TranscriptUpdate] = []
        self._added = 0
        self._from_s = -np.inf

    @property
    def from_s(self) -> float:
        """Media time before which moments are forgotten."""
        return self._from_s

    def add(self, report: Report) -> None:
        """Take what a stage has reported to the model."""
        faces = [_kept(sample) for sample in report.samples]
        with self._lock:
            self._faces += faces
            self._seen += () if report.seen is None else (report.seen,)
            self._updates += report.updates
            for heard in report.heard:
                self._hear(heard)
            self._added += 1
            if self._keep_s is not None and self._added % _PRUNE_EVERY == 0 and np.isfinite(report.until_s):
                self._forget_before(report.until_s - self._keep_s)

    def window_at(self, t: float) -> tuple[UtteranceWindow, int | None]:
        """What the model saw at media time ``t``, with nothing muted, and the utterance that was open then.

        Raises
        ------
        ValueError : that is forgotten.
        """
        if t - REACH_S < self._from_s:
            raise ValueError(f"what happened at {t:.1f} s is not kept any more")
        builder = self._new_builder()
        with self._lock:
            times_s, values = self._audio.between(t - REACH_S, t, len(self._audio))
            faces = self._faces_between(t - REACH_S, t)
            events = [one for one in self._events if t - REACH_S <= one.known_s <= t]
            updates = [one for one in self._updates if t - REACH_S <= one.pts_s <= t]
        if len(times_s):
            builder.add_audio(FeatureBlock(stream="audio", times_s=times_s, values=values))
        for one in faces:
            builder.add_face(one.pts_s, one.embedding, one.identity)
        for event in events:
            builder.add_speech(event)
        for update in updates:
            builder.add_transcript(update)
        return builder.window_at(t)

    def seen_at(self, t: float) -> Seen | None:
        """Where faces are at a media time: the followed one between the two pictures around it, where both have it.

        None where no picture was looked at within the last third of a second.
        """
        with self._lock:
            after = bisect_right(self._seen, t, key=lambda one: one.pts_s)
            near = self._seen[max(0, after - 1) : after + 1] if after else []
        if not near or t - near[0].pts_s > _SEEN_HOLDS_S:
            return None
        one, other = near[0], near[-1]
        if one.box is None or other.box is None or not 0 < other.pts_s - one.pts_s <= _SEEN_HOLDS_S:
            return one
        share = (t - one.pts_s) / (other.pts_s - one.pts_s)
        x0, y0, x1, y1 = ((1 - share) * a + share * b for a, b in zip(one.box, other.box, strict=True))
        return replace(one, pts_s=t, box=(x0, y0, x1, y1))

    def sound(self, start_s: float, end_s: float) -> SoundPicture:
        """The sound between two media times, for drawing."""
        with self._lock:
            times_s, envelope = self._envelope.between(start_s, end_s, len(self._envelope))
            mfcc_times_s, mfcc = self._audio.between(start_s, end_s, len(self._audio))
            activity_times_s, activity = self._activity.between(start_s, end_s, len(self._activity))
        return SoundPicture(
            times_s=times_s,
            low=envelope[:, 0],
            high=envelope[:, 1],
            mfcc_times_s=mfcc_times_s,
            mfcc=mfcc[:, : AUDIO_DIM // 3],
            activity_times_s=activity_times_s,
            activity=activity[:, 0],
        )

    def crops(self, start_s: float, end_s: float, most: int) -> list[tuple[float, NDArray[np.uint8]]]:
        """The newest faces between two media times: times and pictures [size, size, 3] u8, oldest first."""
        with self._lock:
            faces = [one for one in self._faces_between(start_s, end_s) if one.jpeg is not None][-most:]
        return [(one.pts_s, _from_jpeg(one.jpeg)) for one in faces if one.jpeg is not None]

    def _hear(self, heard: Heard) -> None:
        for block in heard.features:
            self._audio.append(block.times_s, block.values)
        for frame in heard.voice:
            self._activity.append(np.array([frame.pts_s]), np.array([[frame.probability]], np.float32))
        self._events += heard.events
        if heard.block is not None and len(heard.block.samples):
            samples, pts_s, rate_hz = heard.block.samples, heard.block.pts_s, heard.block.rate_hz
            starts = np.arange(0, len(samples), PIECE)
            low, high = np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
            self._envelope.append(pts_s + starts / rate_hz, np.stack([low, high], axis=1))

    def _faces_between(self, start_s: float, end_s: float) -> list[_Face]:
        low = bisect_left(self._faces, start_s, key=lambda one: one.pts_s)
        high = bisect_right(self._faces, end_s, key=lambda one: one.pts_s)
        return self._faces[low:high]

    def _forget_before(self, low_s: float) -> None:
        self._from_s = max(self._from_s, low_s)
        for series in (self._audio, self._envelope, self._activity):
            series.forget_before(low_s)
        del self._seen[: bisect_left(self._seen, low_s, key=lambda one: one.pts_s)]
        del self._faces[: bisect_left(self._faces, low_s, key=lambda one: one.pts_s)]
        self._events = [one for one in self._events if one.known_s >= low_s]
        self._updates = [one for one in self._updates if one.pts_s >= low_s]


def _kept(sample: FaceSample) -> _Face:
    face = sample.face
    if face is None:
        return _Face(sample.pts_s, 0, None, None)
    return _Face(sample.pts_s, face.identity, sample.embedding, _to_jpeg(face.crop))


def _to_jpeg(rgb: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=_JPEG_QUALITY)
    return file.getvalue()


@lru_cache(_CROPS_DECODED)
def _from_jpeg(jpeg: bytes) -> NDArray[np.uint8]:
    from PIL import Image

    rgb = np.array(Image.open(io.BytesIO(jpeg)))
    rgb.flags.writeable = False
    return rgb
