"""What is open: a recording that is played beside its analysis, or a live session. One face for both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from demo.history_table import Part
from demo.shown import Kind, Transport, Trouble
from engine.config import Modality, SessionConfig
from engine.errors import AttuneError
from engine.recall import Recall
from engine.session import Session
from engine.types import VideoFrame

if TYPE_CHECKING:
    from engine.components import Components
    from engine.playback.transport import Transport as Playback
    from engine.review import Review
    from engine.sources.device import DeviceState
    from engine.sources.live import LiveSource
    from engine.stretch import Stretch

_SPEED = 5.0
"""Media seconds that two cores analyse in a second, for saying how long catching up takes (benchmarks)."""


class Run(Protocol):
    """The session that tells what to show at a position, and what can be looked at again."""

    @property
    def session(self) -> Session: ...  # noqa: D102
    @property
    def recall(self) -> Recall: ...  # noqa: D102


class Show(Protocol):
    """What is open."""

    kind: Kind
    has_video: bool
    has_audio: bool

    @property
    def title(self) -> str:
        """What it is called."""
        ...

    def analyse(self, components: Components, config: SessionConfig) -> None:
        """Begin to predict, once the models are there."""

    def transport(self) -> Transport:
        """Position and state of playing."""

    def look(self, transport: Transport) -> None:
        """Let the analysis know where the play head is."""

    def frame(self) -> VideoFrame | None:
        """The picture at the position."""

    def run_at(self, position_s: float) -> Run | None:
        """Who tells what to show at a position; None where nobody can yet."""

    def busy(self) -> Session | None:
        """The session that is at work, for the health view."""

    def parts(self) -> Sequence[Part]:
        """What has been found so far, in order of time."""

    def behind_s(self, position_s: float) -> float:
        """How long it will take until a position is analysed, in seconds of the clock; 0 where it is."""

    def stale(self) -> bool:
        """Whether live predictions have stopped coming."""

    def troubles(self) -> list[Trouble]:
        """What the user should know."""

    def notes(self) -> tuple[str, ...]:
        """Remarks on the source."""

    def devices(self) -> tuple[DeviceState, ...]:
        """The devices of a live session."""

    def mute(self, muted: frozenset[Modality]) -> None:
        """Take modalities away."""

    def follow(self, x: float, y: float) -> None:
        """Follow another face."""

    def close(self) -> None:
        """Stop everything; again is harmless."""


class FileShow:
    """A recording: pictures and sound for the user, and the analysis around the play head.

    Raises
    ------
    SourceError : it cannot be opened.
    """

    kind: Kind = "file"

    def __init__(self, path: str | Path, playback: Playback) -> None:
        self.title = Path(path).name
        self.playback = playback
        self.has_video, self.has_audio = playback.info.has_video, playback.info.has_audio
        self._path = path
        self._review: Review | None = None
        self._muted: frozenset[Modality] = frozenset()

    def analyse(self, components: Components, config: SessionConfig) -> None:
        """Begin to predict."""
        from engine.review import Review

        self._review = Review(self._path, components, config)
        self._review.mute(self._muted)

    def transport(self) -> Transport:
        """Position and state of playing."""
        now = self.playback
        return Transport(
            position_s=now.position_s,
            duration_s=now.duration_s,
            playing=now.playing,
            speed=now.speed,
            pitch=now.pitch,
            loop=now.loop,
            volume=now.volume,
            sounding=now.sounding,
            seeking=now.seeking,
        )

    def look(self, transport: Transport) -> None:
        """Let the analysis know where the play head is."""
        if self._review is not None:
            self._review.look(transport.position_s, moving=transport.playing)

    def frame(self) -> VideoFrame | None:
        """The picture at the play head."""
        return self.playback.picture()

    def run_at(self, position_s: float) -> Stretch | None:
        """The stretch that tells what to show."""
        return None if self._review is None else self._review.at(position_s)

    def busy(self) -> Session | None:
        """The session that analyses now, or did last."""
        if self._review is None:
            return None
        active = self._review.active or next(iter(self._review.stretches[::-1]), None)
        return None if active is None else active.session

    def parts(self) -> Sequence[Part]:
        """The stretches; where two overlap the earlier one counts."""
        parts: list[Part] = []
        for one in () if self._review is None else self._review.stretches:
            from_s = max(one.from_s, parts[-1].until_s) if parts else one.from_s
            if one.until_s > from_s:
                parts.append(Part(timeline=one.timeline, from_s=from_s, until_s=one.until_s))
        return parts

    def behind_s(self, position_s: float) -> float:
        """Seconds until the analysis has presumably come as far as the position."""
        if self._review is None or self._review.error is not None or self._review.at(position_s) is not None:
            return 0.0
        active = self._review.active
        reached_s = position_s - 10.0 if active is None else active.session.until_s
        return max(0.5, (position_s - reached_s) / _SPEED)

    def stale(self) -> bool:
        """Whether the analysis has failed."""
        return self._review is not None and self._review.error is not None

    def troubles(self) -> list[Trouble]:
        """What is wrong with the speaker or the analysis."""
        found = []
        if self.playback.message:
            found.append(Trouble(where="speaker", text=self.playback.message))
        if self._review is not None and self._review.error is not None:
            found.append(Trouble(where="session", text=str(self._review.error), fatal=True))
        return found

    def notes(self) -> tuple[str, ...]:
        """Remarks on the recording."""
        return () if self._review is None else self._review.notes

    def devices(self) -> tuple[DeviceState, ...]:
        """None: it is a recording."""
        return ()

    def mute(self, muted: frozenset[Modality]) -> None:
        """Take modalities away, in all of the recording."""
        self._muted = muted
        if self._review is not None:
            self._review.mute(muted)

    def follow(self, x: float, y: float) -> None:
        """Follow another face from the shown picture on."""
        frame = self.frame()
        if self._review is not None and frame is not None:
            self._review.follow(x, y, frame.pts_s)

    def close(self) -> None:
        """Stop playing and analysing."""
        self.playback.close()
        if self._review is not None:
            self._review.close()


class LiveShow:
    """Camera and microphone."""

    kind: Kind = "live"

    def __init__(self, source: LiveSource) -> None:
        from engine.live_run import LiveRun

        self._new_run = LiveRun
        self.source = source
        self.has_video, self.has_audio = source.info.has_video, source.info.has_audio
        self._run: LiveRun | None = None
        self._muted: frozenset[Modality] = frozenset()

    @property
    def title(self) -> str:
        """The devices, by the names that are known by now."""
        return self.source.info.name

    def analyse(self, components: Components, config: SessionConfig) -> None:
        """Open the devices and begin to predict."""
        self._run = self._new_run(self.source, components, config)
        self._run.mute(self._muted)

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
        error = None if self._run is None else self._run.session.snapshot().error
        if error is None and self._run is not None and self._run.finished:
            found.append(Trouble(where="session", text="The recording in place of the devices has ended."))
        if error is not None:
            found.append(Trouble(where="session", text=str(error), fatal=True))
        return found

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

    def follow(self, x: float, y: float) -> None:
        """Follow another face."""
        if self._run is not None:
            self._run.follow(x, y)

    def close(self) -> None:
        """Stop the session and release the devices."""
        try:
            if self._run is not None:
                self._run.close()
        except AttuneError:
            pass  # it has been shown as a trouble while it ran
        finally:
            self.source.close()
