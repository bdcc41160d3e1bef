"""Jobs done by several processes of this machine."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Generic

from engine.pools.events import Event, Execute, Failed, Finished, J, N, R, Started, Told
from engine.pools.worker import Done, Failure, News, serve
from engine.runtime.processes import end_process, without_interrupts

AGAIN = "Run the same command again to try once more"
"""What a user can do about a job that died."""

_TURN_S = 1.0
"""How long to wait at a time: on Windows Ctrl-C is noticed only between two waits."""

_END_S = 5.0
"""How long a process may take to end before it is made to."""


class LocalPool(Generic[J, N, R]):
    """Worker processes, each with one device and one job at a time.

    A worker that dies takes one job with it; the others go on, and another worker takes its place.

    Parameters
    ----------
    execute : does a job; is pickled, once for each worker.
    devices : the device of each worker.
    again : what a user can do about a job that died.
    """

    def __init__(self, execute: Execute[J, N, R], devices: Sequence[str], again: str = AGAIN) -> None:
        self._execute = execute
        self._devices = tuple(devices)
        self._again = again

    @property
    def parallel(self) -> int:
        """Number of workers."""
        return len(self._devices)

    def run(self, jobs: Iterable[J]) -> Generator[Event[J, N, R], None, None]:
        """Do jobs; closing the iterator ends all workers at once."""
        waiting = iter(jobs)
        workers: list[_Worker[J, N, R]] = []
        try:
            for device, job in zip(self._devices, waiting, strict=False):
                workers.append(_Worker(self._execute, device))
                yield workers[-1].begin(job)
            while workers:
                ready = wait([one.connection for one in workers], _TURN_S)
                for worker in [one for one in workers if one.connection in ready]:
                    event = self._event(worker.job, worker.answer())
                    yield event
                    if isinstance(event, Told):
                        continue
                    following = next(waiting, None)
                    if following is None or worker.dead:
                        workers.remove(worker)
                        worker.close(_END_S)
                    if following is not None:
                        if worker.dead:
                            worker = _Worker(self._execute, worker.device)
                            workers.append(worker)
                        yield worker.begin(following)
        finally:
            for worker in workers:
                worker.process.terminate()
            for worker in workers:
                worker.close(_END_S)

    def _event(self, job: J, answer: News[N] | Done[R] | Failure | _Death) -> Event[J, N, R]:
        if isinstance(answer, News):
            return Told(job, answer.value)
        if isinstance(answer, Done):
            return Finished(job, answer.result)
        if isinstance(answer, _Death):
            return Failed(job, _why_it_died(answer.status, self._again))
        return Failed(job, answer.message, answer.fatal, answer.trace)


class _Death:
    """A process ended in the middle of its job, with an exit status."""

    def __init__(self, status: int | None) -> None:
        self.status = status


class _Worker(Generic[J, N, R]):
    """One process and the job that it works on."""

    job: J

    def __init__(self, execute: Execute[J, N, R], device: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.device = device
        self.dead = False
        self.connection, theirs = context.Pipe()
        self.process = context.Process(
            target=serve, args=(theirs, execute, device), daemon=True, name=f"attune-worker-{device}"
        )
        with without_interrupts():
            self.process.start()
        theirs.close()

    def begin(self, job: J) -> Started[J]:
        """Give it a job."""
        self.job = job
        with suppress(OSError):  # it may just have died, which its answer will tell
            self.connection.send(job)
        return Started(job, self.device)

    def answer(self) -> News[N] | Done[R] | Failure | _Death:
        """What it says next."""
        try:
            said: News[N] | Done[R] | Failure = self.connection.recv()
        except (EOFError, OSError):
            self.dead = True
            self.process.join(_END_S)
            return _Death(self.process.exitcode)
        return said

    def close(self, bounded_s: float) -> None:
        """End it: in peace where it is idle, by force where it does not end in time."""
        self.connection.close()
        end_process(self.process, bounded_s)
        if not self.process.is_alive():
            self.process.close()


def _why_it_died(status: int | None, again: str) -> str:
    """What to say of a process that ended in the middle of a job.

    Examples
    --------
    >>> _why_it_died(-11, AGAIN)
    'its process was ended by SIGSEGV. Run the same command again to try once more'
    """
    if status is None or status >= 0:
        return f"its process ended with exit status {status}. {again}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    if name == "SIGKILL":
        return f"its process was killed, as the system does when memory runs out. {again}, with fewer --jobs"
    return f"its process was ended by {name}. {again}"
