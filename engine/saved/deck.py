"""Begins and ends recordings of a live session, also in its middle."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.annotations import Annotation, Annotations
from engine.errors import OutputError
from engine.recall import REACH_S
from engine.saved.describe import beginning, describe
from engine.saved.folder import SessionFolder, place_for
from engine.saved.medium import Expected
from engine.saved.recorder import Recorder
from engine.saved.recording_state import RecordingState
from engine.sources.device import DeviceStatus

if TYPE_CHECKING:
    from engine.components import Components
    from engine.config import Modality, SessionConfig
    from engine.faults import Fault
    from engine.saved.about import SessionAbout
    from engine.sources.live import LiveSource
    from engine.stages import Report
    from engine.types import Prediction

_COMING = (DeviceStatus.STARTING, DeviceStatus.RUNNING)


class Deck:
    """Is told all that happens in a live session, and hands it to the recorder while one runs.

    Parameters
    ----------
    source, components, config : of the session.
    told : of the fault that has ended a recording.

    Attributes
    ----------
    annotations : all that were made.
    recorded : how the last recording stood when it had been stopped; None before.
    """

    def __init__(
        self, source: LiveSource, components: Components, config: SessionConfig, told: Callable[[Fault], None]
    ) -> None:
        self.annotations = Annotations()
        self.recorded: RecordingState | None = None
        self._source, self._components, self._config, self._told = source, components, config, told
        self._lock = threading.Lock()
        self._recorder: Recorder | None = None
        self._reports: deque[tuple[float, Report]] = deque()
        self._newest_s = 0.0

    @property
    def state(self) -> RecordingState | None:
        """How the recording stands, also one that has ended by itself; None where none was begun, or it was stopped."""
        recorder = self._recorder
        return None if recorder is None else recorder.state

    def start(self, folder: Path) -> Path:
        """Record from now on, with what the first predictions need of the time before; see `LiveRun.start_recording`.

        Raises
        ------
        OutputError : it cannot be written, holds something else, or a recording runs already.
        """
        if self._recorder is not None and self._recorder.problem:
            self.stop()
        if self._recorder is not None:
            raise OutputError("this session is recorded already: stop the recording before you begin another one")
        about = describe(self._source, self._components, self._config)
        held = SessionFolder.create(place_for(folder, datetime.now()))
        recorder = self._new_recorder(held, about)
        self._source.tap = recorder
        with self._lock:
            for _, report in self._reports:
                recorder.report(report)
            self._recorder = recorder
        try:
            recorder.start()
        except BaseException:
            self._let_go()
            raise
        return held.path

    def stop(self) -> RecordingState | None:
        """End the recording, and wait until it is whole; how it stands then, None where there was none."""
        recorder = self._let_go()
        if recorder is None:
            return None
        recorder.stop()
        self.recorded = recorder.state
        return self.recorded

    def annotate(self, annotation: Annotation) -> None:
        """Keep a mark, in place of an older one with its id."""
        self._set_annotations(self.annotations.having(annotation))

    def remove_annotation(self, id: str) -> None:
        """Forget a mark."""
        self._set_annotations(self.annotations.without(id))

    def reported(self, report: Report) -> None:
        """Take a report as the model gets it."""
        with self._lock:
            self._keep(report)
            if self._recorder is not None:
                self._recorder.report(report)

    def predicted(self, pts_s: float, prediction: Prediction | None, muted: frozenset[Modality]) -> None:
        """Take a point of the grid."""
        recorder = self._recorder
        if recorder is not None:
            recorder.predicted(pts_s, prediction, muted)

    def faulted(self, fault: Fault) -> None:
        """Take a fault of the session."""
        recorder = self._recorder
        if recorder is not None:
            recorder.fault(fault)

    def _new_recorder(self, held: SessionFolder, about: SessionAbout) -> Recorder:
        def expected() -> Expected:
            now = self._source.info
            size = None if now.width is None or now.height is None else (now.width, now.height)
            waits = frozenset(one.kind for one in self._source.states if one.status in _COMING)
            return Expected(
                pictures=now.has_video, sound=now.has_audio, waits=waits, size=size, rate_hz=now.audio_rate_hz
            )

        return Recorder(
            held,
            beginning(about, self._source.position_s),
            now_s=lambda: self._source.position_s,
            devices=lambda: self._source.states,
            expected=expected,
            told=self._told,
        )

    def _let_go(self) -> Recorder | None:
        self._source.tap = None
        with self._lock:
            recorder, self._recorder = self._recorder, None
        return recorder

    def _set_annotations(self, annotations: Annotations) -> None:
        self.annotations = annotations
        recorder = self._recorder
        if recorder is not None:
            from_s = recorder.state.from_s
            recorder.annotate(Annotations(one for one in annotations if one.end_s >= from_s))

    def _keep(self, report: Report) -> None:
        """Keep the reports of the last `REACH_S`: with them, a prediction that is made now can be made again.

        The place of a report in time is that of the newest one: words come late, and count from then on.
        """
        if report.until_s < float("inf"):
            self._newest_s = max(self._newest_s, report.until_s)
        self._reports.append((self._newest_s, report))
        while self._newest_s - self._reports[0][0] > REACH_S + 1.0:
            self._reports.popleft()
