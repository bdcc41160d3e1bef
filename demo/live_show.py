"""Camera and microphone, and the session over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from demo.bridge import NO_DEVICE, Capture
from demo.history_table import Part
from demo.recording import Recording, State
from demo.show import Run
from demo.shown import Kind, Transport, Trouble
from engine.config import Modality, SessionConfig
from engine.errors import AttuneError
from engine.faults import Fault
from engine.session import Session
from engine.types import VideoFrame

if TYPE_CHECKING:
    from engine.components import Components
    from engine.live_run import LiveRun
    from engine.output.feed import LiveFeed
    from engine.saved.recording_state import RecordingState
    from engine.sources.device import DeviceState
    from engine.sources.live import LiveSource


class LiveShow:
    """Camera and microphone, and the recording of them."""

    kind: Kind = "live"
    path = ""
    annotations_path = playback = None

    @classmethod
    def open(cls, camera: str | None, microphone: str | None, capture: Capture, *, frame_hz: float) -> LiveShow:
        """Choose devices by name; ``NO_DEVICE`` goes without one, None takes the system's default.

        Raises
        ------
        SourceError : neither is wanted, or a named one is not there.
        """
        from engine.sources.live import open_live

        chosen = [None if one == NO_DEVICE else one or "default" for one in (camera, microphone)]
        return cls(open_live(*chosen, frame_hz=frame_hz, options=capture.options()))

    def __init__(self, source: LiveSource) -> None:
        from engine.live_run import LiveRun

        self._new_run = LiveRun
        self.source = source
        self.has_video, self.has_audio = source.info.has_video, source.info.has_audio
        self._run: LiveRun | None = None
        self._recording = Recording()
        self.feed: LiveFeed | None = None
        """Tells other programs what is found, when set before `analyse`."""

        self._muted: frozenset[Modality] = frozenset()

    @property
    def title(self) -> str:
        """The devices, by the names that are known by now."""
        return self.source.info.name

    def settings(self, config: SessionConfig) -> SessionConfig:
        """Those for camera and microphone."""
        return config.for_live()

    def analyse(self, components: Components, config: SessionConfig) -> None:
        """Open the devices and begin to predict."""
        self._run = self._new_run(self.source, components, config, feed=self.feed)
        self._run.mute(self._muted)

    def record(self, folder: Path) -> None:
        """Begin to record into a new folder, at once or as soon as the session runs.

        Raises
        ------
        OutputError : it cannot be written.
        """
        if self.recording().state in ("on", "saving"):
            return
        if self.recording().state == "broken":
            self.stop_recording()
        self._recording = Recording(state="wanted", folder=str(folder))
        if self._run is not None:
            try:
                made = self._run.start_recording(folder)
                self._recording = replace(self._recording, state="on", folder=str(made))
            except AttuneError:
                self._recording = Recording()
                raise

    def stop_recording(self) -> None:
        """Bring the recording to its proper end."""
        if self._run is not None and self._saving():
            ended = self._run.stop_recording()
            if ended is not None:
                self._take(ended)
            self._recording = replace(self._recording, state="saved")
        elif self._recording.state == "wanted":
            self._recording = Recording()

    def recording(self) -> Recording:
        """How the recording stands."""
        now = None if self._run is None or self._recording.state != "on" else self._run.recording
        if now is not None:
            self._take(now)
        return self._recording

    def transport(self) -> Transport:
        """How long it has been going on."""
        run = self._run
        if run is not None and run.finished:
            return Transport(position_s=run.session.until_s)
        return Transport(position_s=self.source.position_s, playing=run is not None)

    def look(self, transport: Transport) -> None:
        """Nothing: what is live is always at its head."""

    def frame(self) -> VideoFrame | None:
        """The newest picture."""
        newest = self.source.picture.at()
        return None if newest is None else newest[1]

    def run_at(self, position_s: float) -> Run | None:
        """The one run."""
        return self._run

    def busy(self) -> Session | None:
        """The one session."""
        return None if self._run is None else self._run.session

    def parts(self) -> Sequence[Part]:
        """All that was found."""
        if self._run is None:
            return []
        newest_s, _ = self._run.timeline.newest()
        return [Part(timeline=self._run.timeline, from_s=0.0, until_s=newest_s or 0.0)]

    def behind_s(self, position_s: float) -> float:
        """Never."""
        return 0.0

    def stale(self) -> bool:
        """Whether predictions have stopped coming."""
        return self._run is not None and self._run.stale

    def troubles(self) -> list[Trouble]:
        """What is wrong with the devices or the session."""
        found = [Trouble(where=one.kind, text=one.message) for one in self.source.states if one.message]
        error = None if self._run is None else self._run.session.error
        if error is None and self._run is not None and self._run.finished:
            found.append(Trouble(where="session", text="The recording in place of the devices has ended."))
        if error is not None:
            found.append(Trouble(where="session", text=str(error), fatal=True))
        return found

    def faults(self) -> tuple[Fault, ...]:
        """What went wrong while it went on."""
        return () if self._run is None else self._run.session.faults

    def notes(self) -> tuple[str, ...]:
        """Remarks of the source."""
        return self.source.notes

    def devices(self) -> tuple[DeviceState, ...]:
        """How the devices stand."""
        return self.source.states

    def mute(self, muted: frozenset[Modality]) -> None:
        """Take modalities away from now on."""
        self._muted = muted
        if self._run is not None:
            self._run.mute(muted)

    def muted_at(self, moment_s: float, muted: frozenset[Modality]) -> frozenset[Modality]:
        """What is taken away now."""
        return muted

    def follow(self, x: float, y: float) -> None:
        """Follow another face."""
        if self._run is not None:
            self._run.follow(x, y)

    def close(self) -> None:
        """Stop the session, end the recording and release the devices."""
        saved = self._saving()
        try:
            if self._run is not None:
                self._run.close()
        except AttuneError:
            pass  # it has been shown as a trouble while it ran
        finally:
            self.source.close()
            if saved and self._run is not None:
                if self._run.recorded is not None:
                    self._take(self._run.recorded)
                self._recording = replace(self._recording, state="saved")

    def _saving(self) -> bool:
        """Show that a recording is being ended; False where there is none."""
        there = self.recording().state in ("on", "broken")
        if there:
            self._recording = replace(self._recording, state="saving")
        return there

    def _take(self, now: RecordingState) -> None:
        state: State = "broken" if now.problem and self._recording.state == "on" else self._recording.state
        self._recording = replace(
            self._recording,
            state=state,
            seconds=now.seconds,
            size_bytes=now.bytes_written,
            left_s=now.left_s,
            dropped=now.dropped,
            problem=now.problem,
        )
