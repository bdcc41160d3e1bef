"""How an experiment goes, in a terminal: all of it, the runs under way, and what the cells have come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from demo.cli.experiment_progress import Lines, duration

if TYPE_CHECKING:
    from engine.experiment.jobs import Job
    from engine.experiment.record import RunRecord
    from engine.metrics import Epoch


@dataclass(slots=True)
class _Running:
    place: str
    epoch: int = 0
    accuracy: float = 0.0
    best: float = 0.0


class Screen(Lines):
    """Keeps a few lines at the foot of a terminal up to date; failures and notes scroll by above."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._running: dict[str, _Running] = {}
        self._live = Live(console=console, get_renderable=self._render, refresh_per_second=4)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running = {}
        self._live.stop()

    def started(self, job: Job, place: str) -> None:
        """A run has begun."""
        super().started(job, place)
        self._running = {**self._running, job.name: _Running(place)}  # replaced whole: another thread draws it

    def epoch(self, job: Job, epoch: Epoch) -> None:
        """A run has trained one more epoch."""
        one = self._running[job.name]
        one.epoch, one.accuracy = epoch.epoch, epoch.dev_accuracy
        one.best = max(one.best, epoch.dev_accuracy)

    def tell_result(self, job: Job, record: RunRecord) -> None:
        """The table of cells shows it."""

    def _ended(self, job: Job) -> None:
        super()._ended(job)
        self._running = {name: one for name, one in self._running.items() if name != job.name}

    def _render(self) -> RenderableType:
        parts: list[RenderableType] = [self._overall()]
        if self._running:
            parts.append(_running_table(self._running))
        if self.records:
            parts.append(_cells_table(list(self.records)))
        return Group(*parts)

    def _overall(self) -> RenderableType:
        line = Table.grid(padding=(0, 2, 0, 0))
        left = self.left_s() if self.missing else None
        note = f"about {duration(left)} left" if left else ""
        bar = ProgressBar(total=max(self.total, 1), completed=len(self.records), width=40)
        line.add_row("runs", bar, f"{len(self.records)}/{self.total}", note)
        return line


def _running_table(running: dict[str, _Running]) -> Table:
    table = _table("under way", "epoch", "dev accuracy", "best", "on")
    for name, one in running.items():
        figures = (str(one.epoch), f"{one.accuracy:.1%}", f"{one.best:.1%}") if one.epoch else ("", "", "")
        table.add_row(Text(name), *figures, one.place)
    return table


def _cells_table(records: Sequence[RunRecord]) -> Table:
    table = _table("done", "runs", "balanced accuracy (paper: WA)", "accuracy (paper: UWA)", "best")
    for cell in dict.fromkeys(one.cell for one in records):
        scores = [one.test or one.dev for one in records if one.cell == cell]
        table.add_row(
            Text(cell),
            str(len(scores)),
            f"{fmean(one.balanced_accuracy for one in scores):.1%}",
            f"{fmean(one.accuracy for one in scores):.1%}",
            f"{max(one.accuracy for one in scores):.1%}",
        )
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(first)
    for one in others:
        table.add_column(one, justify="right")
    return table
