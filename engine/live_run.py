"""A live session with what is needed beside it: the newest picture, the last minutes to look at again, a recording."""

from __future__ import annotations

import gc
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from engine.closing import Closing
from engine.config import Modality, SessionConfig
from engine.recall import Recall
from engine.saved.deck import Deck
from engine.session import Session

if TYPE_CHECKING:
    from engine.annotations import Annotation, Annotations
    from engine.components import Components
    from engine.faults import Fault
    from engine.output.feed import LiveFeed
    from engine.saved.recording_state import RecordingState
    from engine.sources.live import LiveSource
    from engine.stages import Report
    from engine.timeline import Timeline
    from engine.types import Prediction, VideoFrame

KEEP_S = 120.0
"""How far back moments can be looked at again: 6 MB of sound, 1.3 MB of faces."""

STALE_S = 2.0
"""Without a new prediction for longer than this, what is shown no longer holds."""


class LiveRun(Closing):
    """Runs a session over camera and microphone until it is closed; a context manager.

    Parameters
    ----------
    source : not iterated yet; closed with this.
    components, config : as for a `Session`; in use until `close` has returned.
    record : where to record from the beginning on, as in `start_recording`; None for not.
    begin : whether to begin at once; else ``session`` is started by the caller.
    feed : tells other programs what is found; None for not.

    Raises
    ------
    OutputError : nothing can be recorded there.
    """

    def __init__(
        self,
        source: LiveSource,
        components: Components,
        config: SessionConfig,
        *,
        record: Path | None = None,
        begin: bool = True,
        feed: LiveFeed | None = None,
    ) -> None:
        self.source = source
        self.recall = Recall(config, components.vectors, components.face_dim, keep_s=KEEP_S)
        self._step_s, self._feed = config.step_s, feed
        self._deck = Deck(source, components, config, lambda fault: self.session.add_fault(fault))
        self.session = Session(
            source,
            components,
            config,
            record=self._reported,
            predicted=self._predicted,
            faulted=self._faulted,
        )
        if record is not None:
            self.start_recording(record)
        if begin:
            try:
                self.session.start()
            except BaseException:
                self.stop_recording()
                raise

    @property
    def timeline(self) -> Timeline:
        """What has been found."""
        return self.session.timeline

    @property
    def position_s(self) -> float:
        """Media time now."""
        return self.source.position_s

    @property
    def stale(self) -> bool:
        """Whether predictions have stopped coming, since devices or computing have stopped."""
        newest_s, _ = self.timeline.newest()
        return self.finished or self.position_s - (newest_s or 0.0) > STALE_S + self._step_s

    @property
    def finished(self) -> bool:
        """Whether the devices, virtual ones, have ended and everything has been predicted."""
        return self.session.finished

    @property
    def recording(self) -> RecordingState | None:
        """How the recording stands, also one that has ended by itself; None where none was begun, or it was stopped."""
        return self._deck.state

    @property
    def recorded(self) -> RecordingState | None:
        """How the last recording stood when it had been stopped; None before."""
        return self._deck.recorded

    @property
    def annotations(self) -> Annotations:
        """All that were made."""
        return self._deck.annotations

    def picture(self) -> VideoFrame | None:
        """The newest picture of the camera."""
        newest = self.source.picture.at()
        return None if newest is None else newest[1]

    def mute(self, modalities: Collection[Modality]) -> None:
        """Leave modalities out of what is predicted from now on."""
        self.session.mute(modalities)

    def follow(self, x: float, y: float) -> None:
        """Follow the face at a point of the picture."""
        self.session.follow(x, y)

    def start_recording(self, folder: Path) -> Path:
        """Record from now on, with what the first predictions need of the time before.

        Parameters
        ----------
        folder : of the session: a new or empty one. In a folder of sessions one is made, by the date.

        Returns
        -------
        The folder of the session.

        Raises
        ------
        OutputError : it cannot be written, holds something else, or a recording runs already; one that has ended by
            itself is no hindrance.
        """
        return self._deck.start(folder)

    def stop_recording(self) -> RecordingState | None:
        """End the recording, and wait until it is whole; how it stands then, None where there was none."""
        return self._deck.stop()

    def annotate(self, annotation: Annotation) -> None:
        """Keep a mark, in place of an older one with its id; also in the recording, where one runs."""
        self._deck.annotate(annotation)

    def remove_annotation(self, id: str) -> None:
        """Forget a mark."""
        self._deck.remove_annotation(id)

    def close(self) -> None:
        """Stop the session, end the recording and release the devices; again is harmless.

        Raises
        ------
        AttuneError : the first error of the session.
        """
        try:
            self.session.stop()
        finally:
            try:
                self.source.close()
            finally:  # whatever happened until now, also a second Ctrl-C
                self.stop_recording()
        gc.collect()  # of sessions before: their parts know each other, and most of what they hold Python does not see

    def _reported(self, report: Report) -> None:
        self.recall.add(report)
        self._deck.reported(report)
        if self._feed is not None:
            self._feed.record(report)

    def _predicted(self, pts_s: float, prediction: Prediction | None) -> None:
        self._deck.predicted(pts_s, prediction, self.session.newest_muted)
        if self._feed is not None:
            self._feed.predicted(pts_s, prediction)

    def _faulted(self, fault: Fault) -> None:
        self._deck.faulted(fault)
        if self._feed is not None:
            self._feed.faulted(fault)
