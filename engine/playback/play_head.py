"""Where playback is, shared by the threads that feed sound and pictures and by whoever controls them."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Literal

from engine.playback.ending import MISSING_S
from engine.playback.output import SoundOutput

Pitch = Literal["kept", "muted"]
Place = tuple[int, float]
"""A lap and a media time; later places are heard later."""

_AT_END_S = 1e-4
_SHORTEST_LOOP_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the sound thread is to do. ``number`` changes with every jump, stop, start and change of speed."""

    number: int
    playing: bool
    place: Place
    speed: float
    heard: bool
    loop: tuple[float, float] | None
    end_s: float


class PlayHead:
    """Position, speed, loop and end of playback. Safe between threads.

    Every jump, by a seek or by the loop, begins a new lap, so that places only go forward.

    Parameters
    ----------
    output : what tells which sample is heard now.
    declared_s : how long the recording says that it is, or None where that is unknown.

    Attributes
    ----------
    changed : notified after every change; its lock guards all state.
    """

    def __init__(self, output: SoundOutput, declared_s: float | None) -> None:
        self.changed = threading.Condition(threading.RLock())
        self._output = output
        self._declared_s = declared_s
        self._real_end_s: float | None = None
        self._playing = False
        self._place: Place = (0, 0.0)
        self._newest_lap = 0
        self._number = 0
        self.speed = 1.0
        self.pitch: Pitch = "kept"
        self.loop: tuple[float, float] | None = None
        self.jumps = 0

    @property
    def output(self) -> SoundOutput:
        """What plays the sound now."""
        return self._output

    @property
    def duration_s(self) -> float | None:
        """As declared, unless the end has been seen elsewhere."""
        with self.changed:
            return self._declared_s if self._real_end_s is None else self._real_end_s

    @property
    def playing(self) -> bool:
        """Whether time goes on."""
        with self.changed:
            self.place()
            return self._playing

    @property
    def heard(self) -> bool:
        """Whether there is sound at this speed and pitch."""
        return self.pitch == "kept" or self.speed == 1.0

    def place(self) -> Place:
        """Where playback is now. Pauses it when it has come to the end."""
        with self.changed:
            if self._playing:
                heard = self._output.heard()
                if heard is not None:
                    # Drivers correct their clocks: no reason for the picture to go back.
                    self._place = max(self._place, heard)
                    self._newest_lap = max(self._newest_lap, heard[0])
                end_s = self.end_s
                if self._place[1] >= end_s - _AT_END_S:
                    self._place = (self._place[0], end_s)
                    self._stop()
            return self._place

    @property
    def end_s(self) -> float:
        """Media time at which playback ends; infinite while that is unknown."""
        duration_s = self.duration_s
        return math.inf if duration_s is None else duration_s

    def plan(self) -> Plan:
        """What the sound thread is to do now."""
        with self.changed:
            place = self.place()
            return Plan(
                number=self._number,
                playing=self._playing,
                place=place,
                speed=self.speed,
                heard=self.heard,
                loop=self.loop,
                end_s=self.end_s,
            )

    def play(self) -> None:
        """Go on; from the beginning where the end has been reached, from that of the loop where that lies behind."""
        with self.changed:
            at_s = self.place()[1]
            if not self._playing and self.loop is not None and at_s >= self.loop[1] - _AT_END_S:
                self.jump(self.loop[0])
            elif at_s >= self.end_s - _AT_END_S:
                self.jump(0.0)
            if not self._playing:
                self._playing = True
                self._replan()

    def pause(self) -> None:
        """Stand still."""
        with self.changed:
            self.place()
            if self._playing:
                self._stop()

    def toggle(self) -> None:
        """Play or pause."""
        with self.changed:
            if self.playing:
                self.pause()
            else:
                self.play()

    def jump(self, pts_s: float) -> None:
        """Go to a media time, at once; the picture follows."""
        with self.changed:
            self.move(min(max(pts_s, 0.0), self.end_s))
            self.jumps += 1

    def move(self, pts_s: float) -> None:
        """Go to the media time of a picture that is at hand."""
        with self.changed:
            self._newest_lap += 1
            self._place = (self._newest_lap, pts_s)
            self._replan()

    def change(self, *, speed: float | None = None, pitch: Pitch | None = None) -> None:
        """Change how it is played, from here on."""
        with self.changed:
            self.place()
            self.speed = self.speed if speed is None else speed
            self.pitch = self.pitch if pitch is None else pitch
            self._replan()

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        """Repeat a range from now on, and go to its start where playback is outside.

        Raises
        ------
        ValueError
            When the range is shorter than 0.1 s or not within the recording.
        """
        with self.changed:
            if loop is not None:
                start_s, end_s = loop
                if not (start_s >= 0 and start_s + _SHORTEST_LOOP_S <= end_s <= self.end_s + 1e-6):
                    raise ValueError(f"a loop must last {_SHORTEST_LOOP_S} s or more within the recording, got {loop}")
                loop = (float(start_s), float(min(end_s, self.end_s)))
            _, at_s = self.place()
            self.loop = loop
            outside = loop is not None and not loop[0] <= at_s < loop[1]
            # What has been prepared for after the next jump back is not valid any more.
            self.jump(loop[0] if self._playing and outside and loop is not None else at_s)

    def replace_output(self, output: SoundOutput) -> None:
        """Go on with another output from the place that has been reached."""
        with self.changed:
            self.place()
            self._output = output
            self._replan()

    def write(self, number: int, samples: object, mark: object) -> bool:
        """Hand samples to the output, unless the plan they were made for is not valid any more."""
        with self.changed:
            if number != self._number or not self._playing:
                return False
            self._output.write(samples, mark)  # type: ignore[arg-type]
            return True

    def found_end(self, pts_s: float) -> None:
        """Note where the recording really ends; what is declared counts, unless that is far behind."""
        with self.changed:
            believed = self._declared_s is not None and pts_s >= self._declared_s - MISSING_S
            if not believed and self._real_end_s != pts_s:
                self._real_end_s = pts_s
                self.changed.notify_all()

    def _stop(self) -> None:
        self._playing = False
        self._replan()

    def _replan(self) -> None:
        self._number += 1
        self._output.cut()
        self.changed.notify_all()
