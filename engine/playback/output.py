"""Where the sound of a recording goes: a speaker, or nowhere on the beat of a clock."""

from __future__ import annotations

import threading
from typing import Protocol

from engine.clock import Clock, MonotonicClock
from engine.errors import SourceError
from engine.playback.stretches import Mark, Stretches
from engine.types import FloatArray


class SoundOutput(Protocol):
    """Plays what is written, and knows what is heard now. Safe between threads; closing twice is harmless.

    Attributes
    ----------
    rate_hz, channels : of the samples that ``write`` takes.
    """

    rate_hz: int
    channels: int

    @property
    def audible(self) -> bool:
        """Whether a person can hear it."""
        ...

    @property
    def lost(self) -> bool:
        """Whether its device has vanished, so that nothing goes on here."""
        ...

    @property
    def message(self) -> str:
        """What the user should know; "" while all is well."""
        ...

    @property
    def underruns(self) -> int:
        """How often samples came too late. Media time stands still meanwhile."""
        ...

    def space(self) -> int:
        """How many samples can be written now."""
        ...

    def write(self, samples: FloatArray, mark: Mark) -> None:
        """Append samples, [n, channels] f32, of which the first is at ``mark``."""
        ...

    def cut(self) -> None:
        """Drop, with a short fade, all that is written and not heard yet."""
        ...

    def heard(self) -> tuple[int, float] | None:
        """Lap and media time of the sample heard now; None until something written after the last cut is."""
        ...

    def set_volume(self, volume: float) -> None:
        """Set the volume, 0 to 1."""
        ...

    def close(self) -> None:
        """Release the device."""
        ...


class SilentOutput:
    """Nobody hears it, and it takes as long as if somebody did.

    Parameters
    ----------
    clock : that samples pass by on.
    message : why nothing is heard, where the user should know.

    Notes
    -----
    It never falls behind its clock: samples that were written too late have passed by at once.
    """

    _AHEAD_S = 3.0

    def __init__(self, clock: Clock | None = None, message: str = "", rate_hz: int = 48000, channels: int = 2) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self._clock = MonotonicClock() if clock is None else clock
        self._message = message
        self._lock = threading.Lock()
        self._stretches = Stretches()
        self._written = self._base = self._cut_at = 0
        self._base_s: float | None = None

    @property
    def audible(self) -> bool:
        """Never."""
        return False

    @property
    def lost(self) -> bool:
        """Never."""
        return False

    @property
    def message(self) -> str:
        """Why nothing is heard."""
        return self._message

    @property
    def underruns(self) -> int:
        """None: it waits for nobody."""
        return 0

    def space(self) -> int:
        """How many samples fit into the next seconds."""
        with self._lock:
            return max(int(self._AHEAD_S * self.rate_hz - (self._written - self._passed())), 0)

    def write(self, samples: FloatArray, mark: Mark) -> None:
        """Let samples pass by; the clock begins to count with the first ones after a cut."""
        with self._lock:
            if self._base_s is None:
                self._base, self._base_s = self._written, self._clock.now_s()
            self._stretches.add(self._written, len(samples), mark)
            self._written += len(samples)
            self._stretches.forget_before(self._passed())

    def cut(self) -> None:
        """Drop what has not passed by yet."""
        with self._lock:
            self._cut_at, self._base_s = self._written, None

    def heard(self) -> tuple[int, float] | None:
        """Lap and media time of the sample that passes by now."""
        with self._lock:
            return None if self._base_s is None else self._stretches.at(self._passed())

    def set_volume(self, volume: float) -> None:
        """Nobody hears it."""

    def close(self) -> None:
        """Nothing to release."""

    def _passed(self) -> float:
        if self._base_s is None:
            return float(self._written)
        return min(self._base + (self._clock.now_s() - self._base_s) * self.rate_hz, float(self._written))


def open_output(device: str | None, clock: Clock | None = None) -> SoundOutput:
    """Open a speaker by its name, or the system's own where that is None.

    Returns
    -------
    A silent output whose message says why, where that does not work.
    """
    from engine.playback.speaker import Speaker

    try:
        return Speaker(device)
    except SourceError as error:
        return SilentOutput(clock, f"The sound is not heard: {error}")
