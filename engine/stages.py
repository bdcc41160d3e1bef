"""The work of a session as stages: face, hearing, transcription, and the model over the joined streams."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.config import FACE_RATE_HZ, Modality, SessionConfig
from engine.features.window import WindowBuilder
from engine.runtime.graph import Tick
from engine.runtime.latest import Latest
from engine.runtime.stats import LatencyStats
from engine.timeline import Timeline
from engine.types import AudioBlock, Face, FloatArray, Prediction, VideoFrame

if TYPE_CHECKING:
    from engine.asr.base import Recognizer, TranscriptUpdate
    from engine.features.face import Box, FaceTracker
    from engine.features.face_encoder import FaceEncoder
    from engine.features.speech import Heard, Hearing
    from engine.models.predictor import Predictor

_TICK_TOLERANCE = 1e-6
_SEEN_KEPT = 64
_ROUNDING_S = 1e-6  # a recording of 10 s may end at 9.9999999


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
    """

    name = "face"

    def __init__(self, tracker: FaceTracker, encoder: FaceEncoder) -> None:
        self.stats = LatencyStats()
        self.newest = Latest[Face | None](_SEEN_KEPT)
        self._tracker = tracker
        self._encoder = encoder
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
        with self.stats.measure():
            wish = self._wish
            if wish is not None and item.pts_s >= wish[2]:
                self._wish = None
                self._tracker.switch(item, *wish[:2])
            face = self._tracker.track(item)
            samples = self._sample(item.pts_s, face)
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


class FusionStage:
    """Joins the streams and predicts at every point of the grid that all of them have passed.

    Parameters
    ----------
    builder, predictor, timeline : the parts.
    config : its ``step_s`` is the grid.
    inputs : names of the stages that report.
    spent : seconds that each stage took lately, for `Prediction.latency_s`.
    record : gets every report, for who wants to look at a moment again.
    start_s : media time at which the source begins.

    Attributes
    ----------
    muted : modalities that predictions do without from now on.
    """

    name = "model"

    def __init__(
        self,
        builder: WindowBuilder,
        predictor: Predictor,
        timeline: Timeline,
        config: SessionConfig,
        inputs: Sequence[str],
        spent: Callable[[], dict[str, float]] = dict,
        record: Callable[[Report], None] = lambda report: None,
        start_s: float = 0.0,
    ) -> None:
        self.stats = LatencyStats()
        self.muted: frozenset[Modality] = frozenset()
        self.until_s = dict.fromkeys(inputs, start_s)
        self.duration_s = math.inf
        """End of the media; set when the source has ended, before its last report comes."""
        self._builder = builder
        self._predictor = predictor
        self._timeline = timeline
        self._step_s = config.step_s
        self._spent = spent
        self._record = record
        self._done = math.floor(start_s / config.step_s + _ROUNDING_S)  # points of the grid
        self._captured_s = -math.inf

    def process(self, item: Report) -> list[Prediction]:
        """Take a report; return the predictions that it makes due."""
        if item.captured_s is not None:
            self._captured_s = max(self._captured_s, item.captured_s)
        self._record(item)
        for sample in item.samples:
            take_face(self._builder, sample)
        for heard in item.heard:
            self._hear(heard)
        for update in item.updates:
            self._builder.add_transcript(update)
            self._timeline.set_words(update.utterance, update.words, final=update.final)
        self.until_s[item.stage] = max(self.until_s[item.stage], item.until_s)
        return self._predict_until(min(self.until_s.values()))

    def finish(self) -> list[Prediction]:
        """All streams have ended."""
        return self._predict_until(math.inf) if math.isfinite(self.duration_s) else []

    def _hear(self, heard: Heard) -> None:
        for block in heard.features:
            self._builder.add_audio(block)
        for event in heard.events:
            self._builder.add_speech(event)
            if event.kind == "start":
                self._timeline.start_utterance(event.utterance, event.pts_s)
            else:
                self._timeline.end_utterance(event.utterance, event.pts_s)

    def _predict_until(self, until_s: float) -> list[Prediction]:
        made = []
        until_s = min(until_s, self.duration_s + _ROUNDING_S)
        while (t := (self._done + 1) * self._step_s) <= until_s:
            self._done += 1
            prediction = self._predict(t)
            self._timeline.add(t, prediction)
            if prediction is not None:
                made.append(prediction)
        return made

    def _predict(self, t: float) -> Prediction | None:
        muted = self.muted
        with self.stats.measure():
            window, utterance = self._builder.window_at(t)
            window = window.without(muted)
            outcomes: dict[Any, Any] = self._predictor.predict(window) if window.present else {}
        if utterance is not None:
            self._timeline.extend_utterance(utterance, t)
        if not outcomes:
            return None
        latency_s = {**self._spent(), self.name: self.stats.newest_s}
        if math.isfinite(self._captured_s):
            latency_s["total"] = max(0.0, time.monotonic() - self._captured_s)
        return Prediction(
            pts_s=t,
            window_start_s=window.start_s,
            outcomes=outcomes,
            present=window.present,
            utterance=utterance,
            muted=muted,
            latency_s=latency_s,
        )


def take_face(builder: WindowBuilder, sample: FaceSample) -> None:
    """Hand a face to what builds the windows."""
    builder.add_face(sample.pts_s, sample.embedding, 0 if sample.face is None else sample.face.identity)
