"""Recordings that are analysed at once, in any process."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.analysis.analyzer import Files, Share, Task
from engine.analysis.results import RESULTS, SUMMARY
from engine.errors import CheckpointError, SourceError
from engine.pools.worker import Hopeless


@dataclass(frozen=True)
class FakeAnalyzer:
    """Its results follow from the content of the file; files that hold the name of a mood have that mood.

    Moods: "dies", "killed", "raises", "damaged", "no models", "hangs" (until it is ended, or until there is
    the file "go on" in ``log``).
    Leaves a file in ``log`` for every recording.
    """

    log: Path

    def __call__(self, task: Task, tell: Callable[[Share], None]) -> Files:
        text = task.path.read_text()
        if task.origin == origin_of(text):
            return None
        self.log.mkdir(exist_ok=True)
        (self.log / f"{task.path.stem}-{os.getpid()}").touch()
        tell(0.0)
        _behave(text, self.log)
        tell(0.5)
        files = {name: f"{name}: {text}".encode() for name in RESULTS}
        return files | {SUMMARY: json.dumps(summary_of(text)).encode()}

    def close(self) -> None:
        """It holds nothing."""

    def processes(self) -> set[str]:
        """Ids of the processes that have done something."""
        return {path.name.rpartition("-")[2] for path in self.log.iterdir() if "-" in path.name}


def _behave(mood: str, log: Path) -> None:
    if mood == "dies":
        os._exit(3)
    if mood == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if mood == "raises":
        raise ValueError("that is a defect")
    if mood == "damaged":
        raise SourceError("it is damaged: copy it again")
    if mood == "no models":
        raise Hopeless(CheckpointError("the models are damaged"))
    if mood == "hangs":
        (log / "hangs").touch()
        clock = threading.Event()
        for _ in range(10_000):
            if (log / "go on").exists():
                return
            clock.wait(0.01)


def origin_of(text: str) -> dict[str, Any]:
    return {"attune": "1", "content_sha256": text, "settings": {}, "models": {}, "versions": {}}


def summary_of(text: str) -> dict[str, Any]:
    return origin_of(text) | {
        "recording": {"notes": ["it is short"] if text == "noted" else []},
        "durations": {"recording_s": 60.0, "analysis_s": 10.0},
        "share_of_time": {"happy": 0.75, "sad": 0.25, "fear": 0.0},
        "counts": {"words": 7},
    }


@dataclass
class Heard:
    """Keeps what it is told."""

    begun: list[str] = field(default_factory=list)
    shares: list[tuple[str, Share]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    traces: dict[str, str] = field(default_factory=dict)

    def started(self, task: Task, place: str) -> None:
        self.begun.append(task.name)

    def progress(self, task: Task, share: Share) -> None:
        self.shares.append((task.name, share))

    def finished(self, task: Task, summary: Mapping[str, Any]) -> None:
        self.done.append(task.name)

    def unchanged(self, task: Task) -> None:
        self.kept.append(task.name)

    def failed(self, task: Task, message: str, trace: str) -> None:
        self.failures[task.name] = message
        self.traces[task.name] = trace


def write_recordings(folder: Path, **texts: str) -> Path:
    """A folder with NAME.mp4 of each name; a text is its content."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.mp4").write_text(text)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def wait_until(condition: Callable[[], object], timeout_s: float = 60.0) -> None:
    """Wait for something that happens in another process."""
    end, clock = time.monotonic() + timeout_s, threading.Event()
    while not condition():
        assert time.monotonic() < end, "waited too long"
        clock.wait(0.01)
