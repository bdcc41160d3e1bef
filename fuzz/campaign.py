"""Many cases of one target, several at a time; what fails is kept."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.formats import Files
from fuzz.isolate import Verdict, begin, end
from fuzz.target import Target, write_files

Case = tuple[str, Files]
"""Name of a case, and its files."""

_PER_PLACE = 3
"""Cases that are kept of those that fail in one place."""


@dataclass(slots=True)
class Score:
    """What came of the cases: how many of each outcome, those that failed, by place, and the most memory taken."""

    outcomes: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[str]] = field(default_factory=dict)
    peak_bytes: int = 0
    seconds: float = 0.0

    @property
    def cases(self) -> int:
        """How many there were."""
        return self.outcomes.total()

    def line(self, name: str) -> str:
        """In one line."""
        parts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        return f"{name}: {self.cases} cases in {self.seconds:.0f} s: {parts}; most memory {self.peak_bytes >> 20} MiB"


def seeded(target: Target, seed: int, first: int = 0) -> Iterator[Case]:
    """The cases of a seed, without end."""
    number = first
    while True:
        yield f"{seed}-{number}", target.case(seed, number)[1]
        number += 1


def play(
    target: Target,
    cases: Iterable[Case],
    *,
    jobs: int = 1,
    seconds: float | None = None,
    keep: Path | None = None,
    tell: Callable[[str, Verdict], None] = lambda name, verdict: None,
) -> Score:
    """Run cases, each in a process of its own.

    Parameters
    ----------
    target : what they are of.
    cases : their names and files.
    jobs : how many at a time.
    seconds : how long to begin new ones; None for all of them.
    keep : folder for the files of those that fail, and what is known of the failure.
    tell : is told of each that fails.
    """
    target.prepare()
    score, began_s = Score(), time.monotonic()
    running: dict[int, tuple[str, Path]] = {}
    waiting = iter(cases)
    with _scratch() as scratch:
        while True:
            in_time = seconds is None or time.monotonic() - began_s < seconds
            one = next(waiting, None) if in_time and len(running) < jobs else None
            if one is not None:
                place = scratch / one[0]
                (place / "files").mkdir(parents=True)
                write_files(place / "files", one[1])
                running[begin(target, place / "files", place / "results")] = one[0], place
                continue
            if not running:
                break
            pid, status = os.wait()
            name, place = running.pop(pid)
            _count(score, target, name, end(target, status, place / "results"), place / "files", keep, tell)
            shutil.rmtree(place, ignore_errors=True)
    score.seconds = time.monotonic() - began_s
    return score


def _count(
    score: Score,
    target: Target,
    name: str,
    verdict: Verdict,
    files: Path,
    keep: Path | None,
    tell: Callable[[str, Verdict], None],
) -> None:
    score.outcomes[verdict.outcome] += 1
    score.peak_bytes = max(score.peak_bytes, verdict.peak_bytes)
    if not verdict.finding:
        return
    place = f"{verdict.outcome} {verdict.where}"
    known = score.findings.setdefault(place, [])
    known.append(name)
    if len(known) > _PER_PLACE:
        return
    tell(name, verdict)
    if keep is not None:
        kept = keep / target.name / name
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(files, kept / "files")
        about = {"outcome": verdict.outcome, "message": verdict.message, "where": verdict.where}
        (kept / "about.json").write_text(json.dumps(about, indent=1) + "\n")
        (kept / "trace.txt").write_text(verdict.trace)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for the cases, in memory where the system has such."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="attune-fuzz-", dir=memory if os.access(memory, os.W_OK) else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
