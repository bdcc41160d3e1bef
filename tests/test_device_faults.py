"""Cameras and microphones that go and come back while a session runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from engine.config import SessionConfig
from engine.faults import MOST_FAULTS, Fault, FaultLog
from engine.session import Session
from engine.sources.device import CapturedSound, DeviceFailure, DeviceStatus
from engine.sources.live import LiveSource
from tests.fakes import FakeHearing, fake_components
from tests.sources.device_fakes import FakeCamera, FakeMicrophone, HandClock, wait_until


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    wait_until(lambda: set(threading.enumerate()) <= before, "the end of all threads")


class Live:
    """A session over a camera and a microphone whose time a test moves."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.camera, self.microphone = FakeCamera(self.clock), FakeMicrophone(self.clock)
        self.source = LiveSource(self.camera, self.microphone, clock=self.clock)
        self.seen, self.heard, self.rate_hz = True, True, 16000
        self.session = Session(
            self.source, fake_components(), SessionConfig().for_live(), hearing=FakeHearing(), clock=self.clock
        )

    def __enter__(self) -> Live:
        self.session.start()
        wait_until(lambda: self.camera.opened > 0 and self.microphone.opened > 0, "opening")
        return self

    def __exit__(self, *_: object) -> None:
        self.session.stop()
        self.source.close()

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self.session.faults

    def run(self, seconds: float) -> None:
        """Somebody speaks into what is there; everything is computed before time goes on."""
        for _ in range(round(seconds / 0.1)):
            self.clock.advance(0.1)
            if self.seen:
                self.camera.show()
            if self.heard:
                self.say()
            wait_until(lambda: not any(self.left()), "reading")
            due_s = self.clock.now_s() - self.camera.epoch_s - 1.0
            wait_until(lambda: self.session.until_s >= due_s, "what is found")  # noqa: B023

    def left(self) -> list[bool]:
        """Whether devices that run have something to be read."""
        devices = (self.camera, self.microphone)
        runs = [one.status == DeviceStatus.RUNNING for one in self.source.states]
        return [run and not one._queue.empty() for run, one in zip(runs, devices, strict=True)]

    def say(self) -> None:
        now_s = self.clock.now_s()
        samples = np.full(self.rate_hz // 10, 0.3, np.float32)
        pts_s = now_s - self.microphone.epoch_s - 0.1
        self.microphone.give(CapturedSound(pts_s=pts_s, captured_s=now_s, rate_hz=self.rate_hz, samples=samples))

    def await_faults(self, count: int) -> None:
        wait_until(lambda: len(self.faults) >= count, f"{count} faults")

    def present(self, from_s: float, until_s: float) -> set[str]:
        made = self.session.timeline.predictions
        return {name for one in made if from_s < one.pts_s <= until_s for name in one.present}


@pytest.mark.parametrize("kind", ["camera", "microphone"])
def test_a_device_that_goes_is_told_and_the_other_goes_on_until_it_is_back(kind: str) -> None:
    with Live() as live:
        device = {"camera": live.camera, "microphone": live.microphone}[kind]
        live.run(3.0)
        gone_s = live.source.position_s
        device.unplug()
        live.seen, live.heard = kind != "camera", kind != "microphone"
        live.await_faults(1)
        live.run(4.0)
        device.refusal = None
        back_s = live.source.position_s
        opened = device.opened
        while device.opened == opened:  # it is tried once a second
            live.run(0.2)
        live.seen = live.heard = True
        live.run(1.0)
        live.await_faults(2)
        live.run(4.0)
    gone, back = live.faults
    assert (gone.part, back.part) == (kind, kind) and not gone.lasting and not back.lasting
    assert gone.pts_s == pytest.approx(gone_s, abs=0.5) and back_s <= back.pts_s
    assert f'The {kind} "{device.about.name}" is back after' in back.text
    name, other = {"camera": ("video", "audio"), "microphone": ("audio", "video")}[kind]
    assert live.present(0.5, gone_s) >= {name, other}
    assert name not in live.present(gone_s + 2.0, back_s) and other in live.present(gone_s + 2.0, back_s)
    assert name in live.present(back.pts_s + 0.5, 1e9)


def test_a_device_that_stays_away_is_a_lasting_fault_at_the_end() -> None:
    with Live() as live:
        live.run(1.0)
        live.camera.unplug()
        live.seen = False
        live.await_faults(1)
        live.run(1.0)
    gone, out = live.faults
    assert (gone.lasting, out.lasting, out.part) == (False, True, "camera")
    assert out.text.startswith("The camera was away from 1.") and "to the end. " in out.text and gone.text


def test_a_microphone_that_comes_back_at_another_rate_is_told() -> None:
    with Live() as live:
        live.run(2.0)
        known = live.session._captured._known
        wait_until(lambda: "microphone" in known and known["microphone"].rate_hz == 16000, "the first look")
        live.microphone.about = replace(live.microphone.about, nominal_hz=44100.0)
        live.rate_hz = 44100
        live.microphone.give(DeviceFailure(DeviceStatus.LOST, "The microphone was unplugged."))
        live.heard = False
        live.await_faults(1)
        opened = live.microphone.opened
        while live.microphone.opened == opened:
            live.run(0.2)
        live.heard = True
        live.run(1.0)
        live.await_faults(3)
        live.run(3.0)
    assert [one.part for one in live.faults] == ["microphone"] * 3
    assert "goes on at 44100 Hz instead of 16000 Hz" in live.faults[2].text
    assert "audio" in live.present(live.faults[2].pts_s, 1e9)


def test_a_rate_that_changes_in_the_middle_costs_nothing() -> None:
    with Live() as live:
        live.run(2.0)
        live.rate_hz = 48000
        live.run(2.0)
    assert live.faults == () and "audio" in live.present(3.0, 4.0)


def test_a_device_that_comes_and_goes_all_day_fills_no_list() -> None:
    told: list[Fault] = []
    log = FaultLog(told.append)
    lasting = Fault(pts_s=0.5, part="face", text="The face is no longer looked at.", lasting=True)
    log.add(lasting)
    for second in range(3000):
        log.add(Fault(pts_s=float(second), part="camera", text="It is back after 0.5 s."))
    first, second_one, *newest = log.faults
    assert first.text.startswith("Older faults are left out") and second_one is lasting
    assert [one.pts_s for one in newest] == [float(one) for one in range(3000 - MOST_FAULTS, 3000)]
    assert len(told) == 3001 and log.faults is log.faults
