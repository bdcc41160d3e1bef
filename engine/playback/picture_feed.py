"""Decodes pictures a little ahead of the play head."""

from __future__ import annotations

import logging
import threading
from collections import deque
from pathlib import Path

from engine.playback.pictures import PictureReader
from engine.playback.play_head import Place, PlayHead
from engine.sources.probe import Probe
from engine.types import VideoFrame

_log = logging.getLogger(__name__)

_SHOWN_HZ = 32.0
"""More pictures a second than the window shows are not converted."""

_AHEAD_BYTES = 48_000_000
_FEWEST_AHEAD, _MOST_AHEAD = 2, 10
_IDLE_S = 0.02


class PictureFeed:
    """What the picture thread does.

    Parameters
    ----------
    path, known : the recording, and what ``probe`` found out about it.
    head : where playback is; its lock guards what is ready to be shown.
    closed : set when it is time to return.
    """

    def __init__(self, path: Path, known: Probe, head: PlayHead, closed: threading.Event) -> None:
        self._head, self._closed = head, closed
        self._reader = PictureReader(path, known)
        self._ready: deque[tuple[Place, VideoFrame]] = deque()
        self._steps = 0
        self._done = -1
        self._exhausted = False
        self._settled: Place = (-1, 0.0)
        info = known.info
        picture_bytes = (info.width or 1) * (info.height or 1) * 3
        self._most = max(_FEWEST_AHEAD, min(_AHEAD_BYTES // picture_bytes, _MOST_AHEAD))

    @property
    def end_s(self) -> float | None:
        """Media time at which the pictures end; None until that has been seen."""
        return self._reader.end_s

    @property
    def behind(self) -> bool:
        """Whether the picture of the newest jump or step is not there yet."""
        with self._head.changed:
            return self._done != self._head.jumps or self._steps != 0

    def newest(self) -> VideoFrame | None:
        """The newest decoded picture at or before the play head."""
        with self._head.changed:
            place = self._head.place()
            while len(self._ready) > 1 and self._ready[1][0] <= place:
                self._ready.popleft()
            return self._ready[0][1] if self._ready else None

    def step(self, count: int) -> None:
        """Move by pictures, soon; the play head must stand still."""
        with self._head.changed:
            self._steps += count
            self._head.changed.notify_all()

    def interrupt(self) -> None:
        """Let ``run`` return soon, once ``closed`` is set. From any thread."""
        self._reader.interrupt()

    def run(self) -> None:
        """Decode until closed."""
        try:
            while not self._closed.is_set():
                if not self._work():
                    with self._head.changed:
                        if not self._closed.is_set() and not self.behind:
                            self._head.changed.wait(_IDLE_S)
        finally:
            self._reader.close()

    def drop_steps(self) -> None:
        """Forget steps that have not been made yet."""
        with self._head.changed:
            self._steps = 0

    def _work(self) -> bool:
        """Do one thing; says whether there may be more to do at once."""
        with self._head.changed:
            jumps, place, playing = self._head.jumps, self._head.place(), self._head.playing
            steps = self._steps
        if jumps != self._done:
            self._jump(jumps, place)
            return True
        if steps:
            self._step(steps, jumps, place)
            return True
        if playing:
            return self._read_ahead(place, jumps)
        if place != self._settled:
            self._settle(place, jumps)
        return False

    def _settle(self, place: Place, jumps: int) -> None:
        """Show the very picture at which playback has paused, should decoding have been late."""
        frame = self._reader.at(place[1])
        with self._head.changed:
            if self._head.jumps == jumps and self._head.place() == place and not self._head.playing:
                self._settled = place
                if frame is not None and frame is not self.newest():
                    self._ready = deque([((place[0], min(frame.pts_s, place[1])), frame)])

    def _jump(self, jumps: int, place: Place) -> None:
        frame = self._reader.at(place[1])
        with self._head.changed:
            if frame is not None:
                # Also where a newer jump is waiting: whoever drags a slider sees where it goes.
                self._ready = deque([((place[0], min(frame.pts_s, place[1])), frame)])
            self._done = jumps
            self._exhausted = False

    def _step(self, steps: int, jumps: int, place: Place) -> None:
        self._reader.at(place[1])
        frame = self._reader.step(steps)
        with self._head.changed:
            if self._head.jumps != jumps:
                return
            self._steps -= steps
            if frame is not None and not self._head.playing:
                self._head.move(frame.pts_s)
                self._ready = deque([(self._head.place(), frame)])

    def _read_ahead(self, place: Place, jumps: int) -> bool:
        with self._head.changed:
            self.newest()
            waiting, loop, speed = len(self._ready), self._head.loop, self._head.speed
            lap, at_s = self._ready[-1][0] if self._ready else place
        if waiting > self._most:
            return False
        frame, key = None, place
        if lap < place[0] or (lap == place[0] and at_s < place[1] - 2 * self._reader.period_s):
            frame = self._reader.at(place[1])  # the play head has overtaken
        if frame is None or (lap == place[0] and frame.pts_s <= at_s):
            frame, key = self._next(lap, at_s, loop, speed)
        with self._head.changed:
            if frame is None or self._head.jumps != jumps:
                return False
            self._ready.append((key, frame))
        return True

    def _next(
        self, lap: int, at_s: float, loop: tuple[float, float] | None, speed: float
    ) -> tuple[VideoFrame | None, Place]:
        """The picture to show after the one at a place, and from which place on."""
        gap_s = max(speed / _SHOWN_HZ - self._reader.period_s, 0.0)
        frame = None if self._exhausted else self._reader.after(at_s + gap_s)
        if loop is not None and at_s < loop[1] and (frame is None or frame.pts_s >= loop[1]):
            self._exhausted = False
            return self._reader.at(loop[0]), (lap + 1, loop[0])
        self._exhausted = frame is None
        return frame, (lap, frame.pts_s if frame is not None else at_s)
