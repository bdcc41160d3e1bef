"""Whichever call of the system fails in the thread of the recorder: it ends, says so, and holds nothing."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

import engine.saved.recorder
from engine.annotations import Annotation, Annotations
from engine.config import SessionConfig
from engine.errors import OutputError
from engine.faults import Fault
from engine.live_run import LiveRun
from engine.saved.folder import SessionFolder
from engine.saved.journal_writer import JournalWriter
from engine.saved.medium import Expected
from engine.saved.recorder import Recorder
from engine.saved.session import SavedSession
from engine.session import Session
from engine.sources.live import LiveSource
from engine.types import AudioBlock, VideoFrame
from tests.disks import small_disk
from tests.fakes import fake_components
from tests.saved.saving import about_of
from tests.sources.device_fakes import FakeCamera, HandClock

CONFIG = SessionConfig().for_live()
RGB = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)


def recorder(folder: SessionFolder, told: Callable[[Fault], None] = lambda fault: None) -> Recorder:
    return Recorder(
        folder,
        about_of(fake_components(), CONFIG),
        now_s=lambda: 1.0,
        devices=lambda: (),
        expected=lambda: Expected(pictures=True, sound=True),
        told=told,
    )


def record(writes: Recorder) -> None:
    """A little more than a second of pictures, sound and one mark."""
    writes.start()
    for k in range(12):
        samples = np.zeros(1600, np.float32)
        writes.sound(AudioBlock(seq=k, pts_s=k * 0.1, captured_s=0.0, rate_hz=16_000, samples=samples))
        writes.picture(VideoFrame(seq=k, pts_s=k * 0.1, captured_s=0.0, rgb=RGB))
        if k == 6:
            writes.annotate(Annotations([Annotation.new(0.5)]))
        threading.Event().wait(0.01)
    writes.stop()
    assert not writes.state.running


def failing(monkeypatch: pytest.MonkeyPatch, name: str, at: int) -> Callable[[], bool]:
    """Let a call of the recorder's thread fail, the last one of a kind as well; says whether it came to that."""
    real, count = getattr(os, name), 0

    def call(*given: Any, **more: Any) -> Any:
        nonlocal count
        count += threading.current_thread().name == "attune-recorder"
        if count == at and threading.current_thread().name == "attune-recorder":
            if name == "close":  # it is closed all the same, as on a network drive
                real(*given, **more)
            raise OSError(errno.EIO, "the disk is broken")
        return real(*given, **more)

    monkeypatch.setattr(os, name, call)
    return lambda: count >= at


@pytest.mark.parametrize("name", ["write", "fsync", "close", "lseek", "replace", "open", "fchmod", "statvfs", "fstat"])
@pytest.mark.parametrize("at", [1, 2, 3, 5, 12])
def test_every_call_may_fail(name: str, at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for pause in ("FLUSH_S", "SYNC_S", "LOOK_S"):
        monkeypatch.setattr(engine.saved.recorder, pause, 0.02)
    told: list[Fault] = []
    folder = SessionFolder.create(tmp_path / "a")
    before = psutil.Process().num_fds()
    writes = recorder(folder, told.append)
    with monkeypatch.context() as patched:
        failed = failing(patched, name, at)
        record(writes)
        came = failed()
    assert psutil.Process().num_fds() <= before and not folder.in_use
    saved = SavedSession.open(tmp_path / "a")
    if writes.problem:
        assert came and [one.text for one in told] == [writes.problem] and not saved.complete
        assert "Error" not in writes.problem  # a sentence, not a class
    else:  # not so often, or of the lock, which is let go with its file
        assert not told and saved.complete


def test_a_file_whose_closing_fails_is_closed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number may belong to a file of another thread by then."""
    journal = JournalWriter(tmp_path / "journal")
    closed: list[int] = []

    def close(file: int) -> None:
        closed.append(file)
        raise OSError(errno.EDQUOT, "no room is left")

    with monkeypatch.context() as patched:
        patched.setattr(os, "close", close)
        with pytest.raises(OutputError, match="no room is left"):
            journal.close()
        journal.close()
    assert len(closed) == 1
    os.close(closed[0])


def test_where_it_cannot_begin_nothing_is_left_and_the_folder_can_be_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = psutil.Process().num_fds()
    with monkeypatch.context() as patched:
        patched.setattr(JournalWriter, "flush", lambda journal: (_ for _ in ()).throw(OutputError("the disk is full")))
        with pytest.raises(OutputError, match="the disk is full"):
            recorder(SessionFolder.create(tmp_path / "a")).start()
    assert not (tmp_path / "a").exists()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", lambda thread: (_ for _ in ()).throw(RuntimeError("no thread")))
        with pytest.raises(RuntimeError, match="no thread"):
            recorder(SessionFolder.create(tmp_path / "a")).start()
    assert psutil.Process().num_fds() <= before
    record(recorder(SessionFolder.create(tmp_path / "b")))
    assert SavedSession.open(tmp_path / "b").complete


def test_whoever_is_told_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(fault: Fault) -> None:
        raise OutputError("nobody listens")

    monkeypatch.setattr(threading, "excepthook", lambda given: None)
    folder = SessionFolder.create(tmp_path / "a")
    before = psutil.Process().num_fds()
    writes = recorder(folder, told)
    with monkeypatch.context() as patched:
        failing(patched, "fsync", 1)
        record(writes)
    assert psutil.Process().num_fds() <= before and not folder.in_use
    assert SavedSession.open(tmp_path / "a").about.problem == writes.problem != ""


@pytest.mark.parametrize("part", ["start of the session", "end of the source"])
def test_a_recording_is_ended_whatever_fails_around_it(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(part)

    source = LiveSource(FakeCamera(HandClock()), None)
    if part == "start of the session":
        monkeypatch.setattr(Session, "start", fail)
        with pytest.raises(RuntimeError, match=part):
            LiveRun(source, fake_components(), CONFIG, record=tmp_path / "a")
    else:
        run = LiveRun(source, fake_components(), CONFIG, record=tmp_path / "a", begin=False)
        with monkeypatch.context() as patched:
            patched.setattr(source, "close", fail)
            with pytest.raises(RuntimeError, match=part):
                run.close()
    source.close()
    assert SavedSession.open(tmp_path / "a").complete


def test_on_a_full_disk_nothing_is_begun_and_nothing_left(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "64k") as disk:
        (disk / "full").write_bytes(b"x" * 65536)
        with pytest.raises(OutputError, match="No space left"):
            recorder(SessionFolder.create(disk / "new" / "a")).start()
        assert [one.name for one in disk.iterdir()] == ["full"]
