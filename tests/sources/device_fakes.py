"""Cameras, microphones, a clock and a sound system that do what a test tells them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np

from engine.sources.base import Item
from engine.sources.device import (
    Captured,
    CapturedPicture,
    CapturedSound,
    Device,
    DeviceFailure,
    DeviceKind,
    DeviceStatus,
    Opened,
)
from engine.sources.live import LiveSource

_SOON_S = 0.005


def wait_until(condition: Callable[[], bool], what: str = "the condition", timeout_s: float = 20.0) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    deadline_s = time.monotonic() + timeout_s
    never = threading.Event()
    while not condition():
        assert time.monotonic() < deadline_s, f"{what} did not come true"
        never.wait(_SOON_S)


class HandClock:
    """A clock that a test moves."""

    def __init__(self, now_s: float = 1000.0) -> None:
        self._now_s = now_s

    def now_s(self) -> float:
        return self._now_s

    def advance(self, seconds: float) -> None:
        self._now_s += seconds

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        due_s = self._now_s + timeout_s
        while self._now_s < due_s and not stop.wait(_SOON_S):
            pass
        return stop.is_set()


class FakeDevice:
    """A device that delivers what it is given, and fails when told to.

    Attributes
    ----------
    refusal : what opening it raises, None when it opens.
    stuck : while set, a read does not return, like a driver that hangs.
    opened, closed : how often.
    """

    kind: DeviceKind
    patience_s = 0.5

    def __init__(self, clock: HandClock, name: str, *, exact: bool = False) -> None:
        self.about = Opened(name=name)
        self.exact = exact
        self.dropped = 0
        self.drift_ppm: float | None = None
        self.clock = clock
        self.refusal: DeviceFailure | None = None
        self.stuck = threading.Event()
        self.reading = threading.Event()
        self.opened = self.closed = 0
        self.epoch_s = 0.0
        self._queue: queue.SimpleQueue[Captured | Exception] = queue.SimpleQueue()

    def open(self, epoch_s: float) -> Opened:
        self.epoch_s = epoch_s
        if self.refusal is not None:
            raise self.refusal
        self.opened += 1
        return self.about

    def read(self) -> Captured | None:
        self.reading.set()
        while self.stuck.is_set():
            threading.Event().wait(_SOON_S)
        try:
            item = self._queue.get(timeout=_SOON_S)
        except queue.Empty:
            return None
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        self.closed += 1

    def give(self, item: Captured | Exception) -> None:
        self._queue.put(item)

    @property
    def empty(self) -> bool:
        """Whether everything that it was given has been read."""
        return self._queue.empty()

    def unplug(self) -> None:
        """Gone, until ``refusal`` is None again."""
        self.refusal = DeviceFailure(DeviceStatus.MISSING, f"{self.about.name} is not there")
        self.give(DeviceFailure(DeviceStatus.LOST, f"{self.about.name} was unplugged: plug it in again"))


class FakeCamera(FakeDevice):
    """Shows even grey pictures."""

    kind: DeviceKind = "camera"

    def __init__(self, clock: HandClock, name: str = "Fake Cam", **options: Any) -> None:
        super().__init__(clock, name, **options)
        self.about = Opened(name=name, nominal_hz=30.0, width=8, height=6)

    def show(self, level: int = 100) -> None:
        now_s = self.clock.now_s()
        rgb = np.full((6, 8, 3), level, np.uint8)
        self.give(CapturedPicture(pts_s=now_s - self.epoch_s, captured_s=now_s, rgb=rgb))


class FakeMicrophone(FakeDevice):
    """Delivers blocks of even loudness that end now."""

    kind: DeviceKind = "microphone"

    def __init__(self, clock: HandClock, name: str = "Fake Mic", **options: Any) -> None:
        super().__init__(clock, name, **options)
        self.about = Opened(name=name, nominal_hz=16000.0)

    def say(self, level: float = 0.1, seconds: float = 0.02) -> None:
        now_s = self.clock.now_s()
        samples = np.full(round(seconds * 16000), level, np.float32)
        pts_s = now_s - self.epoch_s - seconds
        self.give(CapturedSound(pts_s=pts_s, captured_s=now_s, rate_hz=16000, samples=samples))


class Unpluggable:
    """A device with a plug that can be pulled, around any other device."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._plugged = threading.Event()
        self._plugged.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._device, name)

    def unplug(self) -> None:
        self._plugged.clear()

    def plug(self) -> None:
        self._plugged.set()

    def open(self, epoch_s: float) -> Opened:
        self._require(DeviceStatus.MISSING)
        return self._device.open(epoch_s)

    def read(self) -> Captured | None:
        self._require(DeviceStatus.LOST)
        return self._device.read()

    def close(self) -> None:
        self._device.close()

    def _require(self, otherwise: DeviceStatus) -> None:
        if not self._plugged.is_set():
            raise DeviceFailure(otherwise, f"{self._device.about.name} was unplugged: plug it in again")


@contextmanager
def capturing(source: LiveSource) -> Iterator[list[Item]]:
    """Iterate a source in a thread; what it delivers appears in the list. Nothing is left at the end."""
    items: list[Item] = []
    thread = threading.Thread(target=lambda: items.extend(iter_into(source, items)))
    thread.start()
    try:
        wait_until(lambda: source._epoch_s is not None or not thread.is_alive(), "the iteration")
        yield items
    finally:
        source.close()
        thread.join(20)
        assert not thread.is_alive()


def iter_into(source: LiveSource, items: list[Item]) -> list[Item]:
    for item in source:
        items.append(item)
    return []


class _PortAudioError(Exception):
    pass


class FakeSoundDevice:
    """The part of the module sounddevice that Attune uses, with devices that a test adds and removes.

    Attributes
    ----------
    real : names of the devices that there are; those listed are as old as the last initialisation.
    streams : the open streams, newest last.
    scans : how often it was initialised.
    """

    PortAudioError = _PortAudioError

    def __init__(self, *names: str) -> None:
        self.real = list(names)
        self.streams: list[FakeStream] = []
        self.scans = 0
        self.channels_at_least = 1
        self.refusal: str | None = None
        self.start_refusal: str | None = None
        self._initialize()

    @property
    def default(self) -> Any:
        return SimpleNamespace(device=[0 if self.listed else -1] * 2)

    def _initialize(self) -> None:
        if self.start_refusal is not None:
            raise self.PortAudioError(self.start_refusal)
        self.listed, self.running = list(self.real), 1
        self.scans += 1

    @property
    def _initialized(self) -> int:
        return self.running

    def _terminate(self) -> None:
        assert not self.streams, "this would end a stream"
        assert self.running, "PortAudio not initialized"
        self.running = 0

    def query_hostapis(self) -> tuple[dict[str, Any], ...]:
        return ({"name": "ALSA", "devices": list(range(len(self.listed)))},)

    def query_devices(self, index: int | None = None) -> Any:
        every = [
            {
                "name": name,
                "hostapi": 0,
                "max_input_channels": 2,
                "max_output_channels": 0 if "mic" in name else 2,
                "default_samplerate": 48000.0,
            }
            for name in self.listed
        ]
        return tuple(every) if index is None else every[index]

    def check_input_settings(self, *, channels: int, **_: Any) -> None:
        if channels < self.channels_at_least:
            raise self.PortAudioError("Invalid number of channels")

    def InputStream(self, **settings: Any) -> FakeStream:
        if self.refusal is not None:
            raise self.PortAudioError(self.refusal)
        stream = FakeStream(self, settings)
        self.streams.append(stream)
        return stream


class FakeStream:
    """An input stream whose blocks a test sends."""

    def __init__(self, system: FakeSoundDevice, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.samplerate = settings["samplerate"]
        self.active = False
        self._system = system

    def start(self) -> None:
        self.active = True

    def close(self, ignore_errors: bool = True) -> None:
        self.active = False
        if self in self._system.streams:
            self._system.streams.remove(self)

    def send(self, samples: np.ndarray, age_s: float = 0.0, overflow: bool = False) -> None:
        """Call the callback as PortAudio does, with a buffer that is reused afterwards."""
        buffer = samples.astype(np.float32).copy()
        now_s = 5000.0
        times = SimpleNamespace(currentTime=now_s, inputBufferAdcTime=now_s - age_s if age_s else 0.0)
        self.settings["callback"](buffer, len(buffer), times, SimpleNamespace(input_overflow=overflow))
        buffer[:] = np.nan
