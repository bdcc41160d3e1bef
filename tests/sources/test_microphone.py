"""The real microphone class, on a sound system that does what a test tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.clock import SteppedClock
from engine.errors import SourceError
from engine.sources import portaudio
from engine.sources.device import CapturedSound, DeviceFailure, DeviceInfo, DeviceStatus
from engine.sources.discovery import Finder
from engine.sources.microphone import PortAudioMicrophone, why_not
from tests.sources.device_fakes import FakeSoundDevice

BLOCK = 960


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSoundDevice]:
    fake = FakeSoundDevice("built-in mic", "usb mic")
    monkeypatch.setattr(portaudio, "load", lambda: fake)
    monkeypatch.setattr(portaudio, "_scanned", None)
    yield fake
    assert not fake.streams and not portaudio._streams


def begin(system: FakeSoundDevice, device: PortAudioMicrophone, clock: SteppedClock) -> None:
    """The first 0.3 s, which are left out; the clock is at their end then."""
    for _ in range(15):
        clock._now_s += 0.02
        system.streams[-1].send(np.full((BLOCK, system.streams[-1].settings["channels"]), 0.9))
        assert device.read() is None


def microphone(wanted: str = "default", clock: SteppedClock | None = None) -> PortAudioMicrophone:
    return PortAudioMicrophone(Finder("microphone", wanted), clock or SteppedClock(100.0))


def test_samples_come_through_untouched_and_times_follow_the_count(system: FakeSoundDevice) -> None:
    clock = SteppedClock(100.0)
    device = microphone(clock=clock)
    opened = device.open(100.0)
    assert (opened.name, opened.nominal_hz) == ("built-in mic", 48000.0)
    begin(system, device, clock)
    rng = np.random.default_rng(0)
    for k in range(15, 35):
        clock._now_s = 100.0 + (k + 1) * 0.02 + 0.001 * rng.uniform()
        samples = rng.uniform(-1, 1, (BLOCK, 1)).astype(np.float32)
        system.streams[0].send(samples)
        sound = device.read()
        assert isinstance(sound, CapturedSound) and sound.captured_s == clock.now_s()
        assert np.array_equal(sound.samples, samples[:, 0]) and not sound.gap and sound.rate_hz == 48000
        assert sound.pts_s == pytest.approx(k * 0.02, abs=1e-6)
    device.close()
    device.close()


def test_several_channels_are_mixed_where_the_system_does_not(system: FakeSoundDevice) -> None:
    system.channels_at_least = 2
    clock = SteppedClock(100.0)
    device = microphone(clock=clock)
    device.open(100.0)
    assert system.streams[0].settings["channels"] == 2
    begin(system, device, clock)
    system.streams[0].send(np.stack([np.full(BLOCK, 0.5), np.full(BLOCK, 0.1)], axis=1))
    sound = device.read()
    assert sound is not None and sound.samples == pytest.approx(0.3)
    device.close()


def test_an_overflow_is_a_gap_and_counted(system: FakeSoundDevice) -> None:
    clock = SteppedClock(100.0)
    device = microphone(clock=clock)
    device.open(100.0)
    begin(system, device, clock)
    for _ in range(100):
        clock._now_s += 0.02
        system.streams[0].send(np.zeros((BLOCK, 1)))
        assert device.read() is not None
    clock._now_s += 0.02
    system.streams[0].send(np.zeros((BLOCK, 1)))
    clock._now_s += 0.52
    system.streams[0].send(np.zeros((BLOCK, 1)), overflow=True)
    first, second = device.read(), device.read()
    assert first is not None and second is not None
    assert (first.gap, second.gap, device.dropped) == (False, True, 1)
    assert second.pts_s - first.pts_s == pytest.approx(0.52)
    device.close()


def test_a_full_queue_drops_the_oldest(system: FakeSoundDevice) -> None:
    clock = SteppedClock(100.0)
    device = microphone(clock=clock)
    device.open(100.0)
    begin(system, device, clock)
    for k in range(503):
        clock._now_s += 0.02
        system.streams[0].send(np.full((BLOCK, 1), k / 1000))
    first = device.read()
    assert first is not None and first.samples[0] == pytest.approx(0.003) and device.dropped == 3
    assert first.pts_s == pytest.approx(0.36)
    device.close()


def test_a_stream_that_ends_is_a_lost_microphone_that_comes_back(system: FakeSoundDevice) -> None:
    clock = SteppedClock(100.7)
    device = microphone("usb", clock)
    device.open(100.0)
    begin(system, device, clock)
    clock._now_s += 0.02
    system.streams[0].send(np.zeros((BLOCK, 1)))
    assert device.read() is not None and device.read() is None
    system.streams[0].active = False
    with pytest.raises(DeviceFailure, match='"usb mic" is gone') as caught:
        device.read()
    assert caught.value.status == DeviceStatus.LOST
    device.close()
    system.real = ["built-in mic"]
    with pytest.raises(DeviceFailure, match="usb mic is not there"):
        device.open(100.0)
    device.close()
    system.real = ["new speaker", "built-in mic", "usb mic"]
    assert device.open(100.0).name == "usb mic" and system.streams[0].settings["device"] == 2
    begin(system, device, clock)
    clock._now_s += 0.02
    system.streams[0].send(np.zeros((BLOCK, 1)))
    sound = device.read()
    assert sound is not None and sound.gap and sound.pts_s >= 1.0
    device.close()


def test_devices_are_not_looked_for_anew_while_one_is_recording(system: FakeSoundDevice) -> None:
    device = microphone()
    device.open(100.0)
    scans = system.scans
    system.real = ["other mic"]
    devices, _, _ = portaudio.devices(again=True)
    assert system.scans == scans and len(devices) == 2
    device.close()
    devices, _, _ = portaudio.devices(again=True)
    assert [one["name"] for one in devices] == ["other mic"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Error opening InputStream: Device unavailable [PaErrorCode -9985]", DeviceStatus.BUSY),
        ("Access denied", DeviceStatus.REFUSED),
        ("Invalid device", DeviceStatus.MISSING),
        ("Unanticipated host error.", DeviceStatus.BUSY),
    ],
)
def test_why_a_microphone_does_not_open(system: FakeSoundDevice, said: str, status: DeviceStatus) -> None:
    system.refusal = said
    device = microphone()
    with pytest.raises(DeviceFailure, match="built-in mic") as caught:
        device.open(100.0)
    assert caught.value.status == status and ".." not in str(caught.value)
    assert why_not(DeviceInfo(kind="microphone", index=0, name="x"), OSError(said)).status == status
    device.close()


@pytest.mark.parametrize(
    ("body", "says"),
    [("raise OSError('PortAudio library not found')", "libportaudio2|portaudio"), ("raise ImportError", "pip install")],
)
def test_without_portaudio_the_message_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, says: str
) -> None:
    (tmp_path / "sounddevice.py").write_text(body)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(SourceError, match=says):
        portaudio.load()
    with pytest.raises(DeviceFailure, match=says) as caught:
        microphone().open(0.0)
    assert caught.value.status == DeviceStatus.MISSING
