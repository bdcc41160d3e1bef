"""The plot of what correcting models on one person's recordings brings, speaker by speaker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.plot_style import BLUE, GREY, INK, frame, svg_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BEFORE, _AFTER = GREY, BLUE


def draw(path: Path, speakers: Mapping[str, Any]) -> None:
    """Draw accuracy and log-loss before and after, on each speaker's held-out sentences and on other speakers, as SVG.

    Parameters
    ----------
    path : of the picture.
    speakers : what was measured, as `benchmarks.adaptation` keeps it.
    """
    with svg_figure(path, 11.0, 4.2) as figure:
        panels = figure.subplots(1, 4, sharey=True)
        panels[2].sharex(panels[0])
        panels[3].sharex(panels[1])
        names = list(speakers)
        for axes, measure, title in zip(panels[:2], ("accuracy", "loss"), ("accuracy", "log-loss (nats)"), strict=True):
            measures = [speakers[name]["together"]["measures"][measure] for name in names]
            _dumbbells(
                axes,
                [(one["before"], one["after"]) for one in measures],
                [one["after_ci"] for one in measures],
                f"{title}\nsame speaker, other sentences",
            )
        for axes, measure, title in zip(panels[2:], ("accuracy", "loss"), ("accuracy", "log-loss (nats)"), strict=True):
            pairs = [
                (speakers[name]["others"]["before"][measure], speakers[name]["others"]["after"][measure])
                for name in names
            ]
            _dumbbells(axes, pairs, None, f"{title}\nthe other speakers")
        panels[0].set_yticks(range(len(names) + 1), [*names, "mean"])
        panels[0].invert_yaxis()
        panels[0].legend(frameon=False, loc="upper left", bbox_to_anchor=(-0.05, -0.12), ncols=2)


def _dumbbells(
    axes: Axes,
    pairs: Sequence[tuple[float, float]],
    intervals: Sequence[tuple[float, float]] | None,
    title: str,
) -> None:
    mean = tuple(float(value) for value in np.mean(pairs, axis=0))
    for row, (before, after) in enumerate([*pairs, mean]):
        last = row == len(pairs)
        if intervals is not None and not last:
            axes.hlines(row, *intervals[row], color=_AFTER, linewidth=6, alpha=0.15)
        axes.hlines(row, before, after, color=INK if last else GREY, linewidth=2, alpha=1.0 if last else 0.5)
        axes.plot(before, row, "D" if last else "o", color=_BEFORE, label="before" if row == 0 else None)
        axes.plot(after, row, "D" if last else "o", color=_AFTER, label="after (shade: 95 %)" if row == 0 else None)
    frame(axes, title, "")
    axes.grid(visible=False, axis="y")
