"""Learning curves of a cell: mean and spread over the runs that are still going."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from engine.experiment.report.results import CellResults
from engine.experiment.statistics import Summary, summarise


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningCurves:
    """Per epoch, over the runs that had that epoch; a run that was stopped no longer counts.

    Attributes
    ----------
    remaining : [epochs] runs that had the epoch.
    train_loss, dev_loss, dev_accuracy : [epochs] mean and standard deviation; accuracy in per cent.
    best_epoch : median over the runs of the epoch whose weights were kept.
    diverged : runs with a loss that is not a number; such losses are in no mean.
    """

    remaining: tuple[int, ...]
    train_loss: tuple[Summary, ...]
    dev_loss: tuple[Summary, ...]
    dev_accuracy: tuple[Summary, ...]
    best_epoch: float
    diverged: int


def learning_curves(cell: CellResults) -> LearningCurves | None:
    """Curves of a cell, None where it has no run."""
    if not cell.runs:
        return None
    histories = [run.epochs for run in cell.runs]
    per_epoch = [
        [one[epoch] for one in histories if len(one) > epoch] for epoch in range(max(len(one) for one in histories))
    ]
    return LearningCurves(
        remaining=tuple(len(one) for one in per_epoch),
        train_loss=tuple(_finite([run.train_loss for run in one]) for one in per_epoch),
        dev_loss=tuple(_finite([run.dev_loss for run in one]) for one in per_epoch),
        dev_accuracy=tuple(summarise([100.0 * run.dev_accuracy for run in one]) for one in per_epoch),
        best_epoch=median(run.best_epoch for run in cell.runs),
        diverged=sum(any(math.isnan(one.train_loss + one.dev_loss) for one in history) for history in histories),
    )


def _finite(values: Sequence[float]) -> Summary:
    return summarise([one for one in values if math.isfinite(one)])
