"""The plot of what correcting models on one person's recordings brings, speaker by speaker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _LINE, _BEFORE, _AFTER = "#1d2127", "#c9ced5", "#8a939d", "#0072B2"
_FONT: Any = {"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10.0, "svg.hashsalt": "attune"}


def draw(path: Path, speakers: Mapping[str, Any]) -> None:
    """Draw accuracy and log-loss before and after, on each speaker's held-out sentences and on other speakers, as SVG.

    Parameters
    ----------
    path : of the picture.
    speakers : what was measured, as `benchmarks.adaptation` keeps it.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_FONT):
        figure = Figure(figsize=(11.0, 4.2), facecolor="white", layout="constrained")
        FigureCanvasSVG(figure)
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
        figure.savefig(path, format="svg", metadata={"Date": None})


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
        axes.hlines(row, before, after, color=_INK if last else _LINE, linewidth=2)
        axes.plot(before, row, "D" if last else "o", color=_BEFORE, label="before" if row == 0 else None)
        axes.plot(after, row, "D" if last else "o", color=_AFTER, label="after (shade: 95 %)" if row == 0 else None)
    axes.set_title(title, loc="left", color=_INK, fontsize=10)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#eceff2")
    axes.set_axisbelow(True)
