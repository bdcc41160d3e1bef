"""The stages of a session that turn pictures and sound into what the model joins: face, hearing, transcription."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.config import FACE_RATE_HZ
from engine.runtime.graph import Tick
from engine.runtime.latest import Latest
from engine.runtime.stats import LatencyStats
from engine.runtime.trace import NO_TRACE, Trace
from engine.types import AudioBlock, Face, FloatArray, VideoFrame

if TYPE_CHECKING:
    from engine.asr.base import Recognizer, TranscriptUpdate
    from engine.features.face import Box, FaceTracker
    from engine.features.face_encoder import FaceEncoder
    from engine.features.speech import Heard, Hearing

_TICK_TOLERANCE = 1e-6
_SEEN_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceSample:
    """What the model sees in the picture at ``pts_s``: the followed face and its embedding [d], or None."""

    pts_s: float
    face: Face | None = None
    embedding: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where faces are in the picture at ``pts_s``: the followed one, or None, and others as of a moment ago."""

    pts_s: float
    box: Box | None
    others: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a stage has found.

    Attributes
    ----------
    stage : its name.
    until_s : watermark: everything that is available by then has been reported, with this.
    seen, samples, heard, updates : what is new.
    captured_s : monotonic time at which the newest input for it arrived; None where it had none.
    """

    stage: str
    until_s: float
    seen: Seen | None = None
    samples: tuple[FaceSample, ...] = ()
    heard: tuple[Heard, ...] = ()
    updates: tuple[TranscriptUpdate, ...] = ()
    captured_s: float | None = None


class FaceStage:
    """Follows a face, and encodes it in the first picture at or after each tick of 3 Hz.

    Parameters
    ----------
    tracker, encoder : the parts; the tracker is reset.
    trace : is told how far each picture is.
    """

    name = "face"

    def __init__(self, tracker: FaceTracker, encoder: FaceEncoder, trace: Trace = NO_TRACE) -> None:
        self.stats = LatencyStats()
        self.newest = Latest[Face | None](_SEEN_KEPT)
        self._tracker = tracker
        self._encoder = encoder
        self._trace = trace
        self._tick = -1
        self._wish: tuple[float, float, float] | None = None
        tracker.reset()

    def follow(self, x: float, y: float, from_s: float = -math.inf) -> None:
        """Follow the face at a point (in pixels) in the first picture at or after ``from_s``. From any thread."""
        self._wish = (x, y, from_s)

    def process(self, item: VideoFrame | Tick) -> list[Report]:
        """Take a picture, or the news that there is none until a time."""
        if isinstance(item, Tick):
            # A picture of that very time may still come: sound comes first where both are equal.
            return [Report(stage=self.name, until_s=math.nextafter(item.pts_s, -math.inf))]
        self._trace.reach(item.pts_s, "waits for the face")
        with self.stats.measure():
            wish = self._wish
            if wish is not None and item.pts_s >= wish[2]:
                self._wish = None
                self._tracker.switch(item, *wish[:2])
            face = self._tracker.track(item)
            samples = self._sample(item.pts_s, face)
        self._trace.reach(item.pts_s, "face")
        self.newest.put(item.pts_s, face)
        box = None if face is None else face.box
        return [
            Report(
                stage=self.name,
                until_s=item.pts_s,
                seen=Seen(pts_s=item.pts_s, box=box, others=self._tracker.others),
                samples=samples,
                captured_s=item.captured_s,
            )
        ]

    def finish(self) -> list[Report]:
        """No picture follows."""
        return [Report(stage=self.name, until_s=math.inf)]

    def _sample(self, pts_s: float, face: Face | None) -> tuple[FaceSample, ...]:
        tick = math.floor(pts_s * FACE_RATE_HZ + _TICK_TOLERANCE)
        if tick <= self._tick:
            return ()
        self._tick = tick
        embedding = None if face is None else self._encoder.encode([face.crop])[0]
        return (FaceSample(pts_s=pts_s, face=face, embedding=embedding),)


class HearingStage:
    """Features, voice activity and utterances of the sound."""

    name = "hearing"

    def __init__(self, hearing: Hearing) -> None:
        self.stats = LatencyStats()
        self._hearing = hearing

    def process(self, item: AudioBlock | Tick) -> list[Report]:
        """Take sound, or the news that all before a time has been delivered."""
        if isinstance(item, Tick):
            return [self._report(heard, None) for heard in self._hearing.advance(item.pts_s)]
        with self.stats.measure():
            found = self._hearing.feed(item)
        return [self._report(heard, item.captured_s) for heard in found]

    def finish(self) -> list[Report]:
        """No sound follows: report what was left."""
        return [Report(stage=self.name, until_s=math.inf, heard=tuple(self._hearing.flush()))]

    def _report(self, heard: Heard, captured_s: float | None) -> Report:
        return Report(stage=self.name, until_s=heard.until_s, heard=(heard,), captured_s=captured_s)


class TranscriptionStage:
    """Words. The recogniser is reset."""

    name = "transcription"

    def __init__(self, recognizer: Recognizer) -> None:
        self.stats = LatencyStats()
        self._recognizer = recognizer
        recognizer.reset()

    def process(self, item: Report) -> list[Report]:
        """Take a report of hearing."""
        began_s = time.perf_counter()
        updates = tuple(update for heard in item.heard for update in self._recognizer.feed(heard))
        if updates:  # what matters is how long words take, not how long waiting for them does
            self.stats.add(time.perf_counter() - began_s)
        return [Report(stage=self.name, until_s=item.until_s, updates=updates, captured_s=item.captured_s)]

    def finish(self) -> list[Report]:
        """No sound follows: report the words of an open utterance."""
        return [Report(stage=self.name, until_s=math.inf, updates=tuple(self._recognizer.flush()))]
