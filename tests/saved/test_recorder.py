"""Everything of a session is recorded; whatever happens to the disk, the session goes on and what was written stays."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from engine.annotations import Annotation, read_annotations
from engine.clock import FastClock
from engine.config import SessionConfig
from engine.errors import OutputError
from engine.kept import KeptReport
from engine.live_run import LiveRun
from engine.saved.folder import SessionFolder
from engine.saved.inbox import Inbox
from engine.saved.journal import read_journal
from engine.saved.records import DeviceChange, PictureTimes, SavedPrediction, SoundRun, from_record
from engine.saved.room import Room
from engine.sources.device import CapturedPicture, CapturedSound, DeviceFailure, DeviceStatus
from engine.sources.live import LiveSource, open_live
from engine.types import VideoFrame
from tests.disks import small_disk
from tests.fakes import fake_components
from tests.sources.device_fakes import FakeCamera, FakeMicrophone, HandClock, wait_until
from tests.sources.media import Writer, play, samples_of, tone

CONFIG = SessionConfig().for_live()
NOISE = np.random.default_rng(3)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of noise to see, which takes much room, and of a tone."""
    path = tmp_path_factory.mktemp("clip") / "clip.mkv"
    with Writer(path) as writer:
        pictures = [(40 * k, NOISE.integers(0, 255, (240, 320, 3), np.uint8)) for k in range(50)]
        video = writer.add_video("mjpeg", pictures, pix_fmt="yuvj420p")
        writer.mux(video, writer.add_audio("flac", tone(2.0)))
    return path


@contextmanager
def running(clip: Path, folder: Path | None, *, repeat: bool = True, speed: float = 1.0) -> Iterator[LiveRun]:
    """A live session over the clip, recorded into a folder."""
    device = f"{'loop' if repeat else 'file'}:{clip}"
    source = open_live(device, device, frame_hz=CONFIG.track_hz, clock=FastClock(speed))
    with LiveRun(source, fake_components(), CONFIG, record=folder) as run:
        yield run


def values(folder: Path, kind: type[Any]) -> list[Any]:
    """What the journal holds of a kind."""
    journal = read_journal(folder / "journal.msgpack")
    found = [from_record(one) for one in journal]
    assert journal.damaged == 0
    return [one for one in found if isinstance(one, kind)]


def problem(run: LiveRun) -> str:
    state = run.recording
    return "" if state is None else state.problem


def goes_on(run: LiveRun) -> None:
    """The session still makes predictions."""
    newest = run.timeline.newest()[0] or 0.0
    wait_until(lambda: (run.timeline.newest()[0] or 0.0) > newest + 0.5, "more predictions")


def count_pictures(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_everything_is_there(tmp_path: Path, clip: Path) -> None:
    folder = tmp_path / "a"
    with running(clip, folder, repeat=False) as run:
        mark = Annotation.new(0.5, text="here")
        run.annotate(mark)
        wait_until(lambda: run.finished, "the end of the clip")
        timeline, reports = run.timeline, run.recall
    assert run.recorded is not None and run.recorded.problem == "" and run.recorded.dropped == 0
    about = SessionFolder.open(folder).read_about()
    assert about.complete and about.problem == "" and about.faults == ()
    assert about.picture_size == (320, 240) and about.sound_rate_hz == 16_000
    assert about.until_s == pytest.approx(2.0, abs=0.06) and about.from_s == 0.0
    assert about.config == CONFIG
    assert about.bytes_written == sum((folder / name).stat().st_size for name in ("media.mkv", "journal.msgpack"))

    pictures, blocks, _ = play(clip)
    recorded, sounds, _ = play(folder / "media.mkv")
    times_s = np.concatenate([one.times_s for one in values(folder, PictureTimes)])
    assert times_s.tolist() == [one.pts_s for one in pictures]
    assert [one.pts_s for one in recorded] == pytest.approx(times_s - times_s[0], abs=0.0011)
    assert np.array_equal(samples_of(sounds), samples_of(blocks))
    assert [one.sample for one in values(folder, SoundRun)] == [0]

    made = values(folder, SavedPrediction)
    assert [one.pts_s for one in made if one.prediction] == [one.pts_s for one in timeline.predictions]
    for one, other in zip([one for one in made if one.prediction], timeline.predictions, strict=True):
        for fusion, outcome in other.outcomes.items():
            assert one.prediction.outcomes[fusion].probabilities.tobytes() == outcome.probabilities.tobytes()
    frames = np.concatenate([block.values for one in values(folder, KeptReport) for block in one.features])
    assert np.array_equal(frames[:, :40], reports.sound(-1.0, 10.0).mfcc)
    assert {one.state.kind for one in values(folder, DeviceChange)} == {"camera", "microphone"}
    assert list(read_annotations(folder / "annotations.json")) == [mark]
    assert {one.name for one in folder.iterdir()} == {
        "session.json", "media.mkv", "journal.msgpack", "annotations.json", ".lock",
    }  # fmt: skip


def test_a_full_disk_ends_the_recording_whole_and_the_session_goes_on(tmp_path: Path, clip: Path) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk, running(clip, disk / "a") as run:
        wait_until(lambda: problem(run) != "", "the end of the room", 60.0)
        assert "is full: the recording was ended, and is whole until then" in problem(run)
        goes_on(run)
        assert [one.part for one in run.session.faults] == ["recording"]
        run.stop_recording()
        about = SessionFolder.open(disk / "a").read_about()
        assert about.complete and "is full" in about.problem and about.faults[0].part == "recording"
        assert count_pictures(disk / "a" / "media.mkv") == sum(
            len(one.times_s) for one in values(disk / "a", PictureTimes)
        )
        with pytest.raises(OutputError):  # there is not enough room to begin another one
            run.start_recording(disk / "b")
            wait_until(lambda: problem(run) != "", "the end of the room")
            raise OutputError(problem(run))


@pytest.mark.parametrize("kilobytes", [1500, 1510, 1520, 1530])
def test_what_was_written_to_a_disk_without_any_room_left_is_readable(
    tmp_path: Path, clip: Path, kilobytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which file hits the end first, and where in it, differs."""
    monkeypatch.setattr(Room, "look", lambda room, written: True)
    with small_disk(tmp_path / "disk", f"{kilobytes}k") as disk, running(clip, disk / "a") as run:
        wait_until(lambda: problem(run) != "", "the end of the room", 60.0)
        assert "No space left" in problem(run)
        goes_on(run)
        state = run.stop_recording()
        assert state is not None and state.seconds > 0.3
        folder = SessionFolder.open(disk / "a")
        assert not folder.read_about().complete and not folder.in_use
        assert count_pictures(folder.media_path) > 25 * (state.seconds - 1.0)
        assert values(folder.path, SavedPrediction)[-1].pts_s > state.seconds - 1.0


def test_a_folder_that_is_deleted_ends_the_recording_and_is_not_made_again(tmp_path: Path, clip: Path) -> None:
    with running(clip, tmp_path / "a") as run:
        wait_until(lambda: run.recording.bytes_written > 20_000, "the medium")  # type: ignore[union-attr]
        shutil.rmtree(tmp_path / "a")
        run.annotate(Annotation.new(0.1))
        wait_until(lambda: problem(run) != "", "the end of the recording")
        assert "was deleted or moved" in problem(run)
        goes_on(run)
        run.start_recording(tmp_path / "b")  # elsewhere it can be begun anew
    assert not (tmp_path / "a").exists()
    assert SessionFolder.open(tmp_path / "b").read_about().complete


def test_a_disk_that_cannot_be_written_is_told_at_once_and_the_session_goes_on(tmp_path: Path, clip: Path) -> None:
    with small_disk(tmp_path / "disk", read_only=True) as disk, running(clip, None) as run:
        with pytest.raises(OutputError, match="Read-only file system"):
            run.start_recording(disk / "a")
        assert run.recording is None
        goes_on(run)
        run.start_recording(tmp_path / "b")
        with pytest.raises(OutputError, match="recorded already"):
            run.start_recording(tmp_path / "c")


def test_it_begins_and_ends_in_the_middle(tmp_path: Path, clip: Path) -> None:
    with running(clip, None) as run:
        goes_on(run)
        run.start_recording(tmp_path / "a")
        goes_on(run)
        state = run.stop_recording()
        assert state is not None and run.recording is None
        assert run.start_recording(tmp_path / "b") == tmp_path / "b"
        goes_on(run)
    about = SessionFolder.open(tmp_path / "a").read_about()
    times_s = np.concatenate([one.times_s for one in values(tmp_path / "a", PictureTimes)])
    assert about.from_s > 0.4 and about.complete
    assert about.from_s <= times_s[0] < about.from_s + 0.2 and times_s[-1] <= (about.until_s or 0.0)
    assert np.diff(times_s).max() < 0.05  # every picture
    run_start = values(tmp_path / "a", SoundRun)[0]
    assert about.from_s <= run_start.pts_s < about.from_s + 1 / 16_000
    first = values(tmp_path / "a", SavedPrediction)[0].pts_s
    before = [one for one in values(tmp_path / "a", KeptReport) if one.until_s < about.from_s]
    assert before and about.from_s - 0.5 < first


def test_the_time_of_day_does_not_matter(tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(clip, tmp_path / "a") as run:
        wait_until(lambda: run.position_s > 0.5, "half a second")
        monkeypatch.setattr(time, "time", lambda: 0.0)
        monkeypatch.setattr(time, "time_ns", lambda: 0)
        goes_on(run)
    times_s = np.concatenate([one.times_s for one in values(tmp_path / "a", PictureTimes)])
    assert (np.diff(times_s) > 0).all() and SessionFolder.open(tmp_path / "a").read_about().complete


class Devices:
    """Camera and microphone that do what a test says, by a clock that it moves."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.camera, self.microphone = FakeCamera(self.clock), FakeMicrophone(self.clock)
        self.source = LiveSource(self.camera, self.microphone, frame_hz=CONFIG.track_hz, clock=self.clock)
        self.seen = 0

    def go(self, run: LiveRun, seconds: float, *, rate_hz: int = 16_000, size: tuple[int, int] = (8, 6)) -> None:
        """Let time pass, with pictures and sound, until that much has been recorded."""
        until_s = self.source.position_s + seconds
        for _ in range(1000):
            self._step(rate_hz, size)
            state = run.recording
            assert state is not None
            if state.seconds >= until_s:
                return
        raise AssertionError(f"{until_s:.1f} s were never recorded")

    def _step(self, rate_hz: int, size: tuple[int, int]) -> None:
        self.clock.advance(0.05)
        now_s = self.clock.now_s()
        grey = np.full((size[1], size[0], 3), 100, np.uint8)
        self.camera.give(CapturedPicture(pts_s=now_s - self.camera.epoch_s, captured_s=now_s, rgb=grey))
        samples = np.full(rate_hz // 20, 0.1, np.float32)
        pts_s = now_s - self.microphone.epoch_s - 0.05
        self.microphone.give(CapturedSound(pts_s=pts_s, captured_s=now_s, rate_hz=rate_hz, samples=samples))
        for one in (self.camera, self.microphone):
            wait_until(lambda one=one: one.empty or one.opened <= one.closed, "what was given is taken")  # type: ignore[misc]
        threading.Event().wait(0.01)  # the threads behind need a moment of their own


@contextmanager
def over(devices: Devices, folder: Path) -> Iterator[LiveRun]:
    with LiveRun(devices.source, fake_components(), CONFIG, record=folder) as run:
        wait_until(lambda: devices.camera.opened > 0 and devices.microphone.opened > 0, "the devices")
        yield run


def test_a_suspended_machine_leaves_a_gap_and_nothing_else(tmp_path: Path) -> None:
    devices = Devices()
    with over(devices, tmp_path / "a") as run:
        devices.go(run, 1.0)
        devices.clock.advance(30.0)
        devices.go(run, 1.0)
    assert run.recorded is not None and not run.recorded.problem
    times_s = np.concatenate([one.times_s for one in values(tmp_path / "a", PictureTimes)])
    assert np.diff(times_s).max() >= 30.0 and (np.diff(times_s) > 0.04).all()
    assert all(not 1.3 < one.pts_s < 30.0 for one in values(tmp_path / "a", SoundRun))
    assert play(tmp_path / "a" / "media.mkv")[0][-1].pts_s == pytest.approx(times_s[-1] - times_s[0], abs=0.06)


def test_devices_that_go_and_come_back_otherwise_are_recorded(tmp_path: Path) -> None:
    devices = Devices()
    with over(devices, tmp_path / "a") as run:
        devices.go(run, 1.0)
        for one in (devices.camera, devices.microphone):
            one.unplug()
        lost = (DeviceStatus.LOST, DeviceStatus.MISSING)
        wait_until(lambda: all(one.status in lost for one in devices.source.states), "both are gone")
        wait_until(
            lambda: any(one.state.status in lost for one in values(tmp_path / "a", DeviceChange)),
            "that they are gone in the journal",
        )
        for one in (devices.camera, devices.microphone):
            one.refusal = None
        devices.clock.advance(3.0)
        wait_until(lambda: devices.camera.opened > 1 and devices.microphone.opened > 1, "both are back")
        devices.go(run, 1.0, rate_hz=48_000, size=(32, 24))
    about = SessionFolder.open(tmp_path / "a").read_about()
    assert about.complete and about.picture_size == (8, 6) and about.sound_rate_hz == 16_000
    rates_hz = [one.source_hz for one in values(tmp_path / "a", SoundRun)]
    assert rates_hz[0] == 16_000 and rates_hz[-1] == 48_000 and rates_hz == sorted(rates_hz)
    pictures, blocks, _ = play(tmp_path / "a" / "media.mkv")
    assert {one.rgb.shape for one in pictures} == {(6, 8, 3)}
    assert samples_of(blocks)[-4000] == pytest.approx(0.1, abs=0.01)
    assert pictures[-1].rgb.mean() == pytest.approx(100, abs=4)


def test_a_camera_that_is_busy_holds_nothing_up_and_is_recorded_when_it_comes(tmp_path: Path) -> None:
    devices = Devices()
    devices.camera.refusal = DeviceFailure(DeviceStatus.BUSY, "another program has it: close that")
    with LiveRun(devices.source, fake_components(), CONFIG, record=tmp_path / "a") as run:
        wait_until(lambda: devices.microphone.opened > 0, "the microphone")
        wait_until(lambda: devices.source.states[0].status == DeviceStatus.BUSY, "the refusal")
        devices.go(run, 0.5)
        assert (tmp_path / "a" / "media.mkv").exists()
        devices.camera.refusal = None
        while not devices.camera.opened:
            devices.go(run, 0.5)
        devices.go(run, 0.5)
    with av.open(str(tmp_path / "a" / "media.mkv")) as container:
        assert [one.type for one in container.streams] == ["video", "audio"]
        assert container.streams.video[0].width == 8
    assert count_pictures(tmp_path / "a" / "media.mkv") > 3
    assert SessionFolder.open(tmp_path / "a").read_about().complete


def test_pictures_that_find_no_room_are_counted_and_nobody_waits() -> None:
    picture = VideoFrame(seq=0, pts_s=0.0, captured_s=0.0, rgb=np.zeros((10, 10, 3), np.uint8))
    inbox = Inbox(picture_bytes=1000, most_bytes=5000)
    for _ in range(5):
        inbox.put(picture)
        inbox.put("a report", 1000)
    assert inbox.dropped == 2 and not inbox.overflown
    inbox.put("one more", 1000)
    assert inbox.overflown
    assert [inbox.take(0.0) for _ in range(3)] == [picture, "a report", picture]
    inbox.put(picture)
    assert inbox.dropped == 2
    inbox.close()
    inbox.put(picture)
    taken = [inbox.take(1.0) for _ in range(7)]
    assert taken[-2:] == [picture, None] and inbox.done


def test_a_recorder_that_hangs_is_given_up(tmp_path: Path, clip: Path) -> None:
    answers = threading.Event()
    with running(clip, None) as run:
        run.start_recording(tmp_path / "a")
        recorder = run._deck._recorder
        assert recorder is not None and recorder._files is not None
        recorder._files._devices = lambda: (answers.wait(60) and ()) or ()  # as a disk that does not answer
        wait_until(lambda: run.position_s > 0.5, "half a second")
        recorder.stop(0.1)
        assert "does not answer" in recorder.problem
        answers.set()
    wait_until(lambda: not recorder._thread.is_alive(), "its end")


def test_files_are_private_whatever_the_umask(tmp_path: Path, clip: Path) -> None:
    before = os.umask(0)
    try:
        with running(clip, tmp_path / "a") as run:
            run.annotate(Annotation.new(0.1))
            wait_until(lambda: (tmp_path / "a" / "annotations.json").exists(), "the annotations")
            wait_until(lambda: (tmp_path / "a" / "media.mkv").exists(), "the medium")
    finally:
        os.umask(before)
    assert {one.stat().st_mode & 0o777 for one in (tmp_path / "a").iterdir()} == {0o600}
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700
