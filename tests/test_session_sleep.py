"""A machine that sleeps while a live session runs, and a clock that is set back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import wiring
from engine.clock import MonotonicClock
from engine.config import SessionConfig, WindowMode
from engine.features.window import HOLE_S
from engine.recall import Recall
from engine.runtime.awake import HALT_S, Awake
from engine.session import Session
from engine.sources.device import (
    Captured,
    CapturedPicture,
    CapturedSound,
    DeviceFailure,
    DeviceKind,
    DeviceStatus,
    Opened,
)
from engine.sources.live import LiveSource
from tests.fakes import FakeHearing, FakePredictor, FakeSource, fake_components, recording, sound
from tests.sources.device_fakes import HandClock, wait_until

NAP_S = 30.0


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    wait_until(lambda: set(threading.enumerate()) <= before, "the end of all threads")


class SleepyClock(MonotonicClock):
    """The clock of the machine, which a test lets sleep."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    def now_s(self) -> float:
        return time.monotonic() + self.slept_s


class Beating:
    """A device that delivers something ten times a second, and is lost in sleep."""

    patience_s, exact, dropped, drift_ppm = 0.5, False, 0, None

    def __init__(self, kind: DeviceKind, clock: SleepyClock) -> None:
        self.kind, self.clock, self.opened = kind, clock, 0
        rates = {"camera": 10.0, "microphone": 16000.0}
        self.about = Opened(name=f"Beating {kind}", nominal_hz=rates[kind], width=8, height=6)

    def open(self, epoch_s: float) -> Opened:
        self.opened += 1
        self.epoch_s, self.due_s = epoch_s, self.clock.now_s()
        return self.about

    def read(self) -> Captured | None:
        self.due_s += 0.1
        self.clock.wait(threading.Event(), self.due_s - self.clock.now_s())
        if self.clock.now_s() - self.due_s > NAP_S / 2:
            raise DeviceFailure(DeviceStatus.LOST, f"{self.about.name} does not answer after the sleep.")
        pts_s, now_s = self.due_s - 0.1 - self.epoch_s, self.clock.now_s()
        if self.kind == "camera":
            return CapturedPicture(pts_s=pts_s, captured_s=now_s, rgb=np.full((6, 8, 3), 99, np.uint8))
        return CapturedSound(pts_s=pts_s, captured_s=now_s, rate_hz=16000, samples=np.full(1600, 0.3, np.float32))

    def close(self) -> None:
        pass


@pytest.mark.parametrize("mode", ["utterance", "sliding"])
def test_after_a_sleep_it_goes_on_and_says_so(mode: WindowMode, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in wiring.PATIENCE_S:  # the sleep is longer than any patience
        monkeypatch.setitem(wiring.PATIENCE_S, name, NAP_S - 5.0)
    clock, asked = SleepyClock(), list[float]()
    camera, microphone = Beating("camera", clock), Beating("microphone", clock)
    config = SessionConfig(window=mode).for_live()
    parts = fake_components(predictor=FakePredictor(lambda window: asked.append(window.end_s)))
    recall = Recall(config, parts.vectors, 3)
    with (
        LiveSource(camera, microphone, clock=clock) as source,
        Session(source, parts, config, hearing=FakeHearing(), record=recall.add, clock=clock) as session,
    ):
        session.start()
        wait_until(lambda: len(session.timeline.predictions) > 3, "predictions")
        asleep_s = source.position_s
        clock.slept_s += NAP_S
        woken_s = asleep_s + NAP_S
        wait_until(lambda: any(one.pts_s > woken_s + 1.5 for one in session.timeline.predictions), "new predictions")
        now = session.snapshot()
    wanted = re.compile(r"slept, or this program stood still, for 3\d s;")
    (fault,) = [one for one in now.faults if wanted.search(one.text)]
    assert not fault.lasting and fault.pts_s <= asleep_s
    assert not any(one.lasting for one in now.faults) and now.error is None
    assert {one.part for one in now.faults} >= {"camera", "microphone"} and camera.opened == microphone.opened == 2
    in_hole = [t for t in asked if asleep_s + HOLE_S + 0.2 < t < woken_s]
    assert in_hole == []  # no burst of stale predictions
    assert all(made is None for t, made in session.timeline.moments if asleep_s + HOLE_S + 0.2 < t < woken_s)
    first, *later = now.utterances
    assert not first.open and first.end_s <= asleep_s + 1.0
    assert later and later[0].start_s >= woken_s - 0.5
    newest = session.timeline.predictions[-1]
    assert newest.latency_s["total"] < NAP_S / 2 and now.answers.p95_s < NAP_S / 2
    again = parts.predictor.predict(recall.window_at(newest.pts_s)[0])
    assert (again["self"].probabilities == newest.outcomes["self"].probabilities).all()


def test_sleep_that_the_clock_leaves_out_is_told_too() -> None:
    """As Linux's: its monotonic time does not go on."""
    clock, extra = HandClock(), [0.0]
    awake = Awake(clock, lambda: clock.now_s() + extra[0])
    began_s, before_s = clock.now_s(), awake.now_s()
    clock.advance(1.0)
    extra[0] = 600.0
    assert awake.naps() == [pytest.approx(601.0)]
    assert awake.naps() == []
    clock.advance(1.0)
    assert awake.now_s() - before_s == pytest.approx(1.0)
    assert awake.since_s(began_s) == pytest.approx(1.0)


def test_a_recording_is_not_told_of_sleep() -> None:
    clock = HandClock()
    reached = threading.Event()

    def sleep(item: object) -> None:
        if not reached.is_set():
            reached.set()
            clock.advance(NAP_S)

    source = FakeSource(recording(sound(2.0)), has_video=False, before=sleep)
    with Session(source, fake_components(), SessionConfig(), hearing=FakeHearing(), clock=clock) as session:
        session.start()
        assert session.wait(60)
    assert session.faults == ()


_HALTED = """
import sys, threading
from tests.test_session_sleep import *
go, halted = threading.Event(), []
def before(item):
    if item.pts_s > 1.0 and not halted:
        halted.append(True)
        print("now", flush=True)
        sys.stdin.readline()
source = FakeSource(recording(sound(2.0), [0.5] * 12), live=True, before=before)
with Session(source, fake_components(), SessionConfig(), hearing=FakeHearing()) as session:
    session.start()
    assert session.wait(60)
print([(one.part, one.lasting, one.text.split(" for ")[0]) for one in session.faults], flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot halt a process")
def test_a_program_that_is_halted_says_so() -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", _HALTED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert program.stdin is not None and program.stdout is not None
    with program:
        assert program.stdout.readline() == "now\n"
        program.send_signal(signal.SIGSTOP)
        threading.Event().wait(HALT_S + 1.0)  # that much of the clock has to pass
        program.send_signal(signal.SIGCONT)
        program.stdin.write("on\n")
        program.stdin.flush()
        told = program.stdout.readline()
    assert told == "[('source', False, 'This machine slept, or this program stood still,')]\n"


def test_a_clock_that_is_set_back_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of day jumps to and fro during a session: nothing in it goes by that."""
    times = iter(range(10**6))
    monkeypatch.setattr(time, "time", lambda: 1e9 - 3600.0 * (next(times) % 7))
    source = FakeSource(recording(sound(4.0, [(1.0, 3.0)]), [0.5] * 24), live=False)
    with Session(source, fake_components(), SessionConfig(), hearing=FakeHearing()) as session:
        session.start()
        assert session.wait(60)
    assert len(session.timeline.predictions) == 8 and session.faults == ()
    assert all(0 <= one.p95_s < 10 for one in session.snapshot().latency.values())


def test_what_was_before_the_run_is_no_sleep() -> None:
    """A session may be made long before it is started, for instance while a slow disk makes ready to record."""
    clock = HandClock()
    source = FakeSource(recording(sound(1.0)), has_video=False, live=True)
    with Session(source, fake_components(), SessionConfig(), hearing=FakeHearing(), clock=clock) as session:
        clock.advance(NAP_S)
        session.start()
        assert session.wait(60)
    assert session.faults == ()


def test_long_work_in_the_calling_thread_is_no_sleep() -> None:
    clock = HandClock()
    predictor = FakePredictor(before=lambda window: clock.advance(2 * HALT_S))
    source = FakeSource(recording(sound(2.0, [(0.2, 1.8)])), has_video=False)
    parts = fake_components(predictor=predictor)
    with Session(source, parts, SessionConfig(), hearing=FakeHearing(), clock=clock) as session:
        assert list(session.run_inline())
        assert session.snapshot().latency["model"].newest_s == 2 * HALT_S
