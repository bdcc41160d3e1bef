"""A recorded session that is played with what was found when it was recorded; nothing is analysed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from demo.clock_playback import ClockPlayback
from demo.history_table import Part
from demo.playback import Playback
from demo.recording import Recording
from demo.session_playback import MediaPlayback
from demo.shown import Kind, Transport, Trouble
from engine.config import Modality, SessionConfig
from engine.errors import DataError, SourceError
from engine.faults import Fault, shortened
from engine.types import VideoFrame

if TYPE_CHECKING:
    from engine.components import Components
    from engine.recall import Recall
    from engine.saved.muting import Muting
    from engine.saved.session import SavedSession
    from engine.session import Session
    from engine.sources.device import DeviceState
    from engine.timeline import Timeline


@dataclass(frozen=True, slots=True)
class _Run:
    """Implements `demo.show.Run`."""

    timeline: Timeline
    recall: Recall


class SessionShow:
    """Implements `demo.show.Show` over a recorded session: pictures and sound where they are there, else time alone.

    Positions are media times of the session: one whose recording was begun in the middle starts later than 0.
    """

    kind: Kind = "file"

    @classmethod
    def open(cls, path: str | Path, *, speaker: str | None, volume: float) -> SessionShow:
        """Open the folder of a session, held at its beginning.

        Raises
        ------
        DataError : it is none, or is damaged so that nothing of it can be shown.
        """
        from engine.saved.session import SavedSession

        session = SavedSession.open(path)
        playback, problem = _playback(session, speaker, volume)
        return cls(path, session, playback, problem)

    def __init__(self, path: str | Path, session: SavedSession, playback: Playback, problem: str) -> None:
        self.session = session
        self.title, self.path = session.folder.name, str(Path(path).absolute())
        self.playback: Playback = playback
        self.annotations_path = session.annotations_path
        kinds = {one.state.kind for one in session.devices} | {str(one.get("kind")) for one in session.about.devices}
        self.has_video = "camera" in kinds or bool(session.about.picture_size)
        self.has_audio = "microphone" in kinds or bool(session.about.sound_rate_hz)
        self._problem = problem
        self._faults = shortened(session.faults)
        self._other_models = ""
        self._run: _Run | None = None
        self._muting: Muting | None = None
        self._muted: frozenset[Modality] = frozenset()

    def settings(self, config: SessionConfig) -> SessionConfig:
        """Those that it was recorded with."""
        return self.session.config

    def analyse(self, components: Components, config: SessionConfig) -> None:
        """Show what was found; the models explain it, and predict again where something is muted.

        Raises
        ------
        DataError : the models know other classes, or work with other features, than those of the recording.
        """
        from engine.saved.muting import Muting
        from engine.saved.replay import how_to_name_models, model_differences

        session, predictor = self.session, components.predictor
        if session.labels and session.labels != predictor.labels:
            raise DataError(
                f"This session was recorded with models that know other classes ({', '.join(session.labels)}). "
                f"{how_to_name_models(session)}"
            )
        recall = session.recall(components)
        differences = model_differences(session, predictor)
        if differences:
            self._other_models = (
                f"{' '.join(differences)} Emotions are shown as recorded; attention maps, and what is shown while "
                f"something is muted, come from the models that run now. {how_to_name_models(session)}"
            )
        self._run = _Run(session.timeline, recall)
        self._muting = Muting(session, recall, predictor, lambda: self.playback.position_s)
        self._muting.mute(self._muted)

    def transport(self) -> Transport:
        """Position and state of playing."""
        return Transport.of(self.playback, self.session.from_s)

    def look(self, transport: Transport) -> None:
        """Nothing: all is there."""

    def frame(self) -> VideoFrame | None:
        """The picture at the play head."""
        return self.playback.picture()

    def run_at(self, position_s: float) -> _Run | None:
        """What was recorded."""
        return self._run

    def busy(self) -> Session | None:
        """None: nothing is analysed."""
        return None

    def parts(self) -> Sequence[Part]:
        """All of it."""
        if self._run is None:
            return []
        # From 0 on, since what is said when a recording begins may have begun before it.
        return [Part(timeline=self._run.timeline, from_s=0.0, until_s=self.session.until_s)]

    def behind_s(self, position_s: float) -> float:
        """Never."""
        return 0.0

    def stale(self) -> bool:
        """Whether predicting again without a modality has failed."""
        return self._muting is not None and self._muting.error is not None

    def troubles(self) -> list[Trouble]:
        """What is wrong with the speaker, the recording or the models."""
        found = [Trouble(where="speaker", text=self.playback.message)] if self.playback.message else []
        if self._problem:
            found.append(Trouble(where="file", text=self._problem))
        if self._other_models:
            found.append(Trouble(where="models", text=self._other_models))
        if self._muting is not None and self._muting.error is not None:
            found.append(Trouble(where="session", text=str(self._muting.error), fatal=True))
        return found

    def faults(self) -> tuple[Fault, ...]:
        """What went wrong while it was recorded."""
        return self._faults

    def recording(self) -> Recording:
        """It is not recorded now."""
        return Recording()

    def notes(self) -> tuple[str, ...]:
        """What is missing or damaged."""
        return self.session.notes

    def devices(self) -> tuple[DeviceState, ...]:
        """None: it is a recording."""
        return ()

    def mute(self, muted: frozenset[Modality]) -> None:
        """Take modalities away, in all of the session."""
        self._muted = muted
        if self._muting is not None:
            self._muting.mute(muted)

    def muted_at(self, moment_s: float, muted: frozenset[Modality]) -> frozenset[Modality]:
        """What is taken away now, and what was when it was recorded."""
        return muted | self.session.muted_at(moment_s)

    def follow(self, x: float, y: float) -> None:
        """Nothing: the face was chosen when it was recorded."""

    def close(self) -> None:
        """Stop playing."""
        self.playback.close()
        if self._muting is not None:
            self._muting.close()


def _playback(session: SavedSession, speaker: str | None, volume: float) -> tuple[Playback, str]:
    """What plays a session, and why there are no pictures and no sound, "" where there are."""
    from engine.playback.transport import Transport as MediaTransport
    from engine.sources.probe import probe

    silent = ClockPlayback(session.from_s, session.until_s)
    if session.media is None:
        return silent, ""  # the session says so itself
    try:
        shift_s = session.from_s + probe(session.media).origin_s
        transport = MediaTransport(session.media, speaker=speaker)
    except SourceError as error:
        return silent, f"{error} What was found in the session is shown without pictures and sound."
    transport.set_volume(volume)
    return MediaPlayback(transport, shift_s, session.until_s), ""
