"""A clock that a test moves by hand, a speaker that keeps what it plays, and clips to play."""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from engine.clock import Clock
from engine.playback.output import SilentOutput, SoundOutput
from engine.playback.stretches import Mark
from tests.sources.media import Writer, grey

PATIENCE_S = 20.0


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now_s = 100.0

    def now_s(self) -> float:
        return self._now_s

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        return stop.wait(min(timeout_s, 0.01))

    def advance(self, seconds: float) -> None:
        self._now_s += seconds


class FakeSpeaker(SilentOutput):
    """Heard by nobody but the test; ``gone`` makes it vanish."""

    def __init__(self, clock: Clock, rate_hz: int = 16000) -> None:
        super().__init__(clock, rate_hz=rate_hz)
        self.played: list[tuple[Mark, np.ndarray]] = []
        self.volumes: list[float] = []
        self.gone = self.closed = False

    @property
    def audible(self) -> bool:
        return not self.gone

    @property
    def lost(self) -> bool:
        return self.gone

    @property
    def message(self) -> str:
        return "The fake speaker has gone." if self.gone else ""

    def write(self, samples: np.ndarray, mark: Mark) -> None:
        self.played.append((mark, samples.copy()))
        super().write(samples, mark)

    def cut(self) -> None:
        self.played.clear()
        super().cut()

    def set_volume(self, volume: float) -> None:
        self.volumes.append(volume)

    def close(self) -> None:
        self.closed = True


class Speakers:
    """Opens fake speakers; ``plugged`` says whether there are any."""

    def __init__(self) -> None:
        self.plugged = True
        self.opened: list[FakeSpeaker] = []
        self.names: list[str | None] = []

    def __call__(self, name: str | None, clock: Clock | None) -> SoundOutput:
        assert clock is not None
        self.names.append(name)
        if not self.plugged:
            return SilentOutput(clock, "There is no fake speaker.")
        self.opened.append(FakeSpeaker(clock))
        return self.opened[-1]


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that other threads work on."""
    never = threading.Event()
    for _ in range(round(PATIENCE_S / 0.002)):
        if condition():
            return
        never.wait(0.002)
    raise AssertionError(f"did not come true within {PATIENCE_S} s")


def level_of(number: int) -> int:
    """Grey level of the picture with a number; neighbours differ clearly."""
    return 10 + (number * 37) % 230


def write_numbered(
    path: Path,
    at_ms: list[int],
    *,
    sound: np.ndarray | None = None,
    rate_hz: int = 16000,
    codec: str = "libx264",
    audio: str = "flac",
    start_ms: int = 0,
    **options: Any,
) -> Path:
    """Write pictures whose grey levels tell their numbers, with sound."""
    with Writer(path) as writer:
        streams = []
        if at_ms:
            pictures = [(ms, grey(level_of(k))) for k, ms in enumerate(at_ms)]
            streams.append(writer.add_video(codec, pictures, time_base=Fraction(1, 1000), options=options))
        if sound is not None:
            streams.append(writer.add_audio(audio, sound, rate_hz=rate_hz, start_ms=start_ms))
        writer.mux(*streams)
    return path
