"""The stage that joins the streams and predicts."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.config import Modality, SessionConfig
from engine.features.window import WindowBuilder
from engine.runtime.awake import Awake
from engine.runtime.stats import LatencyStats
from engine.runtime.trace import NO_TRACE, Trace
from engine.stages import Report
from engine.timeline import Timeline
from engine.types import Prediction

if TYPE_CHECKING:
    from engine.features.speech import Heard
    from engine.models.predictor import Predictor

MOST_WAITING = 128
"""Live, moments are passed over while more reports than this wait, over a second of them: the newest answer is worth
more than every answer, and on a machine that is too slow each would come later than the one before."""

_ROUNDING_S = 1e-6  # a recording of 10 s may end at 9.9999999


class FusionStage:
    """Joins the streams and predicts at every point of the grid that all of them have passed.

    Parameters
    ----------
    builder, predictor, timeline : the parts.
    config : its ``step_s`` and ``offset_s`` are the grid; sound counts ``sound_after_s`` later; without
        ``wait_for_words``, words that come late count from their arrival on, also in what is recorded.
    inputs : names of the stages that report.
    spent : seconds that each stage took lately, for `Prediction.latency_s`.
    record : gets every report, for who wants to look at a moment again.
    predicted : gets every point of the grid and its prediction, None where there was nothing to predict from.
    start_s : media time at which the source begins.
    waiting : how many reports wait to be processed.
    trace : is told how far each picture is.
    awake : what durations are measured by.

    Attributes
    ----------
    answers : how long each picture took from its capture to the first prediction that uses it.
    muted : modalities that predictions do without from now on.
    passed_over : moments that were not predicted, since too many reports waited.
    newest_muted : those that the newest point of the grid does without.
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
        predicted: Callable[[float, Prediction | None], None] = lambda pts_s, prediction: None,
        start_s: float = 0.0,
        waiting: Callable[[], int] = lambda: 0,
        trace: Trace = NO_TRACE,
        awake: Awake | None = None,
    ) -> None:
        self._awake = Awake() if awake is None else awake
        self.stats = LatencyStats(now_s=self._awake.now_s)
        self.answers = LatencyStats()
        self.muted: frozenset[Modality] = frozenset()
        self.newest_muted: frozenset[Modality] = frozenset()
        self.until_s = dict.fromkeys(inputs, start_s)
        self.duration_s = math.inf
        """End of the media; set when the source has ended, before its last report comes."""
        self._builder = builder
        self._predictor = predictor
        self._timeline = timeline
        self._step_s, self._offset_s = config.step_s, config.offset_s
        self._spent = spent
        self._record = record
        self._predicted = predicted
        self._done = math.floor((start_s - config.offset_s) / config.step_s + _ROUNDING_S)  # points of the grid
        self._captured: dict[str, deque[tuple[float, float]]] = {name: deque() for name in inputs}
        self._trace = trace
        self._waiting = waiting
        self.passed_over = 0
        self._waits, self._sound_after_s = config.wait_for_words, config.sound_after_s
        self._new_pictures: list[tuple[float, float | None]] = []  # not used yet: media time, capture

    def process(self, item: Report) -> list[Prediction]:
        """Take a report; return the predictions that it makes due."""
        if item.captured_s is not None:
            self._captured[item.stage].append((item.until_s, item.captured_s))
        item = self._in_time(item)
        self._record(item)
        self._follow(item)
        for sample in item.samples:
            identity = 0 if sample.face is None else sample.face.identity
            self._builder.add_face(sample.pts_s, sample.embedding, identity)
        for heard in item.heard:
            self._hear(heard)
        for update in item.updates:
            self._builder.add_transcript(update)
            words, final = update.words, update.final
            self._timeline.set_words(update.utterance, words, final=final, missing=update.missing)
        self.until_s[item.stage] = max(self.until_s[item.stage], item.until_s)
        return self._predict_until(self._complete_s())

    def finish(self) -> list[Prediction]:
        """All streams have ended."""
        return self._predict_until(math.inf) if math.isfinite(self.duration_s) else []

    def _complete_s(self) -> float:
        """Media time up to which everything has been reported that predictions wait for."""
        until_s = {name: one_s + self._after_s(name) for name, one_s in self.until_s.items()}
        if not self._waits and math.isfinite(until_s.get("hearing", math.inf)):  # at the end all words are waited for
            until_s.pop("transcription", None)
        return min(until_s.values())

    def _after_s(self, stage: str) -> float:
        """Media time after which what a stage finds counts."""
        return self._sound_after_s if stage == "hearing" else 0.0

    def _in_time(self, item: Report) -> Report:
        """The report with no words before the newest prediction, which was made without them."""
        newest_s = self._offset_s + self._done * self._step_s
        if all(one.pts_s > newest_s for one in item.updates):
            return item
        after_s = math.nextafter(newest_s, math.inf)
        return replace(item, updates=tuple(replace(one, pts_s=max(one.pts_s, after_s)) for one in item.updates))

    def _follow(self, item: Report) -> None:
        """Trace the pictures that came with a report; one that was not encoded ends here."""
        for sample in item.samples:
            self._trace.reach(sample.pts_s, "waits for the models")
            self._new_pictures.append((sample.pts_s, item.captured_s))
        if item.seen is not None and not item.samples:
            self._trace.end(item.seen.pts_s)

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
        while (t := self._offset_s + (self._done + 1) * self._step_s) <= until_s:
            self._done += 1
            if not self._waits and self._waiting() > MOST_WAITING:
                self.passed_over += 1
                continue
            with self._tracing(t):
                prediction = self._predict(t)
                self._timeline.add(t, prediction)
                self._predicted(t, prediction)
            if prediction is not None:
                made.append(prediction)
        return made

    @contextmanager
    def _tracing(self, t: float) -> Iterator[None]:
        """Trace and time the pictures for which the prediction at ``t`` is the first."""
        pictures = [one for one in self._new_pictures if one[0] <= t]
        for pts_s, _ in pictures:
            self._trace.reach(pts_s, "waits for its moment")
        yield
        for pts_s, captured_s in pictures:
            self._trace.reach(pts_s, "models")
            if captured_s is not None:
                self.answers.add(self._awake.since_s(captured_s))
        self._trace.predicted(t, [pts_s for pts_s, _ in pictures])
        del self._new_pictures[: len(pictures)]

    def _captured_by(self, t: float) -> float | None:
        """When the last of what can be seen and heard until ``t`` was captured."""
        newest_s = None
        for name, captured in self._captured.items():
            while captured and captured[0][0] + self._after_s(name) < t:
                captured.popleft()
            if captured:
                newest_s = max(newest_s or -math.inf, captured[0][1])
        return newest_s

    def _predict(self, t: float) -> Prediction | None:
        muted = self.newest_muted = self.muted
        with self.stats.measure():
            window, utterance = self._builder.window_at(t)
            window = window.without(muted)
            outcomes: dict[Any, Any] = self._predictor.predict(window) if window.present else {}
        if utterance is not None:
            self._timeline.extend_utterance(utterance, t)
        captured_s = self._captured_by(t)  # also where nobody is there, for hours: it lets go of what is past
        if not outcomes:
            return None
        latency_s = {**self._spent(), self.name: self.stats.newest_s}
        if captured_s is not None:
            latency_s["total"] = self._awake.since_s(captured_s)
        return Prediction(
            pts_s=t,
            window_start_s=window.start_s,
            outcomes=outcomes,
            present=window.present,
            utterance=utterance,
            muted=muted,
            latency_s=latency_s,
        )
