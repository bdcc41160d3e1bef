"""A session without media is played by a clock."""

from __future__ import annotations

import threading

from demo.clock_playback import ClockPlayback
from engine.clock import SteppedClock


def wait(clock: SteppedClock, seconds: float) -> None:
    clock.wait(threading.Event(), seconds)


def test_time_goes_on_while_it_plays_and_ends_with_the_session() -> None:
    clock = SteppedClock()
    playback = ClockPlayback(2.0, 10.0, clock)
    wait(clock, 1.0)
    assert playback.position_s == 2.0 and not playback.playing
    playback.play()
    wait(clock, 1.5)
    assert playback.position_s == 3.5 and playback.playing
    playback.set_speed(2.0)
    wait(clock, 1.0)
    assert playback.position_s == 5.5
    playback.toggle()
    wait(clock, 1.0)
    assert playback.position_s == 5.5
    playback.toggle()
    wait(clock, 100.0)
    assert playback.position_s == 10.0 and not playback.playing
    playback.play()
    assert playback.position_s == 2.0 and playback.playing


def test_it_seeks_within_the_session_and_repeats_a_range() -> None:
    clock = SteppedClock()
    playback = ClockPlayback(2.0, 10.0, clock)
    playback.seek(100.0)
    assert playback.position_s == 10.0
    playback.seek(0.0)
    assert playback.position_s == 2.0
    playback.set_loop((4.0, 5.0))
    playback.play()
    assert playback.position_s == 4.0
    wait(clock, 1.2)
    assert playback.position_s == 4.0
    playback.step(1)
    assert not playback.playing and playback.picture() is None and playback.duration_s == 10.0
