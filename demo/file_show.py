"""A recording that is played beside its analysis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from demo.history_table import Part
from demo.recording import Recording
from demo.shown import Kind, Transport, Trouble
from engine.annotated import annotations_of
from engine.config import Modality, SessionConfig
from engine.faults import Fault, shortened
from engine.session import Session
from engine.types import VideoFrame

if TYPE_CHECKING:
    from engine.components import Components
    from engine.playback.transport import Transport as Playback
    from engine.review import Review
    from engine.sources.device import DeviceState
    from engine.stretch import Stretch

_SPEED = 5.0
"""Media seconds that two cores analyse in a second, for saying how long catching up takes (benchmarks)."""

_NOT_RECORDED = Recording()


class FileShow:
    """A recording: pictures and sound for the user, and the analysis around the play head."""

    kind: Kind = "file"

    @classmethod
    def open(cls, path: str | Path, *, speaker: str | None, volume: float) -> FileShow:
        """Open a recording, held at its beginning.

        Raises
        ------
        SourceError : it cannot be opened.
        """
        from engine.playback.transport import Transport as Playback

        playback = Playback(path, speaker=speaker)
        playback.set_volume(volume)
        return cls(path, playback)

    def __init__(self, path: str | Path, playback: Playback) -> None:
        self.title, self.path = Path(path).name, str(Path(path).absolute())
        self.playback: Playback = playback
        self.has_video, self.has_audio = playback.info.has_video, playback.info.has_audio
        self.annotations_path = annotations_of(Path(path))
        self._path = path
        self._review: Review | None = None
        self._muted: frozenset[Modality] = frozenset()
        self._faults: tuple[tuple[tuple[Fault, ...], ...], tuple[Fault, ...]] = (), ()

    def settings(self, config: SessionConfig) -> SessionConfig:
        """As they are."""
        return config

    def analyse(self, components: Components, config: SessionConfig) -> None:
        """Begin to predict."""
        from engine.review import Review

        self._review = Review(self._path, components, config)
        self._review.mute(self._muted)

    def transport(self) -> Transport:
        """Position and state of playing."""
        return Transport.of(self.playback)

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

    def faults(self) -> tuple[Fault, ...]:
        """What went wrong in the analysis, in all that is there of it; the same object while nothing is new."""
        each = () if self._review is None else tuple(one.session.faults for one in self._review.stretches)
        if each != self._faults[0]:
            self._faults = each, shortened(tuple(chain.from_iterable(each)))
        return self._faults[1]

    def recording(self) -> Recording:
        """None is made of a recording."""
        return _NOT_RECORDED

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

    def muted_at(self, moment_s: float, muted: frozenset[Modality]) -> frozenset[Modality]:
        """What is taken away now."""
        return muted

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
