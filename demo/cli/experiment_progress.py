"""How an experiment goes, for a log: a line for each run that ends."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from rich.console import Console

from engine.experiment.estimate import Estimate

if TYPE_CHECKING:
    from engine.experiment.jobs import Job
    from engine.experiment.record import RunRecord
    from engine.metrics import Epoch


class Lines:
    """Hears of the runs (`engine.experiment.events.Listener`) and prints a line for each that ends."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.parallel = 1
        self.total = 0
        self.records: list[RunRecord] = []
        self.missing: dict[str, Job] = {}
        self.began: dict[str, float] = {}
        self.estimate = Estimate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, missing: Sequence[Job], done: Sequence[RunRecord], parallel: int) -> None:
        """These runs will be done; of the others there are records."""
        self.parallel = parallel
        self.total = len(missing) + len(done)
        self.missing = {job.name: job for job in missing}
        self.records = list(done)
        self.estimate = Estimate(done)
        if done:
            self.note(f"{len(done)} of {self.total} runs are there from before")

    def started(self, job: Job, place: str) -> None:
        """A run has begun."""
        self.began[job.name] = time.monotonic()

    def epoch(self, job: Job, epoch: Epoch) -> None:
        """A run has trained one more epoch."""

    def finished(self, job: Job, record: RunRecord) -> None:
        """A run is done."""
        self._ended(job)
        self.records.append(record)
        self.estimate.add(record)
        self.tell_result(job, record)

    def tell_result(self, job: Job, record: RunRecord) -> None:
        """Print what a run has come to."""
        left, scores = self.left_s(), record.test or record.dev
        self.say(
            f"{len(self.records)}/{self.total}  {job.name}: balanced accuracy (paper: WA) "
            f"{scores.balanced_accuracy:.1%}, accuracy (paper: UWA) {scores.accuracy:.1%}; "
            f"{len(record.epochs)} epochs, {duration(record.cost.seconds)}"
            + (f"; about {duration(left)} left" if left else "")
        )

    def failed(self, job: Job, message: str) -> None:
        """A run has failed."""
        self._ended(job)
        self.say(f"failed: {job.name}: {message}")

    def note(self, message: str) -> None:
        """Something that the user should know."""
        self.say(f"note: {message}")

    def say(self, line: str) -> None:
        """Print a line."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def state(self) -> str:
        """How far it is."""
        return f"{len(self.records)} of {self.total} runs are done" if self.total else "no run had begun"

    def left_s(self) -> float | None:
        """Seconds until all runs are done, None before anything is known."""
        now = time.monotonic()
        runs = [(job.cell.name, now - self.began.get(name, now)) for name, job in self.missing.items()]
        return self.estimate.left_s(runs, min(self.parallel, len(runs)))

    def _ended(self, job: Job) -> None:
        self.missing.pop(job.name, None)
        self.began.pop(job.name, None)


def duration(seconds: float) -> str:
    """A length of time in the two units that matter.

    Examples
    --------
    >>> [duration(one) for one in (0.4, 59.7, 61, 7260, 200_000)]
    ['0 s', '1 min 0 s', '1 min 1 s', '2 h 1 min', '2 d 7 h']
    """
    whole = round(seconds)
    for size, unit, below, name in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // below} {name}"
    return f"{whole} s"
