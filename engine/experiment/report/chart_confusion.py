"""Confusion matrices as heat maps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.experiment.report.results import CellResults
from engine.experiment.report.svg import Drawing
from engine.experiment.report.wording import NONE

_CELL = 29.0
_LEFT = 78.0
_TOP = 62.0
_STRONG = 0.55
"""From this share on, the numbers are set in the colour of the paper."""


def confusion(cell: CellResults) -> NDArray[np.int64]:
    """Counts over all runs of a cell, [k, k], rows true, columns predicted."""
    counts = [np.array(cell.scores(one).confusion, dtype=np.int64) for one in cell.runs]
    total: NDArray[np.int64] = np.sum(counts, axis=0)
    return total


def row_shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each row as shares of its sum; NaN in the row of a class without an item."""
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), np.nan)


def confusion_chart(cell: CellResults, classes: Sequence[str]) -> str:
    """Row-normalised confusion matrix in per cent, summed over runs."""
    shares = row_shares(confusion(cell))
    k = len(classes)
    drawing = Drawing(_LEFT + _CELL * k + 4, _TOP + _CELL * k + 4, f"Confusion matrix of {cell.cell.name}")
    drawing.text(2, _TOP - 6, "true", "hint")
    for place, name in enumerate(classes):
        middle = _CELL * (place + 0.5)
        drawing.text(_LEFT - 6, _TOP + middle + 4, _short(name), "name", "end")
        drawing.text(_LEFT + middle + 3, _TOP - 8, _short(name), "name", turn=-45)
    for row, values in enumerate(shares):
        for column, share in enumerate(values):
            _field(drawing, _LEFT + _CELL * column, _TOP + _CELL * row, float(share), on_diagonal=row == column)
    return drawing.render()


def _field(drawing: Drawing, x: float, y: float, share: float, *, on_diagonal: bool) -> None:
    known = not np.isnan(share)
    drawing.rect(x + 0.75, y + 0.75, _CELL - 1.5, _CELL - 1.5, "field")
    if known and share > 0:
        drawing.rect(x + 0.75, y + 0.75, _CELL - 1.5, _CELL - 1.5, "heat", opacity=share)
    css = "strong" if known and share >= _STRONG else "weak"
    words = f"{100 * share:.0f}" if known else NONE
    drawing.text(x + _CELL / 2, y + _CELL / 2 + 4, words, f"{css} hit" if on_diagonal else css, "middle")


def _short(name: str) -> str:
    return name if len(name) <= 12 else name[:11] + "…"
