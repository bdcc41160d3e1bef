"""A sound device to hear a recording with, through PortAudio."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any

import numpy as np

from engine.errors import SourceError
from engine.playback.ring import FADE_S, Ring
from engine.playback.stretches import Mark, Stretches
from engine.sources import portaudio
from engine.types import FloatArray

_AHEAD_S = 0.3
_SILENT_FOR_S = 2.5
"""A device whose callback has not come for so long has vanished."""

_MOST_LATENCY_S = 2.0
_LATENCY_S = 0.05
_USUAL_RATE_HZ = 48000


class DacTimes:
    """When the first sample of each buffer is heard, without the jitter of the callbacks.

    Examples
    --------
    >>> times = DacTimes(rate_hz=1000)
    >>> round(times.place(10.0, 100), 6), round(times.place(10.104, 100), 4)
    (10.0, 10.1008)
    """

    _FIRST_GAIN, _LAST_GAIN = 0.2, 0.01
    _JUMP_S = 0.06

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._next_s: float | None = None
        self._gain = self._FIRST_GAIN

    def place(self, said_s: float, count: int) -> float:
        """Time of the first of ``count`` samples of which the driver says that it is heard at ``said_s``."""
        if self._next_s is None or abs(said_s - self._next_s) > self._JUMP_S:
            at_s = said_s
            self._gain = self._FIRST_GAIN
        else:
            at_s = self._next_s + self._gain * (said_s - self._next_s)
            self._gain = max(self._gain * 0.95, self._LAST_GAIN)
        self._next_s = at_s + count / self._rate_hz
        return at_s


class Speaker:
    """Plays to a device; implements ``SoundOutput``.

    Parameters
    ----------
    device : its name or a part of it; the system's own where it is None.

    Raises
    ------
    SourceError
        When there is no such device, it cannot be opened, or PortAudio is missing.

    Notes
    -----
    The callback copies from a ring and notes which sample is heard when: PortAudio's ``outputBufferDacTime``, brought
    to ``time.monotonic()``. Where samples come too late, media time stands still until they are there.
    """

    channels = 2

    def __init__(self, device: str | None = None) -> None:
        index, self.name, self.rate_hz = _chosen(device)
        self._lock = threading.Lock()
        self._ring = Ring(round(_AHEAD_S * self.rate_hz), self.channels, round(FADE_S * self.rate_hz))
        self._stretches = Stretches()
        self._times = DacTimes(self.rate_hz)
        self._log: deque[tuple[float, int, int]] = deque(maxlen=256)
        self._gain = self._wanted_gain = 1.0
        self._called_s = time.monotonic()
        self._finished = False
        self._closed = False
        self._stream = self._opened(index)

    @property
    def audible(self) -> bool:
        """While the device is there."""
        return not self.lost

    @property
    def lost(self) -> bool:
        """Whether the device has stopped asking for samples."""
        return self._closed or self._finished or time.monotonic() - self._called_s > _SILENT_FOR_S

    @property
    def message(self) -> str:
        """Says that the device has vanished, if so."""
        return f"The speaker {self.name} has gone: playback goes on without sound." if self.lost else ""

    @property
    def underruns(self) -> int:
        """How often samples came too late."""
        return self._ring.underruns

    def space(self) -> int:
        """How many samples can be written now."""
        return self._ring.space

    def write(self, samples: FloatArray, mark: Mark) -> None:
        """Append samples, [n, 2] f32, of which the first is at ``mark``."""
        with self._lock:
            self._stretches.add(self._ring.written, len(samples), mark)
            self._ring.write(samples)
            if self._log:
                self._stretches.forget_before(self._log[0][1])

    def cut(self) -> None:
        """Fade out, and drop what the device has not taken."""
        with self._lock:
            self._ring.cut()

    def heard(self) -> tuple[int, float] | None:
        """Lap and media time of the sample that leaves the speaker now."""
        now_s = time.monotonic()
        with self._lock:
            index = self._index_at(now_s)
            return None if index is None or index < self._ring.cut_at else self._stretches.at(index)

    def set_volume(self, volume: float) -> None:
        """Set the volume, 0 to 1, over the next buffer."""
        self._wanted_gain = volume

    def close(self) -> None:
        """Give the device back."""
        if not self._closed:
            self._closed = True
            portaudio.close_stream(self._stream)

    def _index_at(self, now_s: float) -> float | None:
        for at_s, first, count in reversed(tuple(self._log)):
            if at_s <= now_s:
                return first + min((now_s - at_s) * self.rate_hz, count)
        return None

    def _opened(self, index: int | None) -> Any:
        def make(sounddevice: Any) -> Any:
            stream = sounddevice.OutputStream(
                samplerate=self.rate_hz,
                device=index,
                channels=self.channels,
                dtype="float32",
                latency=_LATENCY_S,
                callback=self._fill,
                finished_callback=self._finish,
            )
            stream.start()
            return stream

        try:
            return portaudio.open_stream(make)
        except Exception as error:
            if isinstance(error, SourceError) or type(error).__name__ != "PortAudioError":
                raise
            raise SourceError(f"the speaker {self.name} cannot be opened ({error}). Choose another one.") from error

    def _fill(self, out: FloatArray, frames: int, times: Any, status: Any) -> None:
        now_s = time.monotonic()
        self._called_s = now_s
        latency_s = times.outputBufferDacTime - times.currentTime
        if not 0.0 < latency_s < _MOST_LATENCY_S:
            latency_s = self._stream.latency if hasattr(self, "_stream") else 0.0
        at_s = self._times.place(now_s + latency_s, frames)
        leaving, first, count = self._ring.take(out)
        if count:
            self._log.append((at_s + leaving / self.rate_hz, first, count))
        gain, wanted = self._gain, self._wanted_gain
        if gain != wanted:
            out *= np.linspace(gain, wanted, frames, dtype=np.float32)[:, None]
            self._gain = wanted
        elif gain != 1.0:
            out *= np.float32(gain)

    def _finish(self) -> None:
        self._finished = True


def _chosen(device: str | None) -> tuple[int, str, int]:
    """Index, name and usual rate of a device."""
    listed, _, (_, default) = portaudio.devices()
    outputs = [(index, one) for index, one in enumerate(listed) if one["max_output_channels"] > 0]
    if not outputs:
        raise SourceError("there is no sound output. Plug in a speaker or headphones.")
    if device is None:
        found = next((one for one in outputs if one[0] == default), outputs[0])
    else:
        exact = [one for one in outputs if one[1]["name"] == device]
        partly = [one for one in outputs if device.lower() in one[1]["name"].lower()]
        if not exact and not partly:
            raise SourceError(f"there is no speaker {device}. Plug it in or choose another one.")
        found = (exact or partly)[0]
    return found[0], str(found[1]["name"]), round(found[1]["default_samplerate"]) or _USUAL_RATE_HZ
