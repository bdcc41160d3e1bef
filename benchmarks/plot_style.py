"""How every plot of a measurement looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, LINE = "#1d2127", "#5a636e", "#e2e5e9"
BLUE, RED, GREEN, VIOLET, GREY = "#1f6fae", "#c4511a", "#4f7d45", "#7a4fa3", "#8a939d"
_FONT = {"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10.0, "svg.hashsalt": "attune"}


@contextmanager
def svg_figure(path: Path, width: float, height: float) -> Iterator[Figure]:
    """A figure of a size in inches, written as SVG at the end: the same bytes for the same content."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_FONT):
        figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
        FigureCanvasSVG(figure)
        yield figure
        figure.savefig(path, format="svg", metadata={"Date": None})


def frame(axes: Axes, title: str, below: str) -> None:
    """Title, a label below, a quiet grid, and no box around the curves."""
    axes.set_title(title, loc="left", color=SOFT, fontsize=10)
    axes.set_xlabel(below, color=SOFT)
    axes.tick_params(colors=SOFT, length=0)
    axes.grid(color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)
