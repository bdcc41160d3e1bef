"""Camera and microphone together: order, failures, reconnection and the end."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.clock import FastClock
from engine.config import SessionConfig
from engine.errors import SourceError
from engine.session import Session
from engine.sources.device import CapturedPicture, DeviceFailure, DeviceState, DeviceStatus
from engine.sources.live import LiveSource, open_live
from engine.sources.media_file import MediaFile
from engine.types import AudioBlock, VideoFrame
from tests.fakes import FakeHearing, fake_components
from tests.sources.device_fakes import (
    FakeCamera,
    FakeMicrophone,
    HandClock,
    Unpluggable,
    capturing,
    wait_until,
)
from tests.sources.media import write_clip

SPEED = 4.0


@pytest.fixture(autouse=True)
def no_thread_left() -> None:
    before = set(threading.enumerate())
    yield
    wait_until(lambda: set(threading.enumerate()) <= before, "the end of all threads")


class Pair:
    """A live source of a fake camera and a fake microphone that share a clock."""

    def __init__(self, **options: float) -> None:
        self.clock = HandClock()
        self.camera, self.microphone = FakeCamera(self.clock), FakeMicrophone(self.clock)
        self.source = LiveSource(self.camera, self.microphone, clock=self.clock, **options)

    @property
    def states(self) -> tuple[DeviceState, ...]:
        return self.source.states

    def statuses(self) -> list[str]:
        return [one.status.value for one in self.states]

    def both(self) -> None:
        """Both deliver something, 20 ms later."""
        self.clock.advance(0.02)
        self.camera.show()
        self.microphone.say()

    def run(self) -> None:
        """Both are known to run, and nothing was lost: a picture does not wait for a microphone that only begins."""
        wait_until(lambda: self.camera.opened and self.microphone.opened, "opening")
        self.clock.advance(0.02)
        self.microphone.say()
        wait_until(lambda: self.statuses()[1] == "running", "sound")
        self.camera.show()
        wait_until(lambda: self.statuses() == ["running", "running"], "running")


def pictures(items: list) -> list[VideoFrame]:
    return [one for one in items if isinstance(one, VideoFrame)]


def sounds(items: list) -> list[AudioBlock]:
    return [one for one in items if isinstance(one, AudioBlock)]


@pytest.mark.parametrize(("video", "audio"), [("libx264", "aac"), (None, "aac"), ("libx264", None)])
def test_virtual_devices_deliver_what_the_file_holds(tmp_path: Path, video: str | None, audio: str | None) -> None:
    path = write_clip(tmp_path / "a.mp4", video, audio, seconds=2.0)
    wanted = list(MediaFile(path, frame_hz=6.0))
    name = f"file:{path}"
    with open_live(name if video else None, name if audio else None, frame_hz=6.0, clock=FastClock(SPEED)) as source:
        assert source.live and source.info.has_audio == bool(audio) and source.info.has_video == bool(video)
        got = list(source)
        assert source.picture.at() is None if not video else source.picture.at()[0] == pytest.approx(1.96)
    assert len(got) == len(wanted)
    for one, other in zip(got, wanted, strict=True):
        assert replace(one, captured_s=0.0).__class__ is other.__class__
        assert (one.seq, one.pts_s) == (other.seq, pytest.approx(other.pts_s, abs=1e-9))
        if isinstance(one, VideoFrame):
            assert np.array_equal(one.rgb, other.rgb)
        else:
            assert (one.rate_hz, one.gap) == (other.rate_hz, other.gap)
            assert np.array_equal(one.samples, other.samples)
    assert source.notes == ()
    assert {one.status for one in source.states} == {DeviceStatus.CLOSED}


def test_a_session_predicts_the_same_live_and_from_the_file(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mkv", "libx264", "flac", seconds=3.0)
    config = SessionConfig(window="sliding")
    offline = list(
        Session(MediaFile(path, frame_hz=6.0), fake_components(), config, hearing=FakeHearing()).run_inline()
    )
    name = f"file:{path}"
    with (
        open_live(name, name, frame_hz=6.0, clock=FastClock(2.0)) as source,
        Session(source, fake_components(), config, hearing=FakeHearing()) as session,
    ):
        session.start()
        assert session.wait(60)
        live = [session.timeline.newest(one.pts_s)[1] for one in offline]
    assert [one.pts_s for one in live] == [one.pts_s for one in offline] and len(offline) >= 5
    for one, other in zip(live, offline, strict=True):
        assert np.allclose(one.probabilities, other.probabilities, atol=1e-4)


def test_items_leave_in_order_and_only_sampled_pictures() -> None:
    pair = Pair(frame_hz=5.0)
    with capturing(pair.source) as items:
        pair.run()
        for k in range(60):
            pair.both()
            # Both, before time goes on: what is behind the clock is rightly late.
            wait_until(lambda k=k: pair.source._seen == pair.source._blocks == k + 2)
        wait_until(lambda: len(sounds(items)) >= 59 and len(pictures(items)) >= 6)
        times_s = [one.pts_s for one in items]
        assert times_s == sorted(times_s)
        assert [one.pts_s for one in pictures(items)][:6] == pytest.approx([0.02, 0.2, 0.4, 0.6, 0.8, 1.0], abs=0.021)
        assert len(pair.source.picture._values) == 8
        assert pair.source.position_s == pytest.approx(1.22)
        assert all(one.dropped == 0 for one in pair.states)


def test_a_frozen_camera_is_told_and_sound_goes_on() -> None:
    pair = Pair()
    with capturing(pair.source) as items:
        pair.run()
        pair.camera.stuck.set()
        for k in range(25):
            pair.clock.advance(0.1)
            pair.microphone.say(seconds=0.1)
            wait_until(lambda k=k: pair.source._blocks == k + 2)
        wait_until(lambda: pair.statuses() == ["frozen", "running"], "frozen")
        assert "no new picture for 2 s" in pair.states[0].message and pair.states[1].message == ""
        wait_until(lambda: len(sounds(items)) >= 25, "all sound")
        pair.camera.stuck.clear()
        wait_until(lambda: pair.camera.closed >= 1, "closing")
        for k in range(15):
            pair.clock.advance(0.1)
            pair.microphone.say(seconds=0.1)
            wait_until(lambda k=k: pair.source._blocks == k + 27)
        wait_until(lambda: pair.camera.opened == 2, "opening again")
        pair.both()
        wait_until(lambda: pair.states[0].status == "running", "running again")
        assert pair.states[0].reconnects == 1 and pair.states[0].message == ""
    assert any("came back once" in note for note in pair.source.notes)


def test_an_unplugged_microphone_comes_back_by_itself() -> None:
    pair = Pair()
    with capturing(pair.source) as items:
        pair.run()
        pair.microphone.unplug()
        wait_until(lambda: pair.states[1].status == "lost", "lost")
        for _ in range(3):
            pair.clock.advance(1.1)
            pair.camera.show()
            wait_until(lambda: pair.source.picture.at()[0] == pytest.approx(pair.source.position_s))
        assert pair.states[1].status == "lost" and "plug it in again" in pair.states[1].message
        assert pair.states[1].level_db is None and pair.states[0].status == "running"
        wait_until(lambda: len(pictures(items)) == 4, "pictures go on")
        pair.microphone.refusal = None
        pair.clock.advance(1.1)
        wait_until(lambda: pair.microphone.opened == 2, "opening again")
        pair.both()
        wait_until(lambda: pair.statuses() == ["running", "running"], "running again")
        assert pair.states[1].reconnects == 1


@pytest.mark.parametrize("status", [DeviceStatus.BUSY, DeviceStatus.REFUSED, DeviceStatus.MISSING])
def test_a_camera_that_does_not_open_leaves_the_sound(status: DeviceStatus) -> None:
    pair = Pair()
    pair.camera.refusal = DeviceFailure(status, "what happened and what to do")
    with capturing(pair.source) as items:
        wait_until(lambda: pair.microphone.opened == 1)
        pair.clock.advance(0.02)
        pair.microphone.say()
        wait_until(lambda: len(sounds(items)) == 1, "sound")
        wait_until(lambda: pair.states[0].status == status)
        assert pair.states[0].message == "what happened and what to do"
        pair.camera.refusal = None
        pair.clock.advance(1.1)
        wait_until(lambda: pair.camera.opened == 1, "opening")
        pair.both()
        wait_until(lambda: pair.states[0].status == "running" and pair.states[0].reconnects == 0)


def test_a_driver_that_raises_anything_is_a_lost_device() -> None:
    pair = Pair()
    with capturing(pair.source):
        pair.run()
        pair.camera.give(ZeroDivisionError("inside the driver."))
        wait_until(lambda: pair.states[0].status == "lost")
        assert "inside the driver. It is opened again" in pair.states[0].message and pair.states[1].status == "running"


def test_the_state_tells_rate_level_and_size() -> None:
    pair = Pair()
    with capturing(pair.source):
        pair.run()
        for k in range(50):
            pair.both()
            wait_until(lambda k=k: pair.source._blocks == k + 2 and pair.source._seen == k + 2)
        camera, microphone = pair.states
    assert camera.rate_hz == pytest.approx(50, rel=0.05) and (camera.width, camera.height) == (8, 6)
    assert camera.level_db is None and camera.nominal_hz == 30.0
    assert microphone.rate_hz == pytest.approx(16000, rel=0.05)
    assert microphone.level_db == pytest.approx(-20, abs=0.1) and microphone.peak_db == pytest.approx(-20, abs=0.1)


def test_closing_does_not_wait_for_a_driver_that_hangs() -> None:
    pair = Pair()
    with capturing(pair.source):
        pair.run()
        pair.camera.stuck.set()
        pair.camera.reading.clear()
        wait_until(pair.camera.reading.is_set, "a read that hangs")
        pair.source.close()
        camera, microphone = pair.states
        assert camera.status == microphone.status == DeviceStatus.CLOSED
        assert "does not answer" in camera.message and microphone.message == ""
        assert all(one.daemon for one in threading.enumerate() if one.name == "attune-camera")
        pair.camera.stuck.clear()
        wait_until(lambda: pair.camera.closed == 1, "the camera is let go when its driver returns")


def test_closing_ends_the_iteration_and_twice_is_harmless() -> None:
    pair = Pair()
    with capturing(pair.source):
        pair.run()
        pair.source.close()
        pair.source.close()
        assert pair.camera.closed == pair.microphone.closed == 1
    assert list(pair.source) == []


def test_leaving_the_iteration_lets_the_devices_go() -> None:
    pair = Pair()
    items = iter(pair.source)
    done = threading.Thread(target=lambda: (next(items), items.close()))
    done.start()
    wait_until(lambda: pair.camera.opened and pair.microphone.opened)
    while done.is_alive():
        pair.both()
        done.join(0.05)
    assert pair.camera.closed == pair.microphone.closed == 1


def test_it_runs_once() -> None:
    pair = Pair()
    with capturing(pair.source), pytest.raises(RuntimeError, match="once"):
        next(iter(pair.source))


def test_closed_before_it_began_it_delivers_nothing() -> None:
    pair = Pair()
    pair.source.close()
    assert list(pair.source) == [] and pair.camera.opened == 0 and pair.source.position_s == 0.0


def test_a_virtual_camera_can_be_unplugged_and_goes_on_where_time_is(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mkv", "libx264", "flac", seconds=0.6)
    clock = FastClock(SPEED)
    template = open_live(f"loop:{path}", f"loop:{path}", frame_hz=None, clock=clock)
    plugs = [Unpluggable(one.device) for one in template._captures]
    source = LiveSource(*plugs, clock=clock)
    with capturing(source) as items:
        wait_until(lambda: len(pictures(items)) > 3)
        plugs[0].unplug()
        wait_until(lambda: source.states[0].status == "lost")
        heard = len(sounds(items))
        wait_until(lambda: len(sounds(items)) > heard + 3, "sound goes on")
        plugs[0].plug()
        wait_until(lambda: source.states[0].reconnects == 1, "coming back")
        seen = len(pictures(items))
        wait_until(lambda: len(pictures(items)) > seen + 2)
        times_s = [one.pts_s for one in items]
    assert times_s == sorted(times_s)
    assert np.diff([one.pts_s for one in pictures(items)]).max() > 0.5


def test_without_any_device_there_is_nothing_to_capture() -> None:
    with pytest.raises(SourceError, match="camera or a microphone"):
        open_live(None, None, frame_hz=6.0)


def test_what_cannot_be_played_is_told_at_once(tmp_path: Path) -> None:
    silent = write_clip(tmp_path / "silent.mp4", audio=None)
    with pytest.raises(SourceError, match="does not exist"):
        open_live(f"file:{tmp_path / 'no.mp4'}", None, frame_hz=6.0)
    with pytest.raises(SourceError, match="no sound"):
        open_live(None, f"file:{silent}", frame_hz=6.0)
    with pytest.raises(ValueError, match="frame_hz"):
        open_live(f"file:{silent}", None, frame_hz=0.0)


def test_pictures_of_another_size_are_no_trouble() -> None:
    pair = Pair()
    with capturing(pair.source) as items:
        pair.run()
        now_s = pair.clock.now_s()
        rgb = np.zeros((10, 20, 3), np.uint8)
        pair.camera.give(CapturedPicture(pts_s=now_s - pair.camera.epoch_s + 0.001, captured_s=now_s, rgb=rgb))
        wait_until(lambda: (pair.states[0].width, pair.states[0].height) == (20, 10))
        pair.clock.advance(1.0)
        pair.microphone.say()
        wait_until(lambda: len(pictures(items)) == 2)
