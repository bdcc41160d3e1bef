"""A bridge that runs nothing: it remembers what it was asked and shows what the test says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from demo.bridge import Capture, Devices
from demo.health import Health
from demo.marks import MarkBook
from demo.recording import Recording
from demo.session_list import SessionList
from demo.shown import Emotion, History, Picture, Shown, Transport, Voice
from engine.types import VideoFrame

PROBABILITIES = np.array([0.05, 0.02, 0.03, 0.7, 0.1, 0.05, 0.05], np.float32)


def frame(seq: int = 0, pts_s: float = 0.0) -> VideoFrame:
    """A grey picture."""
    return VideoFrame(seq=seq, pts_s=pts_s, captured_s=100.0 + seq, rgb=np.full((90, 160, 3), 120, np.uint8))


def a_file(**transport: Any) -> Shown:
    """A recording of half a minute that is being played."""
    kept = {"position_s": 12.0, "duration_s": 30.0, "playing": True} | transport
    both = {"self": PROBABILITIES, "cross": PROBABILITIES[::-1].copy()}
    return Shown(
        kind="file",
        title="talk.mp4",
        ready=True,
        transport=Transport(**kept),
        picture=Picture(frame=frame(), box=(40, 20, 90, 80), camera=True),
        voice=Voice(microphone=True),
        emotion=Emotion(
            certainty="current",
            probabilities=both,  # type: ignore[arg-type]
            unsure_below={"self": 0.5, "cross": 0.5},
            present=("audio", "video"),
            pts_s=12.0,
        ),
        history=History(version=1, times_s=np.arange(1, 25) / 2),
        health=Health(backend="onnx"),
    )


def live() -> Shown:
    """Camera and microphone for a minute."""
    shown = a_file(position_s=65.0, duration_s=None)
    return replace(shown, kind="live", title="Webcam", voice=Voice(microphone=True, level_db=-20.0))


class FakeBridge:
    """Shows ``now``; keeps every call in ``asked`` as (name, arguments)."""

    def __init__(self, now: Shown | None = None) -> None:
        self.now = now or Shown()
        self.there = Devices(cameras=("Webcam",), microphones=("Headset",), speakers=("Loud",))
        self.asked: list[tuple[Any, ...]] = []
        self.marks = MarkBook(lambda command: command())
        self.sessions = SessionList(lambda command: command(), lambda folder: None)
        self.watched: dict[str, bool] = {}
        self.closed = 0

    def shown(self) -> Shown:
        return replace(self.now, marks=self.marks.marks)

    def devices(self) -> Devices:
        return self.there

    def watch(self, *, origin: bool) -> None:
        self.watched = {"origin": origin}

    def load(self) -> None:
        self.asked.append(("load",))

    def open_file(self, path: str) -> None:
        self.asked.append(("open_file", path))

    def open_sample(self) -> None:
        self.asked.append(("open_sample",))

    def start_live(self, camera: str | None, microphone: str | None) -> None:
        self.asked.append(("start_live", camera, microphone))

    def set_capture(self, capture: Capture) -> None:
        self.asked.append(("set_capture", capture))

    def close_session(self) -> None:
        self.asked.append(("close_session",))
        self.now = Shown(ready=self.now.ready)

    def play(self) -> None:
        self._play(True)

    def pause(self) -> None:
        self._play(False)

    def toggle(self) -> None:
        self._play(not self.now.transport.playing)

    def seek(self, pts_s: float) -> None:
        self.asked.append(("seek", round(pts_s, 3)))
        self._transport(position_s=pts_s)

    def step(self, frames: int) -> None:
        self.asked.append(("step", frames))

    def set_speed(self, speed: float) -> None:
        self.asked.append(("set_speed", speed))
        self._transport(speed=speed)

    def set_pitch(self, pitch: Literal["kept", "muted"]) -> None:
        self.asked.append(("set_pitch", pitch))
        self._transport(pitch=pitch)

    def set_loop(self, loop: tuple[float, float] | None) -> None:
        self.asked.append(("set_loop", loop))
        self._transport(loop=loop)

    def set_volume(self, volume: float) -> None:
        self.asked.append(("set_volume", volume))

    def set_speaker(self, name: str | None) -> None:
        self.asked.append(("set_speaker", name))

    def start_recording(self, folder: str) -> None:
        self.asked.append(("start_recording", folder))
        self.now = replace(self.now, recording=Recording(state="on", folder=folder))

    def stop_recording(self) -> None:
        self.asked.append(("stop_recording",))
        self.now = replace(self.now, recording=replace(self.now.recording, state="saved"))

    def follow(self, x: float, y: float) -> None:
        self.asked.append(("follow", x, y))

    def mute(self, modality: str, muted: bool) -> None:
        self.asked.append(("mute", modality, muted))

    def painted(self, captured_s: float) -> None:
        self.asked.append(("painted", captured_s))

    def answered(self, moment_s: float) -> None:
        self.asked.append(("answered", moment_s))

    def close(self, timeout_s: float = 2.0) -> None:
        self.closed += 1

    def _play(self, playing: bool) -> None:
        self.asked.append(("playing", playing))
        self._transport(playing=playing)

    def _transport(self, **changes: Any) -> None:
        self.now = replace(self.now, transport=replace(self.now.transport, **changes))
