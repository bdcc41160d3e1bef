"""Plays a recorded session without pictures and sound: only time goes on."""

from __future__ import annotations

import threading

from demo.playback import Pitch
from engine.clock import Clock, MonotonicClock
from engine.types import VideoFrame

_AT_END_S = 1e-3


class ClockPlayback:
    """A session without media: only time goes on.

    Parameters
    ----------
    from_s, until_s : media time of the session.
    clock : what it goes on by.
    """

    pitch: Pitch = "kept"
    sounding = seeking = False
    message = ""

    def __init__(self, from_s: float, until_s: float, clock: Clock | None = None) -> None:
        self._from_s, self._until_s = from_s, max(from_s, until_s)
        self._clock = MonotonicClock() if clock is None else clock
        self._lock = threading.Lock()
        self._at_s = from_s
        self._since_s: float | None = None  # of the clock, while it plays
        self._speed = self.volume = 1.0
        self.loop: tuple[float, float] | None = None

    @property
    def position_s(self) -> float:
        """Media time now."""
        with self._lock:
            return self._advance()

    @property
    def duration_s(self) -> float:
        """Media time at which it ends."""
        return self._until_s

    @property
    def playing(self) -> bool:
        """Whether time goes on."""
        with self._lock:
            self._advance()
            return self._since_s is not None

    @property
    def speed(self) -> float:
        """Media seconds per second."""
        return self._speed

    def play(self) -> None:
        """Go on; at the end, from the beginning."""
        with self._lock:
            if self._advance() >= self._until_s - _AT_END_S:
                self._at_s = self._from_s
            if self._since_s is None:
                self._since_s = self._clock.now_s()

    def pause(self) -> None:
        """Stand still."""
        with self._lock:
            self._advance()
            self._since_s = None

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def seek(self, pts_s: float) -> None:
        """Go to a media time."""
        with self._lock:
            self._advance()
            self._at_s = min(max(pts_s, self._from_s), self._until_s)

    def step(self, frames: int) -> None:
        """Pause; there are no pictures."""
        self.pause()

    def set_speed(self, speed: float) -> None:
        """Set the media seconds per second."""
        with self._lock:
            self._advance()
            self._speed = speed

    def set_pitch(self, pitch: Pitch) -> None:
        """Keep it; there is no sound."""
        self.pitch = pitch

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Repeat a range, or nothing."""
        with self._lock:
            self.loop = loop
            at_s = self._advance()
            if loop is not None and not loop[0] <= at_s < loop[1]:
                self._at_s = loop[0]

    def set_volume(self, volume: float) -> None:
        """Keep it; there is no sound."""
        self.volume = volume

    def set_speaker(self, name: str | None) -> None:
        """Nothing: there is no sound."""

    def picture(self) -> VideoFrame | None:
        """None."""
        return None

    def close(self) -> None:
        """Nothing is held."""

    def _advance(self) -> float:
        """Bring the position up to now."""
        if self._since_s is not None:
            now_s = self._clock.now_s()
            self._at_s += (now_s - self._since_s) * self._speed
            self._since_s = now_s
            if self.loop is not None and self._at_s >= self.loop[1]:
                self._at_s = self.loop[0]
            if self._at_s >= self._until_s:
                self._at_s, self._since_s = self._until_s, None
        return self._at_s
