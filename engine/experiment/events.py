"""What is told of the runs of an experiment, and what a user is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from engine.experiment.jobs import Job, RunResult
from engine.experiment.record import RunRecord
from engine.metrics import Epoch
from engine.pools.events import Pool

RunPool: TypeAlias = Pool[Job, Epoch, RunResult]
"""Does runs and tells of their epochs."""


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
