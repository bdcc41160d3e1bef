"""Plays a recording for a person: pictures and sound together, with everything that a player can do."""

from __future__ import annotations

import logging
import math
import threading
from pathlib import Path
from typing import get_args

from engine.clock import Clock, MonotonicClock
from engine.closing import Closing
from engine.playback.ending import why_stopped
from engine.playback.output import SilentOutput, open_output
from engine.playback.picture_feed import PictureFeed
from engine.playback.play_head import Pitch, PlayHead
from engine.playback.sound_feed import Opener, SoundFeed
from engine.runtime.worker import Worker, join_all
from engine.sources.base import SourceInfo
from engine.sources.probe import probe
from engine.types import VideoFrame

_log = logging.getLogger(__name__)

SLOWEST, FASTEST = 0.25, 4.0
_JOIN_S = 5.0


class Transport(Closing):
    """A recording being played. It begins paused at media time 0.

    All calls return at once and may come from any thread: what they ask for is done by a thread for the sound and one
    for the pictures. A context manager; closing twice is harmless.

    Parameters
    ----------
    path : of the recording.
    speaker : name of the output device, None for the system's own.
    clock : what playback runs on while no sound is heard. While sound is heard, the output device is the clock.
    opener : opens the output by the name of its device.

    Raises
    ------
    SourceError
        When the file cannot be opened, or nothing in it can be decoded.

    Notes
    -----
    Times are media times as of ``MediaFile``. Where the device vanishes, playback goes on without sound, ``message``
    says so, and the device is looked for every two seconds.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        speaker: str | None = None,
        clock: Clock | None = None,
        opener: Opener = open_output,
    ) -> None:
        known = probe(Path(path))
        clock = MonotonicClock() if clock is None else clock
        self._info = known.info
        self._path = Path(path)
        self._head = PlayHead(SilentOutput(clock), None if known.estimated else known.info.duration_s)
        self._closed = threading.Event()
        self._failure = ""
        self._volume = 1.0
        self._sound = SoundFeed(Path(path), known, self._head, opener, speaker, clock, self._closed)
        self._pictures = PictureFeed(Path(path), known, self._head, self._closed)
        self._workers = [
            Worker("playback-sound", self._sound.run, self._failed),
            Worker("playback-pictures", self._pictures.run, self._failed),
        ]
        for worker in self._workers:
            worker.start()

    def close(self) -> None:
        """Stop, and release file and device; waits at most a few seconds."""
        self._closed.set()
        self._pictures.interrupt()
        with self._head.changed:
            self._head.pause()
            self._head.changed.notify_all()
        for name in join_all(self._workers, _JOIN_S):
            _log.warning("%s has not ended within %.0f s", name, _JOIN_S)

    @property
    def info(self) -> SourceInfo:
        """What the recording holds."""
        return self._info

    @property
    def position_s(self) -> float:
        """Media time that is seen and heard now; never goes back but by a seek, a step or the loop."""
        self._look_for_end()
        return self._head.place()[1]

    @property
    def duration_s(self) -> float | None:
        """As the file declares; where that is missing or wrong, as found by playing, and None until then."""
        return self._head.duration_s

    @property
    def playing(self) -> bool:
        """Whether time goes on."""
        return self._head.playing

    @property
    def speed(self) -> float:
        """Media seconds per second."""
        return self._head.speed

    @property
    def pitch(self) -> Pitch:
        """At speeds other than 1: "kept", or "muted" for silence."""
        return self._head.pitch

    @property
    def loop(self) -> tuple[float, float] | None:
        """The range that is repeated, media seconds."""
        return self._head.loop

    @property
    def volume(self) -> float:
        """0 to 1."""
        return self._volume

    @property
    def sounding(self) -> bool:
        """Whether sound is heard now, as far as the recording has any there."""
        heard = self._info.has_audio and self._head.heard and self._volume > 0
        return heard and self._head.playing and self._head.output.audible

    @property
    def seeking(self) -> bool:
        """Whether the picture of the newest seek or step is still being looked for."""
        return self._pictures.behind

    @property
    def message(self) -> str:
        """What the user should know; "" while all is well."""
        return self._failure or self._head.output.message

    def play(self) -> None:
        """Go on; at the end, from the beginning or the start of the loop."""
        self._head.play()

    def pause(self) -> None:
        """Stand still."""
        self._head.pause()

    def toggle(self) -> None:
        """Play or pause."""
        self._head.toggle()

    def seek(self, pts_s: float) -> None:
        """Go to a media time, within the recording; the newest seek wins.

        Raises
        ------
        ValueError
            When it is not a finite number.
        """
        if not math.isfinite(pts_s):
            raise ValueError(f"a time to seek must be a finite number of seconds, got {pts_s}")
        with self._head.changed:
            self._pictures.drop_steps()
            self._head.jump(pts_s)

    def step(self, frames: int) -> None:
        """Pause, and move by pictures, back where negative."""
        self._head.pause()
        if self._info.has_video and frames:
            self._pictures.step(frames)

    def set_speed(self, speed: float) -> None:
        """Set the media seconds per second.

        Raises
        ------
        ValueError
            Outside 0.25 to 4.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"the speed must be between {SLOWEST} and {FASTEST}, got {speed}")
        self._head.change(speed=float(speed))

    def set_pitch(self, pitch: Pitch) -> None:
        """Set what is heard at speeds other than 1.

        Raises
        ------
        ValueError
            When it is neither "kept" nor "muted".
        """
        if pitch not in get_args(Pitch):
            raise ValueError(f'the pitch must be "kept" or "muted", got {pitch!r}')
        self._head.change(pitch=pitch)

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Repeat a range of media time, or nothing. Playback outside of it jumps to its start.

        Raises
        ------
        ValueError
            When the range is shorter than 0.1 s or not within the recording.
        """
        self._head.set_loop(loop)

    def set_volume(self, volume: float) -> None:
        """Set the volume.

        Raises
        ------
        ValueError
            Outside 0 to 1.
        """
        if not 0 <= volume <= 1:
            raise ValueError(f"the volume must be between 0 and 1, got {volume}")
        self._volume = float(volume)
        self._sound.set_volume(self._volume)

    def set_speaker(self, name: str | None) -> None:
        """Change to another output device, None for the system's own; playback goes on meanwhile."""
        self._sound.use_speaker(name)

    def picture(self) -> VideoFrame | None:
        """The newest decoded picture at or before the position; None where there are no pictures. Never blocks."""
        self._look_for_end()
        return self._pictures.newest()

    def _look_for_end(self) -> None:
        ends_s = (self._sound.end_s, self._pictures.end_s)
        if ends_s[0] is not None and ends_s[1] is not None:
            self._head.found_end(max(ends_s[0], ends_s[1]))

    def _failed(self, name: str, error: BaseException) -> None:
        _log.error("%s failed", name, exc_info=error)
        self._failure = why_stopped(self._path, error)
        self._head.pause()
