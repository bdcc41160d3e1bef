"""A recording that is killed at any instant is there up to about a second before."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import psutil
import pytest

from engine.saved.folder import SessionFolder
from engine.saved.journal import read_journal
from engine.saved.records import PictureTimes, SavedPrediction, from_record
from tests.saved.forked import PROGRESS
from tests.sources.device_fakes import wait_until
from tests.sources.media import write_clip

ROOT = Path(__file__).parents[2]
KILLS = 47
AT_ONCE = 4
FRAME_S = 0.15
"""How long a picture, or a frame of sound, lasts at most."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second with pictures and sound."""
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.mkv", audio="flac")


class Forks:
    """A process that begins recordings."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lock = threading.Lock()
        self._ask(None)

    def begin(self, folder: Path, clip: Path, progress: Path) -> int:
        """Begin one; the number of its process."""
        return int(self._ask(f"{folder}\t{clip}\t{progress}\n"))

    def _ask(self, line: str | None) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._lock:
            if line is not None:
                self._process.stdin.write(line)
                self._process.stdin.flush()
            return self._process.stdout.readline()


@contextmanager
def forking() -> Iterator[Forks]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.saved.forked"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    ) as process:
        try:
            yield Forks(process)
        finally:
            process.stdin.close()  # type: ignore[union-attr]
            process.wait(20)


def kill(number: int) -> None:
    """End a process as a power cut would, and wait until the system has taken its files back."""
    os.kill(number, signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(number), "the end of the process")


def last_times(folder: Path) -> tuple[float, float, float]:
    """Media times of the last picture, the last frame of sound, and the last prediction that can be read."""
    picture_s = sound_s = moment_s = 0.0
    with av.open(str(folder / "media.mkv")) as container:
        try:
            for frame in container.decode(*container.streams):
                if isinstance(frame, av.VideoFrame):
                    picture_s = frame.time
                else:
                    sound_s = frame.time + frame.samples / frame.sample_rate
        except av.FFmpegError:
            pass  # the last packet is torn
    journal = read_journal(folder / "journal.msgpack")
    times = 0
    for record in journal:
        value = from_record(record)
        if isinstance(value, SavedPrediction):
            moment_s = value.pts_s
        elif isinstance(value, PictureTimes):
            assert value.first == times
            times += len(value.times_s)
    assert journal.damaged == 0
    return picture_s, sound_s, moment_s


def check(folder: Path, recorded_s: float, predicted_s: float) -> None:
    """All is on the disk that had been recorded, and predicted, a second before the recording was killed."""
    about = SessionFolder.open(folder).read_about()
    assert not about.complete and about.until_s is None
    assert json.loads((folder / "session.json").read_text())["complete"] is False
    assert not SessionFolder(folder).in_use  # the lock has ended with its process
    if recorded_s > 0.3:
        picture_s, sound_s, moment_s = last_times(folder)
        assert picture_s > recorded_s - FRAME_S and sound_s > recorded_s - FRAME_S
        assert moment_s > predicted_s - 1e-6
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.timeout(300)
def test_killed_at_any_instant_it_is_there_up_to_a_second_before(tmp_path: Path, clip: Path) -> None:
    random_s = random.Random(5)
    left = threading.Semaphore(KILLS)
    failures: list[BaseException] = []
    reached: list[float] = []

    def work(forks: Forks, number: int) -> None:
        count = 0
        while left.acquire(blocking=False) and not failures:
            count += 1
            folder, progress = tmp_path / f"{number}-{count}", tmp_path / f"progress{number}-{count}"
            progress.write_bytes(bytes(PROGRESS.size))
            process = forks.begin(folder, clip, progress)
            until_s = random_s.uniform(0.0, 2.5)
            try:
                wait_until(lambda: folder.is_dir(), "the folder", 60.0)  # noqa: B023
                wait_until(lambda: PROGRESS.unpack(progress.read_bytes())[0] >= until_s, "the recording", 60.0)  # noqa: B023
                threading.Event().wait(random_s.uniform(0.0, 0.1))
            finally:
                kill(process)
            reached_s, recorded_s, predicted_s = PROGRESS.unpack(progress.read_bytes())
            reached.append(reached_s)
            try:
                if (folder / "session.json").exists():
                    check(folder, recorded_s, predicted_s)
                else:  # it had not begun
                    assert reached_s == 0.0
            except BaseException as failure:
                failures.append(failure)

    with forking() as forks:
        threads = [threading.Thread(target=work, args=(forks, number)) for number in range(AT_ONCE)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    if failures:
        raise failures[0]
    assert len(reached) == KILLS and max(reached) > 1.5


@pytest.mark.timeout(240)
def test_the_command_itself_may_be_killed(tmp_path: Path, clip: Path) -> None:
    for number in range(3):
        folder = tmp_path / str(number)
        devices = ["--camera", f"loop:{clip}", "--microphone", f"loop:{clip}"]
        command = ["live", *devices, "--ui", "terminal", "--asr", "none", "--record", str(folder)]
        with subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *command],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        ) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    recorded = re.search(r"\[REC 0:(\d\d)", line)
                    if recorded is not None and int(recorded[1]) >= 2 + number:
                        break
            finally:
                time_s = time.monotonic()
                process.kill()
            assert process.wait(20) == -signal.SIGKILL and time.monotonic() - time_s < 20
        check(folder, 1.0 + number, 0.0 + number)
