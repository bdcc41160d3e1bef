"""The fuzzer's samples, everything that ever failed, and a few new cases of every kind of file.

``ATTUNE_FUZZ_CASES`` sets how many; ``python -m fuzz`` runs for as long as wanted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="each case is a process that this system cannot fork"),
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not say what memory is in use"),
    pytest.mark.timeout(600),
]


def fuzz(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "fuzz", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=590)


def test_samples_are_taken_and_what_failed_once_fails_no_more() -> None:
    done = fuzz("all", "--replay")
    assert done.returncode == 0, done.stdout + done.stderr
    told = {line.partition(":")[0].partition(",")[0] for line in done.stdout.splitlines()}
    assert told == {line.partition(":")[0] for line in fuzz("--list").stdout.splitlines()}


def test_new_cases_of_every_kind() -> None:
    done = fuzz("all", "--cases", os.environ.get("ATTUNE_FUZZ_CASES", "20"), "--seed", "0", "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_crash_a_hang_and_too_much_memory_cost_one_case(tmp_path: Path) -> None:
    program = """
import ctypes, sys
from pathlib import Path
from fuzz.campaign import play
from fuzz.target import Target

def behave(folder):
    mood = (folder / "mood").read_text()
    if mood == "crash":
        ctypes.string_at(0)
    while mood == "hang":
        pass
    if mood == "memory":
        b"x" * (300 << 20)
    if mood == "huge":
        bytearray(1 << 40)
    if mood == "raise":
        raise KeyError("no")

moods = ("fine", "crash", "hang", "memory", "huge", "raise", "fine")
cases = [(f"{number}", {"mood": mood.encode()}) for number, mood in enumerate(moods)]
score = play(Target(name="moods", run=behave, room_bytes=100 << 20, cpu_s=1), cases, keep=Path(sys.argv[1]))
print(sorted(score.outcomes.items()))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    expected = [("crash", 1), ("fine", 2), ("hang", 1), ("memory", 2), ("unexpected", 1)]
    assert done.stdout.strip() == str(expected), done.stdout + done.stderr
    assert sorted(one.name for one in (tmp_path / "moods").iterdir()) == ["1", "2", "3", "4", "5"]
    assert "Segmentation fault" in (tmp_path / "moods" / "1" / "trace.txt").read_text()


def test_a_seed_gives_the_same_cases_again() -> None:
    from fuzz.targets import TARGETS

    for name in ("annotations", "media", "manifests"):
        target = TARGETS[name]
        assert [target.case(7, number) for number in range(5)] == [target.case(7, number) for number in range(5)]
        assert target.case(7, 0) != target.case(8, 0)
