from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from demo.cli.analyze_progress import _line
from engine.analysis.analyzer import Task
from engine.analysis.results import RESULTS
from main import main
from tests.analysis.fakes import FakeAnalyzer, contents, summary_of, wait_until, write_recordings
from tests.signals import hearing_ctrl_c

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Runs ``attune analyze ... --out out``; gives its status and what it says on stderr."""
    analyzer = FakeAnalyzer(tmp_path / "log")
    monkeypatch.setattr("engine.analysis.analyzer.Analyzer", lambda *given, **named: analyzer)
    monkeypatch.delenv("ATTUNE_DEBUG", raising=False)

    def run(*arguments: str | Path) -> tuple[int, list[str]]:
        status = main(["analyze", *map(str, arguments), "--out", str(tmp_path / "out"), "--device", "cpu"])
        return status, capsys.readouterr().err.splitlines()

    return run


def test_one_recording(tmp_path: Path, command) -> None:  # type: ignore[no-untyped-def]
    talk = write_recordings(tmp_path, talk="noted") / "talk.mp4"
    status, said = command(talk)
    line = f"talk.mp4: 60.0 s, 7 words, happy 75%, sad 25% -> {tmp_path / 'out' / 'talk'} (6.0x real time)"
    assert (status, said) == (0, [line, "  note: it is short"])
    assert set(contents(tmp_path / "out")) == {f"talk/{name}" for name in RESULTS}
    assert FakeAnalyzer(tmp_path / "log").processes() == {str(os.getpid())}  # no other process for a single one


def test_a_folder_in_two_processes_and_again(tmp_path: Path, command) -> None:  # type: ignore[no-untyped-def]
    talks = write_recordings(tmp_path / "talks", a="one", b="two", c="three")
    (talks / "notes.txt").touch()
    status, said = command(talks, "--jobs", "2")
    assert status == 0 and said[0] == "3 recordings; 1 other file passed over"
    assert sorted(line[:6] for line in said[1:4]) == ["a.mp4:", "b.mp4:", "c.mp4:"]
    assert said[4].startswith("3 recordings of 3.0 min in ") and len(said) == 5
    write_recordings(talks, b="other")
    status, said = command(talks, "--jobs", "1", "--resume")
    assert status == 0 and said[1].startswith("b.mp4: ") and said[2].endswith(", 2 recordings done before")
    assert command(talks / "a.mp4", "--resume") == (0, ["1 recording done before"])


def test_recordings_that_fail(tmp_path: Path, command) -> None:  # type: ignore[no-untyped-def]
    talks = write_recordings(tmp_path / "talks", a="dies", b="raises", c="fine")
    status, said = command(talks, "--jobs", "1")
    assert status == 1
    assert said[0].startswith(f"error: {talks / 'a.mp4'}: its process ended with exit status 3. Run ")
    assert said[1].startswith(f"error: {talks / 'b.mp4'}: ValueError: that is a defect (fakes.py:")
    assert "--debug" in said[2] and said[3].startswith("c.mp4: ")
    assert said[-1] == "error: 2 of 3 recordings could not be analysed"


def test_mistakes(tmp_path: Path, command) -> None:  # type: ignore[no-untyped-def]
    empty = tmp_path / "empty"
    empty.mkdir()
    status, said = command(empty)
    assert status == 1 and said[0].startswith(f"error: there is no recording in {empty}: it is empty.")
    assert not (tmp_path / "out").exists()
    talks = write_recordings(tmp_path / "talks", a="no models", b="no models")
    assert command(talks, "--jobs", "2") == (1, ["error: the models are damaged"])
    assert command(talks, "--jobs", "0")[0] == 2
    assert "no Ray cluster at" in command(talks, "--ray", "127.0.0.1:1")[1][0]


def test_a_recording_with_nothing_in_it_is_not_called_too_short(tmp_path: Path) -> None:
    task = Task(path=tmp_path / "talk.mp4", folder=tmp_path)
    for moments, text in ((4, "nothing was seen or heard"), (0, "too short for a prediction")):
        found = summary_of("fine") | {"share_of_time": {"happy": 0.0}, "counts": {"words": 0, "moments": moments}}
        assert f"0 words, {text} ->" in _line(task, found)


def test_the_recording_itself_is_never_replaced(tmp_path: Path, command) -> None:  # type: ignore[no-untyped-def]
    recording = write_recordings(tmp_path / "out" / "predictions", predictions="fine") / "predictions.mp4"
    recording = recording.rename(recording.with_suffix(".csv"))
    status, said = command(recording)
    assert status == 1 and "is the recording itself: choose another place with --out" in said[0]
    assert recording.read_text() == "fine" and list(recording.parent.iterdir()) == [recording]


def test_the_traceback_of_another_process(tmp_path: Path, command, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("ATTUNE_DEBUG", "1")
    status, said = command(write_recordings(tmp_path / "talks", a="raises", b="fine"), "--jobs", "1")
    assert status == 1 and "Traceback (most recent call last):" in said


@pytest.mark.parametrize(("cores", "threads"), [(2, False), (3, False), (4, True)])
def test_threads_where_cores_would_be_idle(
    cores: int, threads: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def make(config: object, threads: bool, places: object = None) -> FakeAnalyzer:
        asked.append(threads)
        return FakeAnalyzer(tmp_path / "log")

    monkeypatch.setattr("engine.analysis.analyzer.Analyzer", make)
    monkeypatch.setattr("engine.machine.usable_cores", lambda: cores)
    talks = write_recordings(tmp_path / "talks", a="one", b="two")
    assert main(["analyze", str(talks), "--out", str(tmp_path / "out"), "--jobs", "2", "--device", "cpu"]) == 0
    assert asked == [threads]


@pytest.mark.parametrize("several", [False, True])
def test_ctrl_c_ends_everything(several: bool, tmp_path: Path) -> None:
    talks, log = write_recordings(tmp_path / "talks", a="hangs", **({"b": "b", "c": "c"} if several else {})), "log"
    arguments = [str(talks), "--out", str(tmp_path / "out"), "--jobs", "2", "--device", "cpu"]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.analysis.drive", str(tmp_path / log), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hearing_ctrl_c,
    ) as process:
        wait_until((tmp_path / log / "hangs").exists)
        if several:
            wait_until(lambda: len(list((tmp_path / "out").rglob("summary.json"))) == 2)
        children = psutil.Process(process.pid).children(recursive=True)
        assert bool(children) == several
        for one in [process.pid, *(child.pid for child in children)]:  # a terminal tells them all
            os.kill(one, signal.SIGINT)
        shown, said = process.communicate(timeout=60)
        assert not psutil.wait_procs(children, timeout=60)[1]
    state = "stopped: 2 of 3 recordings are done. The same command with --resume goes on" if several else "stopped"
    assert (process.returncode, shown, said.splitlines()[-1]) == (130, "", state)
    assert set(contents(tmp_path / "out")) == {f"{name}/{file}" for name in "bc" for file in RESULTS if several}
