"""Drivers that never return from a call."""

from __future__ import annotations

import logging
import threading

import pytest

from engine.sources import live
from engine.sources.device import DeviceStatus, Opened
from engine.sources.live import LiveSource
from tests.sources.device_fakes import FakeCamera, FakeMicrophone, HandClock, capturing, wait_until


class Silent(FakeCamera):
    """Does not return from opening until it is let go."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.opening, self.free = threading.Event(), threading.Event()

    def open(self, epoch_s: float) -> Opened:
        self.opening.set()
        self.free.wait(60)
        return super().open(epoch_s)


def test_a_camera_that_never_answers_says_so() -> None:
    clock = HandClock()
    camera = Silent(clock)
    source = LiveSource(camera, FakeMicrophone(clock), clock=clock)
    assert source.states[0].message == ""
    with capturing(source):
        assert camera.opening.wait(20)
        clock.advance(4.9)
        assert (source.states[0].status, source.states[0].message) == (DeviceStatus.STARTING, "")
        clock.advance(0.2)
        assert source.states[0].status == DeviceStatus.STARTING
        assert "does not answer yet: close other programs" in source.states[0].message
        camera.free.set()
        wait_until(lambda: camera.opened == 1)
        camera.show()
        wait_until(lambda: source.states[0].status == DeviceStatus.RUNNING)
        assert source.states[0].message == ""


def test_a_stuck_driver_is_waited_for_once_and_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HandClock()
    camera = Silent(clock)
    source = LiveSource(camera, None, clock=clock)
    waits: list[float] = []
    join = source._captures[0].join
    monkeypatch.setattr(source._captures[0], "join", lambda timeout_s: (waits.append(timeout_s), join(timeout_s))[1])
    monkeypatch.setattr(live, "_JOIN_S", 0.2)
    with caplog.at_level(logging.WARNING), capturing(source):
        assert camera.opening.wait(20)
        for _ in range(4):
            source.close()
        assert sum(one > 0.0 for one in waits) <= 2 < len(waits)  # the end of the iteration closes it at the same time
        assert [one.message for one in caplog.records if "stuck" in one.message] == [
            "the thread of the camera is stuck in its driver: Fake Cam"
        ]
        assert "does not answer. It is let go" in source.states[0].message
        camera.free.set()
        wait_until(lambda: camera.closed == 1)
        source.close()
        assert source.states[0].message == ""
