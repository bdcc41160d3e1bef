"""What the window asks of the recording that is played."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from demo.playback import Playback

SLOWEST, FASTEST = 0.25, 4.0
_SHORTEST_LOOP_S = 0.1


class PlaybackCommands(ABC):
    """The part of `demo.bridge.Bridge` that plays. Every method returns at once."""

    def __init__(self) -> None:
        self._speaker: str | None = None
        self._volume = 1.0

    @abstractmethod
    def _with_playback(self, command: Callable[[Playback], object]) -> None:
        """Let what plays do something, where something does."""

    def play(self) -> None:
        """Go on playing."""
        self._with_playback(lambda playback: playback.play())

    def pause(self) -> None:
        """Hold the recording."""
        self._with_playback(lambda playback: playback.pause())

    def toggle(self) -> None:
        """Play if it is held, else hold it."""
        self._with_playback(lambda playback: playback.toggle())

    def seek(self, pts_s: float) -> None:
        """Go to a media time."""
        self._with_playback(lambda playback: playback.seek(pts_s))

    def step(self, frames: int) -> None:
        """Go so many pictures on, or back."""
        self._with_playback(lambda playback: playback.step(frames))

    def set_speed(self, speed: float) -> None:
        """Play faster or slower."""
        self._with_playback(lambda playback: playback.set_speed(min(max(speed, SLOWEST), FASTEST)))

    def set_pitch(self, pitch: Literal["kept", "muted"]) -> None:
        """Whether sound keeps its pitch at other speeds, or is silent."""
        self._with_playback(lambda playback: playback.set_pitch(pitch))

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Play a range over and over; one that is too short to be meant is left alone."""

        def run(playback: Playback) -> None:
            if loop is None:
                playback.set_loop(None)
                return
            end_s = min(loop[1], playback.duration_s or loop[1])
            if end_s - loop[0] >= _SHORTEST_LOOP_S:
                playback.set_loop((max(0.0, loop[0]), end_s))

        self._with_playback(run)

    def set_volume(self, volume: float) -> None:
        """Loudness, 0 to 1; also of what is opened later."""
        self._volume = volume
        self._with_playback(lambda playback: playback.set_volume(volume))

    def set_speaker(self, name: str | None) -> None:
        """Sound through this device; also of what is opened later."""
        self._speaker = name
        self._with_playback(lambda playback: playback.set_speaker(name))
