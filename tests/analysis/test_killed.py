"""Kill -9, full and vanished disks, and two at once: results are there whole, or not at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.analysis.results import RESULTS
from tests.analysis.fakes import contents, write_recordings
from tests.analysis.killed import ROOT, kill_often, recordings
from tests.disks import small_disk
from tests.sources.cut import first_seconds


def drive(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """``attune analyze`` on fakes."""
    command = [sys.executable, "-m", "tests.analysis.drive", str(folder / "log"), *map(str, arguments)]
    return subprocess.run([*command, "--device", "cpu"], cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="this system cannot kill so")
def test_kills_at_random_instants_lose_and_change_nothing(tmp_path: Path) -> None:
    seen = kill_often(recordings(tmp_path, real=False), tmp_path, kills=8, seed=0)
    assert len(seen) == 8


def test_two_at_once_in_one_folder_write_the_same(tmp_path: Path) -> None:
    talks = write_recordings(tmp_path / "talks", **{f"t{number}": f"text {number}" for number in range(8)})
    drive(tmp_path, talks, "--out", tmp_path / "alone", "--jobs", "1")
    done: list[subprocess.CompletedProcess[str]] = []
    both = [
        threading.Thread(target=lambda: done.append(drive(tmp_path, talks, "--out", tmp_path / "out", "--jobs", "1")))
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=90)
    assert [one.returncode for one in done] == [0, 0], [one.stderr for one in done]
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


def test_a_full_disk_is_said_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    talks = write_recordings(tmp_path / "talks", a="one", b="b" * 300_000)
    with small_disk(tmp_path / "disk", "1m") as disk:
        (disk / "filler").write_bytes(bytes((1 << 20) - 200_000))
        done = drive(tmp_path, talks, "--out", disk / "out", "--jobs", "1")
        assert done.returncode == 1 and "No space left on device" in done.stderr and "Traceback" not in done.stderr
        found = contents(disk / "out")
        assert {name for name in found if name.startswith("a/")} == {f"a/{name}" for name in RESULTS}
        assert set(found) == {f"a/{name}" for name in RESULTS}
        assert [one.name for one in (disk / "out").iterdir()] == ["a"]  # no empty folder for the other one
        (disk / "filler").unlink()


def test_a_disk_that_may_only_be_read_is_said(tmp_path: Path) -> None:
    talks = write_recordings(tmp_path / "talks", a="one")
    with small_disk(tmp_path / "disk", "1m", read_only=True) as disk:
        done = drive(tmp_path, talks, "--out", disk / "out")
        assert done.returncode == 1 and "Read-only file system" in done.stderr and "Traceback" not in done.stderr


def test_a_folder_that_is_deleted_meanwhile_is_made_again(tmp_path: Path) -> None:
    talks = write_recordings(tmp_path / "talks", a="hangs", b="b", c="c")
    out = tmp_path / "out"
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.analysis.drive", str(tmp_path / "log"), str(talks), "--out", str(out)),
            *("--jobs", "1", "--device", "cpu"),
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        from tests.analysis.fakes import wait_until

        wait_until((tmp_path / "log" / "hangs").exists)
        shutil.rmtree(out)
        (tmp_path / "log" / "go on").touch()
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 0, said
    assert len(list(out.rglob("summary.json"))) == 3


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform == "win32", reason="names the signal of other systems")
def test_a_codec_that_crashes_costs_one_recording(tmp_path: Path) -> None:
    clip = first_seconds(ROOT / "assets" / "sample.mp4", 1.2, tmp_path / "clip.mp4")
    talks, out = tmp_path / "talks", tmp_path / "out"
    talks.mkdir()
    for name in ("a", "crashes", "d"):
        shutil.copy(clip, talks / f"{name}.mp4")
    crashing = [sys.executable, "-m", "tests.analysis.crashing"]
    quick = ["--device", "cpu", "--asr", "none", "--step", "1"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*crashing, *arguments, *quick], cwd=ROOT, capture_output=True, text=True, timeout=250)

    done = run(str(talks), "--out", str(out), "--jobs", "1")
    assert done.returncode == 1 and "its process was ended by SIGSEGV" in done.stderr, done.stderr
    assert "crashes.mp4" in done.stderr and "1 of 3 recordings could not be analysed" in done.stderr
    assert sorted(contents(out)) == sorted(f"{name}/{file}" for name in "ad" for file in RESULTS)
    before = contents(out)
    alone = run(str(talks / "crashes.mp4"), "--out", str(out / "a" / ".."))
    assert alone.returncode == -11  # it is its own process that ends, with nothing lost of what is on the disk
    assert contents(out) == before
