"""What the runs took, and what the whole plan would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from engine.experiment.record import RunRecord
from engine.experiment.report.results import Results
from engine.experiment.report.wording import count, duration, listing


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """Cost of a cell's runs on one kind of device.

    Attributes
    ----------
    runs : how many it is computed from.
    epoch_s : median over all epochs of these runs; None where none was timed.
    epochs : mean number of epochs of a run.
    rest_s : median of what a run took besides its epochs: reading, testing, attention faithfulness.
    run_s : median of whole runs.
    peak_bytes : the largest of them.
    """

    cell: str
    device: str
    runs: int
    epoch_s: float | None
    epochs: float
    rest_s: float
    run_s: float
    parameters: int
    peak_bytes: int

    @property
    def expected_run_s(self) -> float:
        """What another run may take."""
        return self.run_s if self.epoch_s is None else self.epoch_s * self.epochs + self.rest_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Time of the whole plan on one device, one run after the other.

    Attributes
    ----------
    seconds : of all runs of the plan.
    runs, cells : how many runs of how many cells it is computed from.
    unmeasured : cells without a run on this device; counted as the mean of the others.
    """

    device: str
    seconds: float
    runs: int
    cells: int
    plan_runs: int
    epochs: float
    unmeasured: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The estimate, and what it was computed from."""
        text = (
            f"The whole plan of {count(self.plan_runs, 'run')} on one {self.device}: about {duration(self.seconds)}. "
            f"This is an estimate from {count(self.runs, 'run')} of {count(self.cells, 'cell')}: for each cell the "
            f"median epoch times the mean number of epochs ({self.epochs:.1f} over all), plus the median time besides "
            "epochs, times the runs of the plan."
        )
        if self.unmeasured:
            text += f" No run of {listing(self.unmeasured)} was timed: counted as the mean of the others."
        return text


def cost_rows(results: Results) -> tuple[CostRow, ...]:
    """Cost of every cell on every kind of device that ran it."""
    rows = []
    for cell in results.cells:
        for device in sorted({one.cost.device_name for one in cell.runs}):
            rows.append(_row(cell.cell.name, device, [one for one in cell.runs if one.cost.device_name == device]))
    return tuple(rows)


def estimates(results: Results, rows: Sequence[CostRow]) -> tuple[Estimate, ...]:
    """Time of the whole plan on each kind of device that ran a part of it."""
    return tuple(_estimate(results, device, rows) for device in sorted({one.device for one in rows}))


def _row(cell: str, device: str, runs: Sequence[RunRecord]) -> CostRow:
    epochs = [seconds for one in runs for seconds in one.cost.epoch_seconds]
    return CostRow(
        cell=cell,
        device=device,
        runs=len(runs),
        epoch_s=median(epochs) if epochs else None,
        epochs=fmean(len(one.epochs) for one in runs),
        rest_s=median(max(0.0, one.cost.seconds - sum(one.cost.epoch_seconds)) for one in runs),
        run_s=median(one.cost.seconds for one in runs),
        parameters=runs[0].parameters,
        peak_bytes=max(one.cost.peak_memory_bytes for one in runs),
    )


def _estimate(results: Results, device: str, rows: Sequence[CostRow]) -> Estimate:
    here = {one.cell: one for one in rows if one.device == device}
    typical_s = fmean(one.expected_run_s for one in here.values())
    names = [one.cell.name for one in results.cells]
    seconds = sum(
        len(one.expected) * (here[one.cell.name].expected_run_s if one.cell.name in here else typical_s)
        for one in results.cells
    )
    runs = sum(one.runs for one in here.values())
    return Estimate(
        device=device,
        seconds=seconds,
        runs=runs,
        cells=len(here),
        plan_runs=results.expected,
        epochs=sum(one.epochs * one.runs for one in here.values()) / runs,
        unmeasured=tuple(name for name in names if name not in here),
    )
