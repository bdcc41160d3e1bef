"""Keeps the output supplied with sound, and the output itself alive."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.clock import Clock, MonotonicClock
from engine.errors import SourceError
from engine.playback.ending import EndSearch, require_still_there
from engine.playback.output import SilentOutput, SoundOutput
from engine.playback.play_head import Plan, PlayHead
from engine.playback.ring import FADE_S
from engine.playback.sound import SoundReader
from engine.playback.stretches import Mark
from engine.sources.probe import Probe
from engine.types import FloatArray

_log = logging.getLogger(__name__)

_CHUNK_S = 0.1
_IDLE_S = 0.02
_RETRY_S = 2.0
_SEARCH_S = 0.01

Opener = Callable[[str | None, Clock | None], SoundOutput]


class SoundFeed:
    """What the sound thread does.

    Parameters
    ----------
    path, known : the recording, and what ``probe`` found out about it.
    head : where playback is.
    opener : opens an output by the name of its device.
    speaker : name of the device to begin with, None for the system's own.
    clock : of silent outputs.
    closed : set when it is time to return.
    """

    def __init__(
        self,
        path: Path,
        known: Probe,
        head: PlayHead,
        opener: Opener,
        speaker: str | None,
        clock: Clock,
        closed: threading.Event,
    ) -> None:
        self._path, self._known, self._head = path, known, head
        self._opener, self._clock, self._closed = opener, clock, closed
        self._real_clock = MonotonicClock()
        self._has_audio = known.info.has_audio
        self._lock = threading.Lock()
        self._wanted = speaker
        self._asked = self._has_audio
        self._retry_s = math.inf
        self._volume = 1.0
        self._reader: SoundReader | None = None
        self._search: EndSearch | None = None
        self._plan: Plan | None = None
        self._next_s, self._lap = 0.0, 0
        self._fade_in = False
        self.lost_message = ""
        self.end_s: float | None = None if self._has_audio else 0.0

    def use_speaker(self, name: str | None) -> None:
        """Change to another device soon. From any thread."""
        with self._lock:
            self._wanted, self._asked = name, self._has_audio

    def set_volume(self, volume: float) -> None:
        """Set the volume, 0 to 1, of this output and of later ones. From any thread."""
        self._volume = volume
        self._head.output.set_volume(volume)

    def run(self) -> None:
        """Feed until closed.

        Raises
        ------
        SourceError
            When the recording cannot be read any more.
        """
        try:
            if self._has_audio and self._head.duration_s is None:
                self._search = EndSearch(self._path, self._known)
            while not self._closed.is_set():
                self._care_for_output()
                if not self._feed() and not self._look_for_end():
                    with self._head.changed:
                        if not self._closed.is_set():
                            self._head.changed.wait(_IDLE_S)
        finally:
            self._head.output.close()
            if self._reader is not None:
                self._reader.close()
            if self._search is not None:
                self._search.close()

    def _look_for_end(self) -> bool:
        """Search on while there is sound enough; says whether there is more to search."""
        if self._search is None:
            return False
        if self._search.go_on(_SEARCH_S):
            return True
        if self._search.end_s is None:
            require_still_there(self._path)
        elif self.end_s is None:
            require_still_there(self._path)
            self.end_s = self._search.end_s
        self._search.close()
        self._search = None
        return False

    def _care_for_output(self) -> None:
        now_s = self._real_clock.now_s()
        output = self._head.output
        with self._lock:
            asked, self._asked = self._asked, False
        if asked:
            self._change_to(self._opener(self._wanted, self._clock))
        elif output.lost:
            self.lost_message = output.message
            _log.warning("%s", output.message)
            self._change_to(SilentOutput(self._clock, output.message))
        elif now_s >= self._retry_s:
            found = self._opener(self._wanted, self._clock)
            if found.audible:
                self._change_to(found)
            else:
                self._retry_s = now_s + _RETRY_S

    def _change_to(self, output: SoundOutput) -> None:
        before = self._head.output
        output.set_volume(self._volume)
        self._retry_s = math.inf if output.audible else self._real_clock.now_s() + _RETRY_S
        self._head.replace_output(output)
        before.close()

    def _feed(self) -> bool:
        """Write a chunk; says whether there may be more to write at once."""
        plan = self._head.plan()
        if not plan.playing:
            return False
        if self._plan is None or plan.number != self._plan.number:
            self._lap, self._next_s = plan.place
            self._begin(plan)
        self._plan = plan
        output = self._head.output
        step_s = plan.speed / output.rate_hz
        last_s, loops = self._boundary(plan)
        left = math.ceil((last_s - self._next_s) / step_s - 1e-6) if math.isfinite(last_s) else 1 << 40
        fade = round(FADE_S * output.rate_hz)
        count = min(round(_CHUNK_S * output.rate_hz), left)
        if 0 < left - count < fade:  # the fade at the end is made in one piece
            count = left - fade if left > 2 * fade else left
        if count <= 0 or output.space() < count:
            return False
        samples = self._samples(plan, output, count)
        if loops and count == left:
            samples = _faded(samples, fade, out=True)
        if not self._head.write(plan.number, samples, Mark(lap=self._lap, pts_s=self._next_s, step_s=step_s)):
            return True
        self._next_s += count * step_s
        if loops and count == left and plan.loop is not None:
            self._lap, self._next_s = self._lap + 1, plan.loop[0]
            self._begin(plan)
            self._fade_in = True
        return True

    def _begin(self, plan: Plan) -> None:
        self._fade_in = False
        output = self._head.output
        if self._reader is not None and self._reader.rate_hz != output.rate_hz:
            self._reader.close()
            self._reader = None
        if output.audible and plan.heard and self._has_audio:
            if self._reader is None:
                self._reader = SoundReader(self._path, output.rate_hz, output.channels, self._known)
            self._reader.seek(self._next_s, plan.speed)

    def _samples(self, plan: Plan, output: SoundOutput, count: int) -> FloatArray:
        silence = np.zeros((count, output.channels), np.float32)
        if self._reader is None or not (output.audible and plan.heard):
            return silence
        try:
            samples = self._reader.read(count)
        except SourceError as error:
            require_still_there(self._path)
            _log.warning("the sound cannot be read on: %s", error)
            return silence
        self.end_s = self._reader.end_s if self._reader.end_s is not None else self.end_s
        if self._fade_in:
            samples = _faded(samples, round(FADE_S * output.rate_hz), out=False)
            self._fade_in = False
        silence[: len(samples)] = samples
        return silence

    def _boundary(self, plan: Plan) -> tuple[float, bool]:
        """Up to which media time to play on, and whether playback jumps back there."""
        if plan.loop is not None and self._next_s < plan.loop[1]:
            return plan.loop[1], True
        return plan.end_s, False


def _faded(samples: FloatArray, fade: int, *, out: bool) -> FloatArray:
    count = min(fade, len(samples))
    ramp = np.linspace(0.0, 1.0, count, dtype=np.float32)[:, None]
    faded = samples.copy()
    if out and count:
        faded[-count:] *= ramp[::-1]
    elif count:
        faded[:count] *= ramp
    return faded
