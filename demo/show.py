"""What is open, a recording or a live session, with one face for both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from demo.history_table import Part
from demo.recording import Recording
from demo.shown import Kind, Transport, Trouble
from engine.config import Modality, SessionConfig
from engine.faults import Fault
from engine.recall import Recall
from engine.session import Session
from engine.types import VideoFrame

if TYPE_CHECKING:
    from demo.playback import Playback
    from engine.components import Components
    from engine.sources.device import DeviceState
    from engine.timeline import Timeline


class Run(Protocol):
    """What was found around a position, and what can be looked at again."""

    @property
    def timeline(self) -> Timeline: ...  # noqa: D102
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

    @property
    def path(self) -> str:
        """The file or folder that was asked for, from the root on; "" where it is live."""
        ...

    @property
    def annotations_path(self) -> Path | None:
        """The file that its annotations are kept in; None for what is live, whose recording keeps them."""
        ...

    @property
    def playback(self) -> Playback | None:
        """What plays it; None where it is live."""
        ...

    def settings(self, config: SessionConfig) -> SessionConfig:
        """Those of its session, from those of the window."""
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

    def faults(self) -> tuple[Fault, ...]:
        """What went wrong while it went on."""

    def recording(self) -> Recording:
        """How its recording stands."""

    def notes(self) -> tuple[str, ...]:
        """Remarks on the source."""

    def devices(self) -> tuple[DeviceState, ...]:
        """The devices of a live session."""

    def mute(self, muted: frozenset[Modality]) -> None:
        """Take modalities away."""

    def muted_at(self, moment_s: float, muted: frozenset[Modality]) -> frozenset[Modality]:
        """What a moment does without while ``muted`` is taken away: these, and what was when it was recorded."""

    def follow(self, x: float, y: float) -> None:
        """Follow another face."""

    def close(self) -> None:
        """Stop everything; again is harmless."""
