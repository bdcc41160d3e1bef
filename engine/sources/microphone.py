"""A real microphone, by PortAudio."""

from __future__ import annotations

import queue
from contextlib import suppress
from typing import Any

import numpy as np

from engine.clock import Clock
from engine.errors import SourceError
from engine.sources import portaudio
from engine.sources.device import (
    CapturedSound,
    DeviceFailure,
    DeviceInfo,
    DeviceKind,
    DeviceStatus,
    Opened,
    called,
    reason,
)
from engine.sources.discovery import Finder
from engine.sources.drift import SteadySound
from engine.sources.sample_times import Block, SampleTimes
from engine.types import FloatArray

_PATIENCE_S = 0.5
_BLOCK_S = 0.02
_ROOM = 500  # 10 s of blocks, should the reading thread stand still
_WAIT_S = 0.1
_UNHEARD_S = 0.3
"""The first sound is left out: how its blocks come tells when it was taken, before any of it has a time."""

_LATENCY_S = 0.1
"""Of PortAudio's buffer: with the usual 0.03 s, sound was lost while other threads held Python's lock."""


class PortAudioMicrophone:
    """Records mono sound from a microphone at its own rate.

    PortAudio's callback copies and puts; everything else happens in the thread that reads.

    Parameters
    ----------
    finder : finds the microphone each time it is opened.
    clock : stamps the blocks.
    """

    kind: DeviceKind = "microphone"
    patience_s = _PATIENCE_S
    exact = False

    def __init__(self, finder: Finder, clock: Clock) -> None:
        self.about = Opened(name=finder.name)
        self.dropped = 0
        self._finder = finder
        self._clock = clock
        self._epoch_s = 0.0
        self._stream: Any = None
        self._blocks: queue.SimpleQueue[Block] = queue.SimpleQueue()
        self._called_for = self._expected = 0
        self._steady = SteadySound(1)
        self._times = SampleTimes()
        self._end_s = 0.0

    @property
    def drift_ppm(self) -> float | None:
        """By how much its clock runs fast against that of the machine; None until 20 s are known."""
        return self._steady.drift_ppm

    def open(self, epoch_s: float) -> Opened:
        """Start recording.

        Raises
        ------
        DeviceFailure : it is not there, not allowed, or taken; or PortAudio is missing.
        """
        info = self._finder.find()
        self._epoch_s = epoch_s
        self._blocks = queue.SimpleQueue()
        self._called_for = self._expected = 0
        try:
            self._stream = portaudio.open_stream(lambda sounddevice: self._start(sounddevice, info.index))
        except DeviceFailure:
            raise
        except SourceError as error:
            raise DeviceFailure(DeviceStatus.MISSING, str(error)) from error
        except Exception as error:  # PortAudioError; its class cannot be named where PortAudio is missing
            raise why_not(info, error) from error
        rate_hz = round(self._stream.samplerate)
        self._times = SampleTimes()
        self._steady = SteadySound(rate_hz, not_before_s=self._end_s)
        return Opened(name=info.name, nominal_hz=float(rate_hz))

    def read(self) -> CapturedSound | None:
        """The next block, None when there is none within 0.1 s.

        Raises
        ------
        DeviceFailure : the stream has ended, as when the microphone is unplugged.
        """
        try:
            block = self._blocks.get(timeout=_WAIT_S)
        except queue.Empty:
            if not self._stream.active:
                raise DeviceFailure(
                    DeviceStatus.LOST,
                    f"{called(self.kind, self._finder.name)} is gone: plug it in again, and it goes on by itself.",
                ) from None
            return None
        mono = block.samples[:, 0] if block.samples.shape[1] == 1 else block.samples.mean(axis=1)
        at_s = self._times.started_s(block, self._steady.rate_hz) - self._epoch_s
        missed, self._expected = block.number - self._expected, block.number + 1
        lost = block.lost or missed > 0
        self.dropped += max(missed, int(lost))
        if block.number * len(mono) < _UNHEARD_S * self._steady.rate_hz:
            return None
        placed = self._steady.place(mono.astype(np.float32, copy=False), at_s, lost=lost)
        if placed is None:
            return None
        self._end_s = placed.pts_s + len(placed.samples) / self._steady.rate_hz
        return CapturedSound(
            pts_s=placed.pts_s,
            captured_s=block.came_s,
            rate_hz=self._steady.rate_hz,
            samples=placed.samples,
            gap=placed.gap,
        )

    def close(self) -> None:
        """Let the microphone go."""
        stream, self._stream = self._stream, None
        if stream is not None:
            portaudio.close_stream(stream)

    def _start(self, sounddevice: Any, index: int) -> Any:
        """A running stream: mono where the system mixes, else all channels, mixed when read."""
        info = sounddevice.query_devices(index)
        rate_hz = float(info["default_samplerate"])
        channels = 1
        try:
            sounddevice.check_input_settings(device=index, channels=1, dtype="float32", samplerate=rate_hz)
        except sounddevice.PortAudioError:
            channels = min(2, int(info["max_input_channels"]))
        stream = sounddevice.InputStream(
            device=index,
            channels=channels,
            dtype="float32",
            samplerate=rate_hz,
            blocksize=round(rate_hz * _BLOCK_S),
            latency=_LATENCY_S,
            callback=self._called,
        )
        try:
            stream.start()
        except Exception:
            stream.close(ignore_errors=True)
            raise
        return stream

    def _called(self, samples: FloatArray, count: int, times: Any, flags: Any) -> None:
        """PortAudio's callback, in a thread of its own."""
        block = Block(
            self._called_for,
            samples.copy(),
            self._clock.now_s(),
            times.currentTime,
            times.inputBufferAdcTime,
            bool(flags.input_overflow),
        )
        self._called_for += 1
        if self._blocks.qsize() >= _ROOM:
            with suppress(queue.Empty):
                self._blocks.get_nowait()  # the oldest; its number is missed by the reader
        self._blocks.put(block)


def why_not(info: DeviceInfo, error: Exception) -> DeviceFailure:
    """What PortAudio's error means for the user."""
    said, name = reason(error), called("microphone", info.name)
    lower = said.casefold()
    if any(one in lower for one in ("permission", "access denied", "unauthorized", "not permitted")):
        return DeviceFailure(
            DeviceStatus.REFUSED,
            f"{name} may not be used: allow access to the microphone in the privacy settings of the system "
            "(on Linux, join the group audio).",
        )
    if any(one in lower for one in ("busy", "unavailable", "in use", "exclusive")):
        return DeviceFailure(
            DeviceStatus.BUSY,
            f"{name} cannot be opened ({said}): close other programs that use it; Attune tries again by itself.",
        )
    if any(one in lower for one in ("no such device", "invalid device", "disconnected", "querying device")):
        return DeviceFailure(DeviceStatus.MISSING, f"{name} is not there: plug it in, and it starts by itself.")
    return DeviceFailure(
        DeviceStatus.BUSY,
        f"{name} cannot be opened: {said}. Attune tries again by itself, or choose another one.",
    )
