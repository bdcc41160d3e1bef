"""What the stages of a session report to the one that joins them, and the stage that follows the face."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.config import FACE_RATE_HZ
from engine.runtime.graph import Tick
from engine.runtime.latest import Latest
from engine.runtime.stats import LatencyStats, stopwatch_s
from engine.runtime.trace import NO_TRACE, Trace
from engine.types import Face, FloatArray, VideoFrame

if TYPE_CHECKING:
    from engine.asr.base import TranscriptUpdate
    from engine.features.face import Box, FaceTracker
    from engine.features.face_encoder import FaceEncoder
    from engine.features.speech import Heard

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
class Chosen:
    """From the picture at ``pts_s`` on the face at a point of it, in pixels, is followed, since somebody chose it."""

    pts_s: float
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a stage has found.

    Attributes
    ----------
    stage : its name.
    until_s : watermark: everything that is available by then has been reported, with this.
    seen, chosen, samples, heard, updates : what is new.
    captured_s : monotonic time at which the newest input for it arrived; None where it had none.
    """

    stage: str
    until_s: float
    seen: Seen | None = None
    chosen: Chosen | None = None
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
    now_s : what durations are measured by.
    """

    name = "face"

    def __init__(
        self,
        tracker: FaceTracker,
        encoder: FaceEncoder,
        trace: Trace = NO_TRACE,
        now_s: Callable[[], float] = stopwatch_s,
    ) -> None:
        self.stats = LatencyStats(now_s=now_s)
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
            chosen = self._choose(item)
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
                chosen=chosen,
                samples=samples,
                captured_s=item.captured_s,
            )
        ]

    def finish(self) -> list[Report]:
        """No picture follows."""
        return [Report(stage=self.name, until_s=math.inf)]

    def _choose(self, frame: VideoFrame) -> Chosen | None:
        """Grant a wish that is due; None where nothing changes."""
        wish = self._wish
        if wish is None or frame.pts_s < wish[2]:
            return None
        self._wish = None
        x, y = wish[:2]
        return Chosen(pts_s=frame.pts_s, x=x, y=y) if self._tracker.switch(frame, x, y) else None

    def _sample(self, pts_s: float, face: Face | None) -> tuple[FaceSample, ...]:
        tick = math.floor(pts_s * FACE_RATE_HZ + _TICK_TOLERANCE)
        if tick <= self._tick:
            return ()
        self._tick = tick
        embedding = None if face is None else self._encoder.encode([face.crop])[0]
        return (FaceSample(pts_s=pts_s, face=face, embedding=embedding),)

    def recover(self, item: VideoFrame | Tick, again: bool) -> list[Report]:
        """Go on after a failure with a picture, without it; where that happens ``again``, with nobody followed."""
        if again:
            self._tracker.reset()
        return self.stand_in().process(item)

    def stand_in(self) -> Blind:
        """What takes its place when it is out."""
        return Blind(self.newest, self._trace)


class Blind:
    """In place of a `FaceStage` that is out: sees nobody, and hands on the time."""

    name = FaceStage.name

    def __init__(self, newest: Latest[Face | None], trace: Trace) -> None:
        self._newest = newest
        self._trace = trace

    def process(self, item: VideoFrame | Tick) -> list[Report]:
        """Take a picture, and look away."""
        if not isinstance(item, VideoFrame):
            return [Report(stage=self.name, until_s=math.nextafter(item.pts_s, -math.inf))]
        self._newest.put(item.pts_s, None)
        self._trace.end(item.pts_s)
        return [Report(stage=self.name, until_s=item.pts_s)]

    def finish(self) -> list[Report]:
        """No picture follows."""
        return [Report(stage=self.name, until_s=math.inf)]
