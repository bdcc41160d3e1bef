"""What is told of the jobs that are done, and what a user is told of an experiment."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from engine.errors import AttuneError
from engine.experiment.jobs import Job, RunResult
from engine.experiment.record import RunRecord
from engine.metrics import Epoch


@dataclass(frozen=True, slots=True)
class Started:
    """A job has begun. ``place`` names the device or machine."""

    job: Job
    place: str


@dataclass(frozen=True, slots=True)
class EpochDone:
    """A job has trained one more epoch."""

    job: Job
    epoch: Epoch


@dataclass(frozen=True, slots=True)
class Finished:
    """A job is done."""

    job: Job
    result: RunResult


@dataclass(frozen=True, slots=True)
class Failed:
    """A job failed, for a reason that the message tells; ``fatal`` is the error where no other can succeed either."""

    job: Job
    message: str
    fatal: AttuneError | None = None


Event: TypeAlias = Started | EpochDone | Finished | Failed


class Pool(Protocol):
    """Does jobs, on one machine or many."""

    @property
    def parallel(self) -> int:
        """How many jobs it does at the same time."""

    def run(self, jobs: Iterable[Job]) -> Generator[Event, None, None]:
        """Do jobs, each taken from ``jobs`` just before it begins, and tell of them as things happen.

        Each job ends with one `Finished` or `Failed`. Closing the iterator stops everything that it has begun.
        """


class Listener(Protocol):
    """Is told how an experiment goes, in the thread that runs it."""

    def begin(self, missing: Sequence[Job], done: Sequence[RunRecord], parallel: int) -> None:
        """These runs will be done, so many at a time; of the others there are records from before."""

    def started(self, job: Job, place: str) -> None:
        """A run has begun."""

    def epoch(self, job: Job, epoch: Epoch) -> None:
        """A run has trained one more epoch."""

    def finished(self, job: Job, record: RunRecord) -> None:
        """A run is done and its record is kept."""

    def failed(self, job: Job, message: str) -> None:
        """A run has failed."""

    def note(self, message: str) -> None:
        """Something that the user should know."""
