"""The picture of a correction: figures and confusions of held-out items before and after, and how it was learned."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.training.adapt.comparison import Comparison
from engine.training.adapt.run import Correction

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK, _PALE = "#30343A", "#F2F3F5"
BEFORE, AFTER = "#9AA3AD", "#0072B2"
"""Colours of the model before and after."""

_FONT_PT, _DPI = 9.0, 110
_SHARES = {"accuracy": "accuracy", "balanced_accuracy": "balanced\naccuracy", "macro_f1": "macro-F1"}
_ERRORS = {"loss": "log-loss (nats)", "ece": "calibration\nerror"}
_LINES = {"self": "-", "cross": "--", "cross+self": ":"}


def draw_correction(correction: Correction) -> bytes:
    """Draw a correction as PNG.

    Figures and confusions are of the mean of the models, as windows show it.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 8.2), dpi=_DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 1, height_ratios=[1, 1.25])
    top, bottom = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
    shares, errors, course = top.subplots(1, 3, width_ratios=[1.5, 1, 1.5])
    together = correction.together
    _draw_measures(shares, together, _SHARES)
    shares.set_ylim(0, 1)
    _draw_measures(errors, together, _ERRORS)
    _draw_course(course, correction)
    for axes, counts, title in zip(
        bottom.subplots(1, 2), (together.before.confusion, together.after.confusion), ("before", "after"), strict=True
    ):
        _draw_confusion(axes, counts, correction.labels, title)
    models = " and ".join(correction.models)
    figure.suptitle(
        f"{correction.manifest}: {correction.items} items, judged by models that had not learned from them ({models})",
        x=0.01,
        ha="left",
        color=_INK,
        fontsize=12,
        fontweight="bold",
        parse_math=False,
    )
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _plain(axes: Axes, title: str) -> None:
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_facecolor(_PALE)
    axes.tick_params(colors=_INK, labelsize=_FONT_PT, length=0)
    axes.set_title(title, loc="left", color=_INK, fontsize=_FONT_PT + 1)


def _draw_measures(axes: Axes, comparison: Comparison, names: dict[str, str]) -> None:
    _plain(axes, "higher is better" if "accuracy" in names else "lower is better")
    for at, name in enumerate(names):
        one = comparison.measures[name]
        for offset, colour, value, (low, high), label in (
            (-0.2, BEFORE, one.before, one.before_ci, "before"),
            (0.2, AFTER, one.after, one.after_ci, "after"),
        ):
            axes.bar(at + offset, value, 0.38, color=colour, label=label if at == 0 else None)
            if one.intervals:
                axes.vlines(at + offset, low, high, color=_INK, linewidth=1.2)
            axes.annotate(
                f"{value:.2f}",
                (at + offset, 0),
                (0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=_FONT_PT,
                color=_INK if label == "before" else "white",
            )
    axes.set_xticks(range(len(names)), list(names.values()))
    axes.set_ylim(bottom=0)
    if "accuracy" in names:
        axes.legend(frameon=False, fontsize=_FONT_PT, loc="upper left", ncols=2)


def _draw_course(axes: Axes, correction: Correction) -> None:
    from matplotlib.ticker import MaxNLocator

    _plain(axes, "log-loss while it learns; the dot was kept")
    for fusion, one in correction.models.items():
        course = one.held_out.course
        axes.plot(range(len(course)), course, _LINES[fusion], color=AFTER, label=fusion)
        axes.plot(one.held_out.epochs, course[one.held_out.epochs], "o", color=AFTER)
    axes.set_xlabel("epochs", color=_INK, fontsize=_FONT_PT)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False, fontsize=_FONT_PT)


def _draw_confusion(axes: Axes, counts: NDArray[np.int64], labels: tuple[str, ...], title: str) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    _plain(axes, f"{title}: rows are the labels, columns what the models said")
    rows = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(rows, 1)
    shades = LinearSegmentedColormap.from_list("shades", ["white", BEFORE if title == "before" else AFTER])
    axes.imshow(shares, cmap=shades, vmin=0, vmax=1, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[row, column] > 0.6 and title == "after" else _INK
            axes.text(column, row, str(count), ha="center", va="center", fontsize=_FONT_PT, color=colour)
    names = [name.replace("$", r"\$") for name in labels]
    axes.set_xticks(range(len(labels)), names, rotation=30, ha="right")
    axes.set_yticks(range(len(labels)), names)
