"""One run over a source: wires the stages, runs them inline or in threads, and shows how it stands."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from engine.closing import Closing
from engine.config import Modality, SessionConfig
from engine.device_faults import DeviceFaults
from engine.device_watch import DeviceWatch
from engine.errors import AttuneError, SourceError
from engine.faults import Fault, FaultLog, slept, words_lost
from engine.features.window import WindowBuilder
from engine.fusion_stage import FusionStage
from engine.hearing_stage import HearingStage
from engine.rescue import Rescuer
from engine.runtime.awake import Awake
from engine.runtime.pipeline import Pipeline
from engine.snapshot import Snapshot
from engine.stages import FaceStage, Report
from engine.timeline import Timeline
from engine.transcription_stage import TranscriptionStage
from engine.types import Prediction
from engine.wiring import feed, wired

if TYPE_CHECKING:
    from engine.clock import Clock
    from engine.components import Components
    from engine.features.speech import Hearing
    from engine.sources.base import Source

MAPS_KEPT = 6
"""Predictions that keep their attention maps: those of the 2 s by which playing may lag, at most 60 MB."""


class Session(Closing):
    """Runs the stages over a source, once. Leaving its context stops it.

    Both ways to run give the same predictions, bit for bit, however fast the source delivers. It goes on without a
    stage that fails or, in threads, hangs, as long as there are pictures or sound to predict from: see `faults`.

    Parameters
    ----------
    source : opened and closed by the caller; closed here only to interrupt it.
    components : models and recogniser; no other session may use them at the same time.
    config : grid of the predictions and kind of window.
    hearing : what listens; by default a `Hearing`.
    record : gets every report of a stage to the model (a `Recall`'s ``add``).
    predicted : gets every point of the grid and its prediction, None where there was nothing to predict from.
    faulted : is told of every fault, in the thread that noticed it.
    start_s : media time at which the source begins.
    clock : what ``captured_s`` of the source's items, and durations, are told by.

    Raises
    ------
    SourceError : the source has neither pictures nor sound.
    AssetError : a part that hearing needs is missing.
    """

    def __init__(
        self,
        source: Source,
        components: Components,
        config: SessionConfig,
        *,
        hearing: Hearing | None = None,
        record: Callable[[Report], None] = lambda report: None,
        predicted: Callable[[float, Prediction | None], None] = lambda pts_s, prediction: None,
        faulted: Callable[[Fault], None] = lambda fault: None,
        start_s: float = 0.0,
        clock: Clock | None = None,
    ) -> None:
        if not (source.info.has_audio or source.info.has_video):
            raise SourceError(f"{source.info.name} has neither pictures nor sound: choose another recording or device")
        self.timeline = Timeline(MAPS_KEPT)
        self._source = source
        self._faults = FaultLog(faulted)
        self._tell_report, self._tell_prediction = record, predicted
        parts = (components.face_tracker, components.face_encoder, components.predictor)
        self._devices = DeviceWatch(parts, self._faults.add)
        self._captured = DeviceFaults(source, self._faults.add)
        self._trace = components.trace
        sees = source.info.has_video and components.face_encoder is not None
        if not (source.info.has_audio or sees):
            raise SourceError(
                f"{source.info.name} has no sound, and these models do not use the face: choose another recording or "
                "device, or other models"
            )
        self._awake = Awake(clock)
        now_s = self._awake.now_s
        self._face = _face_stage(components, now_s) if sees else None
        self._hearing = _hearing_stage(hearing, now_s) if source.info.has_audio else None
        words = components.recognizer if source.info.has_audio else None
        self._transcription = None if words is None else TranscriptionStage(words, self._lost_words, now_s)
        self._working = [one for one in (self._face, self._hearing, self._transcription) if one is not None]
        self._model = FusionStage(
            WindowBuilder(config, components.vectors, components.face_dim),
            components.predictor,
            self.timeline,
            config,
            inputs=[one.name for one in self._working],
            spent=lambda: {one.name: one.stats.newest_s for one in self._working},
            record=self._reported,
            predicted=self._predicted,
            start_s=start_s,
            waiting=self._reports_waiting,
            trace=components.trace,
            awake=self._awake,
        )
        self._start_s = start_s
        self._nodes, self._fed = wired(self._face, self._hearing, self._transcription, self._model, live=source.live)
        rescuer = Rescuer([one.name for one in self._working], self._faults.add, lambda: self._position_s)
        self._pipeline = Pipeline(
            lambda: feed(source, self._fed, start_s, self._trace, self._ended),
            self._nodes,
            self._fed,
            source.close,
            self._trace,
            rescue=rescuer,
            awake=self._awake,
            looked=self._look,
        )

    def close(self) -> None:
        """As `stop`."""
        self.stop()

    def run_inline(self) -> Iterator[Prediction]:
        """Run all stages in the calling thread; yield each prediction when it is made.

        Raises
        ------
        AttuneError : as the source or a stage raised it; anything else comes as a StageError naming the stage.
        """
        return self._pipeline.run_inline()

    def start(self) -> None:
        """Run in threads, one for the source and one for each stage."""
        self._pipeline.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the run; stopping again is harmless. Threads that wait end at once, wherever they wait.

        Raises
        ------
        AttuneError : the first error of a stage, or a StageError naming one that is busy for over ``timeout_s``.
        """
        self._pipeline.stop(timeout_s)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until all threads have ended. False when that takes longer than ``timeout_s``.

        Raises
        ------
        AttuneError : the first error of a stage.
        """
        return self._pipeline.wait(timeout_s)

    def mute(self, modalities: Collection[Modality]) -> None:
        """Make the predictions from now on without some modalities."""
        self._model.muted = frozenset(modalities)

    @property
    def newest_muted(self) -> frozenset[Modality]:
        """What the newest point of the grid does without; also where nothing was predicted."""
        return self._model.newest_muted

    def follow(self, x: float, y: float, from_s: float = -math.inf) -> None:
        """Follow the face at a point (pixels of the picture) from the first picture at or after ``from_s`` on."""
        if self._face is not None:
            self._face.follow(x, y, from_s)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What went wrong so far while it went on, in the order in which it was noticed; the newest of many."""
        return self._faults.faults

    def add_fault(self, fault: Fault) -> None:
        """Keep what went wrong outside of the stages, such as with a device or a recording. From any thread."""
        self._faults.add(fault)

    @property
    def error(self) -> AttuneError | None:
        """The first thing that ended it; None while all is well."""
        return self._pipeline.failure

    @property
    def until_s(self) -> float:
        """Media time up to which everything has been found; at most the end of the source."""
        return min(*self._model.until_s.values(), self._model.duration_s)

    @property
    def finished(self) -> bool:
        """Whether the source has ended and every prediction has been made."""
        return self._pipeline.complete

    def snapshot(self, position_s: float | None = None) -> Snapshot:
        """How it stands now; with ``position_s`` what was true at that media time."""
        moment_s, prediction = self.timeline.newest(position_s)
        at_s = position_s if position_s is not None else (moment_s or 0.0)
        seen = None if self._face is None else self._face.newest.at(position_s)
        utterances = self.timeline.utterances
        if position_s is not None:
            utterances = utterances[: bisect_right(utterances, position_s, key=lambda one: one.start_s)]
        current = prediction is not None and prediction.pts_s == moment_s
        return Snapshot(
            position_s=at_s,
            prediction=prediction,
            present=prediction.present if prediction is not None and current else (),
            utterances=utterances,
            face=None if seen is None else seen[1],
            speaking=any(one.open or at_s < one.end_s for one in utterances[-2:]),
            latency={one.name: one.stats.read() for one in (*self._working, self._model)},
            answers=self._model.answers.read(),
            dropped={
                node.stage.name: node.channel.dropped + (self._model.passed_over if node.stage is self._model else 0)
                for node in self._nodes
            },
            queued={node.stage.name: (len(node.channel), node.channel.capacity) for node in self._nodes},
            watermarks_s=dict(self._model.until_s),
            finished=self._pipeline.complete,
            error=self.error,
            notes=self._source.notes,
            faults=self.faults,
        )

    @property
    def _position_s(self) -> float:
        """Media time of the newest point of the grid."""
        return self.timeline.newest()[0] or self._start_s

    def _reported(self, report: Report) -> None:
        self._devices.look(min(report.until_s, self._model.duration_s))
        self._tell_report(report)

    def _predicted(self, pts_s: float, prediction: Prediction | None) -> None:
        self._devices.look(pts_s)
        self._tell_prediction(pts_s, prediction)

    def _reports_waiting(self) -> int:
        """How many reports the models have not seen yet."""
        return sum(len(node.channel) for node in self._nodes if node.stage is self._model)

    def _ended(self, duration_s: float) -> None:
        self._model.duration_s = duration_s

    def _look(self, over: bool) -> None:
        """Notice what happens to the machine and to devices. A recording waits while the machine sleeps."""
        for nap_s in self._awake.naps():
            if self._source.live:
                self._faults.add(slept(self._position_s, nap_s))
        if over:
            self._captured.end()
        else:
            self._captured.look()

    def _lost_words(self, pts_s: float, seconds: float) -> None:
        self._faults.add(words_lost(pts_s, seconds))


def _face_stage(components: Components, now_s: Callable[[], float]) -> FaceStage:
    if components.face_tracker is None or components.face_encoder is None:
        raise ValueError("these components were loaded without video, and the source has pictures")
    return FaceStage(components.face_tracker, components.face_encoder, components.trace, now_s)


def _hearing_stage(hearing: Hearing | None, now_s: Callable[[], float]) -> HearingStage:
    if hearing is None:
        from engine.features import speech

        hearing = speech.Hearing()
    return HearingStage(hearing, now_s)
