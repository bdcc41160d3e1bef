"""What plays and can be controlled."""

from __future__ import annotations

from typing import Literal, Protocol

from engine.types import VideoFrame

Pitch = Literal["kept", "muted"]


class Playback(Protocol):
    """What plays and can be controlled, as `engine.playback.transport.Transport` does."""

    @property
    def position_s(self) -> float: ...  # noqa: D102
    @property
    def duration_s(self) -> float | None: ...  # noqa: D102
    @property
    def playing(self) -> bool: ...  # noqa: D102
    @property
    def speed(self) -> float: ...  # noqa: D102
    @property
    def pitch(self) -> Pitch: ...  # noqa: D102
    @property
    def loop(self) -> tuple[float, float] | None: ...  # noqa: D102
    @property
    def volume(self) -> float: ...  # noqa: D102
    @property
    def sounding(self) -> bool: ...  # noqa: D102
    @property
    def seeking(self) -> bool: ...  # noqa: D102
    @property
    def message(self) -> str: ...  # noqa: D102
    def play(self) -> None: ...  # noqa: D102
    def pause(self) -> None: ...  # noqa: D102
    def toggle(self) -> None: ...  # noqa: D102
    def seek(self, pts_s: float) -> None: ...  # noqa: D102
    def step(self, frames: int) -> None: ...  # noqa: D102
    def set_speed(self, speed: float) -> None: ...  # noqa: D102
    def set_pitch(self, pitch: Pitch) -> None: ...  # noqa: D102
    def set_loop(self, loop: tuple[float, float] | None) -> None: ...  # noqa: D102
    def set_volume(self, volume: float) -> None: ...  # noqa: D102
    def set_speaker(self, name: str | None) -> None: ...  # noqa: D102
    def picture(self) -> VideoFrame | None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102
