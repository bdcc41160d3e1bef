from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import OutputError
from engine.output.jsonl import JsonLines
from engine.output.outputs import Outputs
from tests.disks import small_disk
from tests.output.messages import publish, valid
from tests.sources.device_fakes import wait_until

posix = pytest.mark.skipif(os.name != "posix", reason="pipes and mounts of POSIX")


def lines(path: Path) -> list[dict]:
    return [valid(line) for line in path.read_text("utf-8").splitlines()]


def test_each_message_is_a_line_at_once(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    with Outputs([JsonLines(path)]) as outputs:
        publish(outputs, count=3)
        wait_until(lambda: len(path.read_bytes().splitlines()) == 3)
        publish(outputs, count=2, start=3)
    assert [one["part"] for one in lines(path)] == ["0", "1", "2", "3", "4"]
    assert [one["number"] for one in lines(path)] == [1, 2, 3, 4, 5]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    outputs.close()  # again


@posix
def test_an_empty_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    path.touch()
    path.chmod(0o644)
    JsonLines(path).close(1.0)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
def test_a_file_that_is_still_written_to_is_not_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number would be that of the next file that is opened, a recording for instance."""
    answers, real = threading.Event(), os.write

    def write(file: int, data: memoryview) -> int:
        if threading.current_thread().name == "attune-jsonl":
            answers.wait(30)  # as a network drive that has gone
        return real(file, data)

    monkeypatch.setattr(os, "write", write)
    output = JsonLines(tmp_path / "talk.jsonl")
    publish(Outputs([output]), count=1)
    output.close(0.05)
    other = os.open(tmp_path / "other", os.O_CREAT | os.O_WRONLY, 0o600)
    answers.set()
    output.close(5.0)
    os.close(other)
    assert len(lines(tmp_path / "talk.jsonl")) == 1 and not (tmp_path / "other").read_bytes()


def test_what_is_published_after_the_end_is_nothing(tmp_path: Path) -> None:
    with Outputs([JsonLines(tmp_path / "a")]) as outputs:
        pass
    publish(outputs, count=2)
    assert not (tmp_path / "a").read_bytes() and not outputs.problems


def test_a_place_that_cannot_be_written_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "full").write_text("mine")
    with pytest.raises(OutputError, match="holds something already"):
        JsonLines(tmp_path / "full")
    assert (tmp_path / "full").read_text() == "mine"
    with pytest.raises(OutputError, match="is a folder"):
        JsonLines(tmp_path)
    with pytest.raises(OutputError, match="cannot write"):
        JsonLines(tmp_path / "nowhere" / "talk.jsonl")


@posix
def test_a_named_pipe_needs_its_reader_first(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="nobody reads"):
        JsonLines(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with Outputs([JsonLines(tmp_path / "pipe")]) as outputs:
        publish(outputs, count=1)
    os.set_blocking(reader, True)
    with open(reader, encoding="utf-8") as file:
        assert valid(file.readline())["number"] == 1


@contextlib.contextmanager
def pipe_as_output(tmp_path: Path) -> Iterator[tuple[int, JsonLines]]:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    output = JsonLines(tmp_path / "pipe", room=50)
    try:
        yield reader, output
    finally:
        output.close(0.1)
        with contextlib.suppress(OSError):
            os.close(reader)


@posix
def test_a_reader_that_goes_is_a_problem_and_no_more(tmp_path: Path) -> None:
    with pipe_as_output(tmp_path) as (reader, output), Outputs([output]) as outputs:
        publish(outputs, count=1)
        os.close(reader)
        publish(outputs, count=1, start=1)
        wait_until(lambda: bool(outputs.problems))
        assert "has ended" in outputs.problems[0]
        publish(outputs, count=100)


@posix
def test_a_reader_that_does_not_read_loses_the_oldest_and_is_told(tmp_path: Path) -> None:
    with pipe_as_output(tmp_path) as (reader, output):
        outputs = Outputs([output])
        tracemalloc.start()
        publish(outputs, count=2000, size=1000)  # the pipe takes 64 kB, 50 more may wait
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert held < 1_000_000
        os.set_blocking(reader, True)
        with open(os.dup(reader), encoding="utf-8") as file:
            threading.Thread(target=output.close, args=(20.0,)).start()
            got = [valid(line) for line in file]
        told = [one for one in got if one["type"] == "lost"]
        rest = [one for one in got if one["type"] == "fault"]
        assert told
        assert len(rest) + sum(one["count"] for one in told) == 2000
        assert [one["part"] for one in rest[-50:]] == [str(k) for k in range(1950, 2000)]
        assert not outputs.problems


@posix
def test_closing_does_not_wait_for_a_reader_that_does_not_read(tmp_path: Path) -> None:
    with pipe_as_output(tmp_path) as (_, output):
        publish(Outputs([output]), count=300, size=4000)
        output.close(0.05)  # the check for threads that stay says the rest


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_a_full_device_is_a_problem() -> None:
    with Outputs([JsonLines(Path("/dev/full"))]) as outputs:
        publish(outputs, count=1)
        wait_until(lambda: bool(outputs.problems))
        assert "No space left" in outputs.problems[0]


@posix
def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "64k") as place:
        with Outputs([JsonLines(place / "talk.jsonl")]) as outputs:
            publish(outputs, count=200, size=1000)
            wait_until(lambda: bool(outputs.problems))
        got = lines(place / "talk.jsonl")
        assert 30 < len(got) < 65
        assert [one["part"] for one in got] == [str(k) for k in range(len(got))]
        assert "No space left" in outputs.problems[0]


@posix
def test_the_standard_output_may_be_a_pipe_that_closes() -> None:
    program = (
        "from engine.output.jsonl import JsonLines\n"
        "from engine.output.outputs import Outputs\n"
        "from tests.output.messages import publish\n"
        "from tests.sources.device_fakes import wait_until\n"
        "with Outputs([JsonLines(None)]) as outputs:\n"
        "    publish(outputs, count=1)\n"
        "    wait_until(lambda: publish(outputs, count=5) or bool(outputs.problems))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        assert valid(process.stdout.readline().decode())["number"] == 1
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0
