"""One run over a source: wires the stages, runs them inline or in threads, and shows how it stands."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from engine.config import Modality, SessionConfig
from engine.errors import AttuneError, SourceError
from engine.features.window import WindowBuilder
from engine.fusion_stage import FusionStage
from engine.runtime.graph import Node, Tick, close_iterator
from engine.runtime.pipeline import Pipeline
from engine.snapshot import Snapshot
from engine.stages import FaceStage, HearingStage, Report, TranscriptionStage
from engine.timeline import Timeline
from engine.types import Prediction, VideoFrame

if TYPE_CHECKING:
    from engine.components import Components
    from engine.features.speech import Hearing
    from engine.sources.base import Source

TICK_S = 0.02
"""Media time after which a stream without items is told the time."""

MAPS_KEPT = 6
"""Predictions that keep their attention maps: those of the 2 s by which playing may lag, at most 60 MB."""

_ROOM = {"face": 6, "hearing": 128, "transcription": 2048, "model": 256}
"""Items that may wait for a stage: about 1 s of pictures, 3 s of sound, 60 s of hearing while words are decoded."""

_LIVE_ROOM = {**_ROOM, "face": 12, "transcription": 320}
"""Live, words may fall 10 s behind and faces 2 s; then sound and pictures are dropped."""


class Session:
    """Runs the stages over a source, once. Leaving its context stops it.

    Both ways to run give the same predictions, bit for bit, however fast the source delivers.

    Parameters
    ----------
    source : opened and closed by the caller; closed here only to interrupt it.
    components : models and recogniser; no other session may use them at the same time.
    config : grid of the predictions and kind of window.
    hearing : what listens; by default a `Hearing`.
    record : gets every report of a stage to the model (a `Recall`'s ``add``).
    predicted : gets every point of the grid and its prediction, None where there was nothing to predict from.
    start_s : media time at which the source begins.

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
        start_s: float = 0.0,
    ) -> None:
        if not (source.info.has_audio or source.info.has_video):
            raise SourceError(f"{source.info.name} has neither pictures nor sound: choose another recording or device")
        self.timeline = Timeline(MAPS_KEPT)
        self._source = source
        self._trace = components.trace
        sees = source.info.has_video and components.face_encoder is not None
        if not (source.info.has_audio or sees):
            raise SourceError(
                f"{source.info.name} has no sound, and these models do not use the face: choose another recording or "
                "device, or other models"
            )
        self._face = _face_stage(components) if sees else None
        self._hearing = _hearing_stage(hearing) if source.info.has_audio else None
        words = components.recognizer if source.info.has_audio else None
        self._transcription = None if words is None else TranscriptionStage(words)
        self._working = [one for one in (self._face, self._hearing, self._transcription) if one is not None]
        self._model = FusionStage(
            WindowBuilder(config, components.vectors, components.face_dim),
            components.predictor,
            self.timeline,
            config,
            inputs=[one.name for one in self._working],
            spent=lambda: {one.name: one.stats.newest_s for one in self._working},
            record=record,
            predicted=predicted,
            start_s=start_s,
            trace=components.trace,
        )
        self._start_s = start_s
        self._fed: list[Node] = []
        self._nodes = self._wire(live=source.live)
        self._pipeline = Pipeline(self._feed, self._nodes, self._fed, source.close, self._trace)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        except AttuneError:
            if error is None:  # else that one is on its way already
                raise

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

    def follow(self, x: float, y: float, from_s: float = -math.inf) -> None:
        """Follow the face at a point (pixels of the picture) from the first picture at or after ``from_s`` on."""
        if self._face is not None:
            self._face.follow(x, y, from_s)

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
            dropped={node.stage.name: node.channel.dropped for node in self._nodes},
            queued={node.stage.name: (len(node.channel), node.channel.capacity) for node in self._nodes},
            watermarks_s=dict(self._model.until_s),
            finished=self._pipeline.complete,
            error=self._pipeline.failure,
            notes=self._source.notes,
        )

    def _wire(self, *, live: bool) -> list[Node]:
        """The graph of the stages, each before those that it feeds."""
        room = _LIVE_ROOM if live else _ROOM
        model = Node(stage=self._model, capacity=room["model"], inputs=len(self._working))
        nodes = [model]
        targets = [model]
        if self._transcription is not None:
            words = Node(stage=self._transcription, targets=(model,), capacity=room["transcription"])
            nodes.insert(0, words)
            targets.append(words)  # after the model, which must hear of an utterance before it gets its words
        if self._hearing is not None:
            self._fed.append(Node(stage=self._hearing, targets=tuple(targets), capacity=room["hearing"], live=live))
        if self._face is not None:
            self._fed.append(Node(stage=self._face, targets=(model,), capacity=room["face"], live=live))
        return [*self._fed, *nodes]

    def _feed(self) -> Iterator[tuple[Node, Any]]:
        """What the source delivers, for the stage that takes it; the others are told the time now and then."""
        told_s = {node: self._start_s for node in self._fed}
        taker = {node.stage.name: node for node in self._fed}
        duration_s = self._start_s
        items = iter(self._source)
        try:
            for item in items:
                node = taker.get("face" if isinstance(item, VideoFrame) else "hearing")
                if node is not None:
                    if isinstance(item, VideoFrame):
                        self._trace.begin(item.pts_s, item.captured_s)
                    yield node, item
                    told_s[node] = item.pts_s
                duration_s = max(duration_s, item.pts_s if isinstance(item, VideoFrame) else item.end_s)
                for other, before_s in told_s.items():
                    if item.pts_s - before_s >= TICK_S:
                        yield other, Tick(item.pts_s)
                        told_s[other] = item.pts_s
        finally:
            close_iterator(items)
        self._model.duration_s = duration_s


def _face_stage(components: Components) -> FaceStage:
    if components.face_tracker is None or components.face_encoder is None:
        raise ValueError("these components were loaded without video, and the source has pictures")
    return FaceStage(components.face_tracker, components.face_encoder, components.trace)


def _hearing_stage(hearing: Hearing | None) -> HearingStage:
    if hearing is None:
        from engine.features import speech

        hearing = speech.Hearing()
    return HearingStage(hearing)
