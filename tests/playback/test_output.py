"""Outputs: silence on the beat of a clock, and a device behind a fake of PortAudio."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine.errors import SourceError
from engine.playback import speaker as speaker_module
from engine.playback.output import SilentOutput, SoundOutput, open_output
from engine.playback.speaker import Speaker
from engine.playback.stretches import Mark
from tests.playback.fakes import HandClock

RATE_HZ = 1000
DEVICES = [
    {"name": "Microphone", "max_output_channels": 0, "default_samplerate": 8000.0},
    {"name": "Headphones", "max_output_channels": 2, "default_samplerate": float(RATE_HZ)},
    {"name": "HDMI", "max_output_channels": 8, "default_samplerate": 48000.0},
]


def mark(pts_s: float, lap: int = 0, step_s: float = 1 / RATE_HZ) -> Mark:
    return Mark(lap=lap, pts_s=pts_s, step_s=step_s)


def test_silence_passes_by_with_its_clock() -> None:
    clock = HandClock()
    output: SoundOutput = SilentOutput(clock, rate_hz=RATE_HZ)
    assert output.heard() is None and not output.audible and not output.lost
    output.write(np.zeros((500, 2), np.float32), mark(7.0))
    assert output.heard() == (0, 7.0)
    clock.advance(0.25)
    assert output.heard() == (0, pytest.approx(7.25))
    output.write(np.zeros((500, 2), np.float32), mark(3.0, lap=1, step_s=2 / RATE_HZ))
    clock.advance(0.5)
    assert output.heard() == (1, pytest.approx(3.5))
    clock.advance(5.0)
    assert output.heard() == (1, pytest.approx(4.0))
    assert output.space() == 3 * RATE_HZ


def test_silence_starts_anew_after_a_cut() -> None:
    clock = HandClock()
    output = SilentOutput(clock, rate_hz=RATE_HZ)
    output.write(np.zeros((500, 2), np.float32), mark(7.0))
    output.cut()
    clock.advance(0.3)
    assert output.heard() is None and output.space() == 3 * RATE_HZ
    output.write(np.zeros((500, 2), np.float32), mark(1.0))
    clock.advance(0.1)
    assert output.heard() == (0, pytest.approx(1.1))


class FakePortAudio:
    """Stands for the one door to PortAudio; the test calls the callback."""

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = list(DEVICES)
        self.fails = False
        self.now_s = 50.0
        self.settings: dict[str, Any] = {}
        self.closed = 0

    def devices(self) -> tuple[list[dict[str, Any]], list[Any], tuple[int, int]]:
        return self.listed, [], (0, 1)

    def open_stream(self, make: Callable[[Any], Any]) -> Any:
        class PortAudioError(Exception):
            pass

        def output_stream(**settings: Any) -> Any:
            if self.fails:
                raise PortAudioError("Device unavailable [PaErrorCode -9985]")
            self.settings = settings
            return SimpleNamespace(latency=0.02, start=lambda: None)

        return make(SimpleNamespace(OutputStream=output_stream))

    def close_stream(self, stream: Any) -> None:
        self.closed += 1

    def play(self, count: int, latency_s: float = 0.1) -> np.ndarray:
        """Ask for samples that are heard after ``latency_s``."""
        out = np.full((count, 2), np.nan, np.float32)
        times = SimpleNamespace(outputBufferDacTime=9.0 + latency_s, currentTime=9.0)
        self.settings["callback"](out, count, times, None)
        return out


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePortAudio]:
    fake = FakePortAudio()
    monkeypatch.setattr(speaker_module, "portaudio", fake)
    monkeypatch.setattr(speaker_module, "time", SimpleNamespace(monotonic=lambda: fake.now_s))
    yield fake


def test_a_speaker_knows_what_is_heard_now(portaudio: FakePortAudio) -> None:
    speaker = Speaker()
    assert (speaker.name, speaker.rate_hz, portaudio.settings["device"]) == ("Headphones", RATE_HZ, 1)
    assert speaker.heard() is None and speaker.audible
    speaker.write(np.ones((200, 2), np.float32), mark(5.0))
    assert speaker.heard() is None
    assert (portaudio.play(50)[10:] == 1).all()
    portaudio.now_s += 0.05
    assert speaker.heard() is None
    portaudio.play(50)
    portaudio.now_s += 0.06
    assert speaker.heard() == (0, pytest.approx(5.01))
    portaudio.now_s += 0.05
    assert speaker.heard() == (0, pytest.approx(5.06))


def test_media_time_stands_still_while_samples_are_missing(portaudio: FakePortAudio) -> None:
    speaker = Speaker()
    speaker.write(np.ones((30, 2), np.float32), mark(5.0))
    assert not portaudio.play(100)[30:].any()
    assert speaker.underruns == 1
    portaudio.now_s += 0.15
    assert speaker.heard() == (0, pytest.approx(5.03))
    speaker.write(np.ones((100, 2), np.float32), mark(5.03))
    portaudio.play(100, latency_s=0.05)
    portaudio.now_s += 0.07
    assert speaker.heard() == (0, pytest.approx(5.05))


def test_what_is_cut_is_not_heard_any_more(portaudio: FakePortAudio) -> None:
    speaker = Speaker()
    speaker.write(np.ones((200, 2), np.float32), mark(5.0))
    portaudio.play(50)
    portaudio.now_s += 0.12
    speaker.cut()
    assert speaker.heard() is None
    speaker.write(np.ones((100, 2), np.float32), mark(1.0, lap=1))
    out = portaudio.play(50)
    assert np.abs(np.diff(out[:, 0])).max() < 0.35
    portaudio.now_s += 0.12
    assert speaker.heard() == (1, pytest.approx(1.015, abs=2e-3))


def test_the_volume_changes_without_a_step(portaudio: FakePortAudio) -> None:
    speaker = Speaker()
    speaker.write(np.ones((200, 2), np.float32), mark(0.0))
    portaudio.play(50)
    speaker.set_volume(0.5)
    out = portaudio.play(50)[:, 0]
    assert out[0] == 1 and out[-1] == 0.5 and np.abs(np.diff(out)).max() < 0.02
    assert (portaudio.play(50) == 0.5).all()


@pytest.mark.parametrize("how", ["finished", "silent", "closed"])
def test_a_speaker_notices_that_its_device_has_gone(portaudio: FakePortAudio, how: str) -> None:
    speaker = Speaker("hdmi")
    assert speaker.name == "HDMI" and not speaker.lost and speaker.message == ""
    if how == "finished":
        portaudio.settings["finished_callback"]()
    elif how == "silent":
        portaudio.now_s += 5.0
    else:
        speaker.close()
        speaker.close()
        assert portaudio.closed == 1
    assert speaker.lost and not speaker.audible and "HDMI" in speaker.message


def test_what_cannot_be_opened_is_explained(portaudio: FakePortAudio) -> None:
    with pytest.raises(SourceError, match="no speaker Radio"):
        Speaker("Radio")
    portaudio.fails = True
    with pytest.raises(SourceError, match="Headphones cannot be opened"):
        Speaker()
    portaudio.listed = DEVICES[:1]
    output = open_output(None, HandClock())
    assert isinstance(output, SilentOutput) and "no sound output" in output.message


def test_a_speaker_opens_where_there_is_one(portaudio: FakePortAudio) -> None:
    assert isinstance(open_output("HDMI"), Speaker)
