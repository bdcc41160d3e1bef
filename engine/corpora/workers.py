"""Work in several processes that never outlive the one that began it.

Each worker has a pipe of its own and one task at a time. So it is known which task ended a process, and nothing waits
behind a slow task. A worker ends when its pipe does, and a thread in it ends it at once when the process that began it
is gone, even if it was killed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from engine.closing import Closing
from engine.errors import AttuneError
from engine.runtime.processes import end_process, stay_with_parent, without_interrupts

T = TypeVar("T")
R = TypeVar("R")

_END_S = 5.0
"""How long a worker may take to end before it is made to."""


@dataclass(frozen=True, slots=True)
class Died:
    """What comes in place of a result when a task ended its process, twice: the exit status."""

    status: int | None


@dataclass(frozen=True, slots=True)
class _Raised:
    """What went wrong in a worker: an error meant for the user, or the traceback of one that nobody expected."""

    error: AttuneError | None
    trace: str


@dataclass(frozen=True, slots=True)
class _Ready:
    """What a worker says first."""


class _Worker(Generic[T]):
    """One process with the task that it works on."""

    def __init__(self, make: Callable[[], Callable[[T], Any]]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, make), daemon=True, name="attune-extraction")
        with without_interrupts():
            self.process.start()
        theirs.close()
        self.task: T | None = None
        self.ready = False
        self.deaths = 0

    def give(self, task: T) -> None:
        self.task = task
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # where it has died, reading will tell
            self.connection.send(task)

    def close(self, bounded_s: float) -> None:
        self.connection.close()
        end_process(self.process, bounded_s)


class Workers(Generic[T, R], Closing):
    """Processes that do tasks.

    Parameters
    ----------
    make : is called once in each process and gives what does a task; it, the tasks and the results are pickled.
    jobs : how many processes; 0 does the work in this one.
    """

    def __init__(self, make: Callable[[], Callable[[T], R]], jobs: int) -> None:
        if jobs < 0:
            raise ValueError(f"jobs must be 0 or more, got {jobs}")
        self._make = make
        self._jobs = jobs
        self._workers: list[_Worker[T]] = []
        self._finished = False

    def close(self) -> None:
        """End all processes, at once where they are at work."""
        bounded_s = _END_S if self._finished else 0.0
        workers, self._workers = self._workers, []
        for one in workers:
            one.connection.close()  # all of them first, so that they end side by side
        for one in workers:
            one.close(bounded_s)

    def run(self, tasks: Iterable[T]) -> Iterator[tuple[T, R | Died]]:
        """Do tasks; their results come as they are ready.

        Raises
        ------
        AttuneError
            When a task raised one.
        RuntimeError
            When a task raised another error; it holds the traceback.
        """
        if self._jobs == 0:
            work = self._make()
            for task in tasks:
                yield task, work(task)
            return
        waiting = iter(tasks)
        for _, task in zip(range(self._jobs), waiting, strict=False):
            self._begin(task)
        while self._workers:
            ready = wait([one.connection for one in self._workers])
            for worker in [one for one in self._workers if one.connection in ready]:
                answer = self._answer(worker)
                if answer is None:
                    continue
                done = worker.task
                following = next(waiting, None)
                if isinstance(answer, Died):
                    self._drop(worker)
                    if following is not None:
                        self._begin(following)
                elif following is None:
                    self._drop(worker)
                else:
                    worker.give(following)
                yield done, answer  # type: ignore[misc]
        self._finished = True

    def _begin(self, task: T, deaths: int = 0) -> None:
        worker = _Worker(self._make)
        self._workers.append(worker)
        worker.deaths = deaths
        worker.give(task)

    def _drop(self, worker: _Worker[T]) -> None:
        self._workers.remove(worker)
        worker.close(_END_S)

    def _answer(self, worker: _Worker[T]) -> R | Died | None:
        """The result of a worker, or None where its process died over the task for the first time."""
        try:
            answer = worker.connection.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join(_END_S)
            if not worker.ready:
                raise RuntimeError(
                    f"a worker process could not start (exit status {worker.process.exitcode})"
                ) from None
            if worker.deaths:
                return Died(worker.process.exitcode)
            task = worker.task
            self._drop(worker)
            self._begin(task, deaths=1)  # type: ignore[arg-type]
            return None
        if isinstance(answer, _Ready):
            worker.ready = True
            return None
        worker.deaths = 0
        if isinstance(answer, _Raised):
            if answer.error is not None:
                raise answer.error
            raise RuntimeError(f"a worker process failed:\n{answer.trace}")
        result: R = answer
        return result


def _serve(connection: Connection, make: Callable[[], Callable[[Any], Any]]) -> None:
    """Do tasks until the pipe ends."""
    stay_with_parent()
    work = None
    answer: object = _Ready()
    while True:
        try:
            connection.send(answer)
            task = connection.recv()
        except (EOFError, OSError):
            return
        try:
            work = work or make()
            answer = work(task)
        except AttuneError as error:
            answer = _Raised(error, "")
        except Exception:
            answer = _Raised(None, traceback.format_exc())
