"""Many recordings: in this process, in several, or on a cluster. Only this process writes the results."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from engine.analysis.analyzer import Analyzer, Files, Share, Task
from engine.analysis.places import Recording
from engine.analysis.results import SUMMARY, read_origin, require_other_place, write_results
from engine.device import choose_device
from engine.errors import AttuneError, DataError, OutputError
from engine.machine import usable_cores
from engine.pools.devices import choose_devices, room
from engine.pools.events import Finished, Pool, Started, Told
from engine.pools.worker import Failure, attempt

AGAIN = "Run the same command with --resume to try it once more"

WORKER_BYTES = 700_000_000
"""Memory that a process on the processor takes: 0.50 GB after two dozen recordings, and some room for long ones."""

GPU_WORKER_BYTES = 3_000_000_000
"""The same for a process that works on a GPU: PyTorch and the driver take most of it."""

SHARING = 4
"""Processes that share a GPU unless told otherwise: each has its own copy of the networks there."""

TaskPool: TypeAlias = Pool[Task, Share, Files]


class Listener(Protocol):
    """Is told how it goes, in the thread that runs it."""

    def started(self, task: Task, place: str) -> None:
        """A recording has begun; the models may have to be loaded first."""

    def progress(self, task: Task, share: Share) -> None:
        """So much of a recording is done."""

    def finished(self, task: Task, summary: Mapping[str, Any]) -> None:
        """A recording is done, and its results are written."""

    def unchanged(self, task: Task) -> None:
        """The results of a recording were there, and are still right."""

    def failed(self, task: Task, message: str, trace: str) -> None:
        """A recording could not be analysed; ``trace`` is the traceback of an error that nobody expected."""


@dataclass(slots=True)
class Outcome:
    """How many recordings were done now, how many before, and why the others failed, by their paths.

    Of those done, ``partly`` are without something that failed for good on the way.
    """

    done: int = 0
    before: int = 0
    partly: int = 0
    failed: dict[Path, str] = field(default_factory=dict)


def tasks_of(recordings: Sequence[Recording], *, resume: bool, anywhere: bool = False) -> list[Task]:
    """What is to be done.

    Parameters
    ----------
    recordings : each with the folder of its results.
    resume : whether results that are there may stay.
    anywhere : whether the tasks may go to other machines, where relative paths mean nothing.

    Raises
    ------
    OutputError
        When the results of a recording would take its own place.
    """
    for one in recordings:
        require_other_place(one.folder, one.path)
    return [
        Task(
            path=one.path.absolute() if anywhere else one.path,
            folder=one.folder,
            origin=read_origin(one.folder) if resume else None,
        )
        for one in recordings
    ]


def worker_devices(wanted: str, jobs: int | None, count: int) -> tuple[str, ...]:
    """The device of each process that analyses: as many as is best, unless ``jobs`` says how many.

    That is one for each core, since each works in one thread; but no more than there are recordings (``count``),
    than fit into the memory that is free, and than a GPU should be shared by.

    Raises
    ------
    DataError
        When there is no such device.
    """
    device = choose_device(wanted)
    spread = choose_devices(wanted, None) if device.kind == "cuda" else (str(device),)
    if device.kind == "cpu":
        most = min(usable_cores(), room(WORKER_BYTES))
    else:
        most = min(usable_cores(), room(GPU_WORKER_BYTES), SHARING * len(spread))
    number = max(1, min(count, jobs or most))
    return tuple(spread[index % len(spread)] for index in range(number))


def in_order(tasks: Sequence[Task]) -> list[Task]:
    """Largest file first, so that no long recording is left for one process at the end, while the others have none."""
    return sorted(tasks, key=lambda one: -_size(one.path))


def run_here(tasks: Sequence[Task], analyzer: Analyzer, device: str, listener: Listener) -> Outcome:
    """Analyse recordings in this process.

    Raises
    ------
    AttuneError
        When the models cannot be loaded.
    """
    outcome = Outcome()
    for task in tasks:
        listener.started(task, device)
        answer = attempt(analyzer, task.on(device), _teller(listener, task))
        if isinstance(answer, Failure):
            _failed(task, answer.message, answer.fatal, answer.trace, outcome, listener)
        else:
            _finished(task, answer, outcome, listener)
    return outcome


def run_pool(tasks: Sequence[Task], pool: TaskPool, listener: Listener) -> Outcome:
    """Analyse recordings in a pool, which ends when this is interrupted.

    Raises
    ------
    AttuneError
        When the models cannot be loaded, or a machine of a cluster does not see the recordings.
    """
    outcome = Outcome()
    with closing(pool.run(tasks)) as events:
        for event in events:
            if isinstance(event, Started):
                listener.started(event.job, event.place)
            elif isinstance(event, Told):
                listener.progress(event.job, event.news)
            elif isinstance(event, Finished):
                _finished(event.job, event.result, outcome, listener)
            else:
                _failed(event.job, event.message, event.fatal, event.trace, outcome, listener)
    return outcome


def _teller(listener: Listener, task: Task) -> Callable[[Share], None]:
    return lambda share: listener.progress(task, share)


def _finished(task: Task, files: Files, outcome: Outcome, listener: Listener) -> None:
    if files is None:
        outcome.before += 1
        listener.unchanged(task)
        return
    try:
        write_results(files, task.folder)
    except OutputError as error:
        _failed(task, str(error), None, "", outcome, listener)
        return
    outcome.done += 1
    summary = json.loads(files[SUMMARY])
    outcome.partly += any(one["lasting"] for one in summary.get("faults", ()))
    listener.finished(task, summary)


def _failed(
    task: Task, message: str, fatal: AttuneError | None, trace: str, outcome: Outcome, listener: Listener
) -> None:
    gone = isinstance(fatal, DataError) and not task.path.exists()  # a recording that no machine sees is its own loss
    if fatal is not None and not gone:
        raise fatal
    outcome.failed[task.path] = message
    listener.failed(task, message, trace)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
