"""The tables as CSV. Nothing in table.csv and runs.csv depends on how long a run took or where it ran."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from engine.experiment.cell import run_folder
from engine.experiment.measures import SplitScores
from engine.experiment.report.content import Content
from engine.experiment.report.results import METRICS, Results


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV with plain line ends."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def cell_rows(results: Results) -> Iterator[list[str]]:
    """Heading, then a row per cell; figures in per cent, empty where they are not defined.

    For each metric: mean and sample standard deviation over all runs and over the means of the folds, the
    published figure, and the mean over runs minus it.
    """
    parts = ("mean", "std", "fold_mean", "fold_std", "published", "difference")
    yield [
        *("cell", "table", "fusion", "modalities", "pooling", "preset", "split", "runs", "runs_of_plan", "folds"),
        *(f"{metric}_{part}" for metric in METRICS for part in parts),
    ]
    for one in results.cells:
        cell = one.cell
        row = [cell.name, "" if cell.table is None else str(cell.table), cell.fusion, "+".join(cell.modalities)]
        row += [cell.pooling, cell.preset, one.split, str(len(one.runs)), str(len(one.expected))]
        row.append(str(len(one.fold_means("accuracy"))))
        for metric in METRICS:
            runs, folds = one.summary(metric), one.fold_summary(metric)
            figures = (runs.mean, runs.std, folds.mean, folds.std, one.published(metric), one.difference(metric))
            row += [_figure(value) for value in figures]
        yield row


def run_rows(results: Results) -> Iterator[list[str]]:
    """Heading, then a row per run; shares in per cent."""
    splits = [f"{split}_{name}" for split in ("dev", "test") for name in ("n", *METRICS, "macro_f1", "ece")]
    recall = [f"{results.split}_recall_{name}" for name in results.classes]
    yield ["cell", "fold", "seed", "folder", "parameters", "epochs", "best_epoch", *splits, *recall]
    for cell in results.cells:
        for one in cell.runs:
            row = [one.cell, one.fold, str(one.seed), run_folder(cell.cell, one.fold, one.seed).as_posix()]
            row += [str(one.parameters), str(len(one.epochs)), str(one.best_epoch)]
            for scores in (one.dev, one.test):
                row += _scores(scores)
            recall_shares = cell.scores(one).recall
            yield row + [_figure(None if value is None else 100.0 * value) for value in recall_shares]


def cost_table(content: Content) -> Iterator[list[str]]:
    """Heading, then a row per cell and kind of device."""
    yield [
        *("cell", "device", "runs", "median_epoch_seconds", "mean_epochs", "median_run_seconds"),
        *("parameters", "peak_memory_bytes"),
    ]
    for one in content.costs:
        epoch = "" if one.epoch_s is None else f"{one.epoch_s:.4f}"
        row = [one.cell, one.device, str(one.runs), epoch, f"{one.epochs:.2f}", f"{one.run_s:.3f}"]
        yield [*row, str(one.parameters), str(one.peak_bytes)]


def _scores(scores: SplitScores | None) -> list[str]:
    if scores is None:
        return [""] * 5
    shares = (scores.balanced_accuracy, scores.accuracy, scores.macro_f1, scores.ece)
    return [str(scores.n), *(_figure(100.0 * value) for value in shares)]


def _figure(value: float | None) -> str:
    """Four decimals: enough to compute on, and the same text for the same figure."""
    text = "" if value is None else f"{value:.4f}"
    return "0.0000" if text == "-0.0000" else text
