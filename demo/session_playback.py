"""Plays a recorded session for a person, on the media time of the session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from demo.playback import Pitch
from engine.types import VideoFrame

if TYPE_CHECKING:
    from engine.playback.transport import Transport


class MediaPlayback:
    """The pictures and the sound of a session.

    Parameters
    ----------
    transport : plays the media file; closed with this.
    shift_s : media time of the session at which the file begins.
    until_s : media time at which the session ends, for a file that does not say how long it is.
    """

    def __init__(self, transport: Transport, shift_s: float, until_s: float) -> None:
        self._inner = transport
        self._shift_s = shift_s
        self._until_s = until_s
        self._frame: tuple[VideoFrame, VideoFrame] | None = None

    @property
    def position_s(self) -> float:
        """Media time of the session that is seen and heard now."""
        return self._inner.position_s + self._shift_s

    @property
    def duration_s(self) -> float | None:
        """Media time at which it ends."""
        length_s = self._inner.duration_s
        return self._until_s if length_s is None else length_s + self._shift_s

    @property
    def playing(self) -> bool:
        """Whether time goes on."""
        return self._inner.playing

    @property
    def speed(self) -> float:
        """Media seconds per second."""
        return self._inner.speed

    @property
    def pitch(self) -> Pitch:
        """At speeds other than 1."""
        return self._inner.pitch

    @property
    def loop(self) -> tuple[float, float] | None:
        """The range that is repeated."""
        loop = self._inner.loop
        return None if loop is None else (loop[0] + self._shift_s, loop[1] + self._shift_s)

    @property
    def volume(self) -> float:
        """0 to 1."""
        return self._inner.volume

    @property
    def sounding(self) -> bool:
        """Whether sound is heard now."""
        return self._inner.sounding

    @property
    def seeking(self) -> bool:
        """Whether the picture of the newest seek is still being looked for."""
        return self._inner.seeking

    @property
    def message(self) -> str:
        """What the user should know."""
        return self._inner.message

    def play(self) -> None:
        """Go on."""
        self._inner.play()

    def pause(self) -> None:
        """Stand still."""
        self._inner.pause()

    def toggle(self) -> None:
        """Play or pause."""
        self._inner.toggle()

    def seek(self, pts_s: float) -> None:
        """Go to a media time."""
        self._inner.seek(max(0.0, pts_s - self._shift_s))

    def step(self, frames: int) -> None:
        """Pause, and move by pictures."""
        self._inner.step(frames)

    def set_speed(self, speed: float) -> None:
        """Set the media seconds per second, 0.25 to 4."""
        self._inner.set_speed(speed)

    def set_pitch(self, pitch: Pitch) -> None:
        """Set what is heard at other speeds."""
        self._inner.set_pitch(pitch)

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Repeat a range, or nothing."""
        self._inner.set_loop(
            None if loop is None else (max(0.0, loop[0] - self._shift_s), max(0.0, loop[1] - self._shift_s))
        )

    def set_volume(self, volume: float) -> None:
        """Set the volume, 0 to 1."""
        self._inner.set_volume(volume)

    def set_speaker(self, name: str | None) -> None:
        """Change to another output device."""
        self._inner.set_speaker(name)

    def picture(self) -> VideoFrame | None:
        """The picture at the position; the same object while it is the same picture."""
        frame, known = self._inner.picture(), self._frame
        if frame is None:
            return None
        if known is None or known[0] is not frame:
            known = self._frame = (frame, replace(frame, pts_s=frame.pts_s + self._shift_s))
        return known[1]

    def close(self) -> None:
        """Release file and device."""
        self._inner.close()
