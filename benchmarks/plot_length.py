"""The plot of cost against length and number of recordings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from benchmarks.plot_style import BLUE, GREEN, RED, SOFT, frame, svg_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WALL, _PROCESSOR, _MEMORY = BLUE, RED, GREEN


class Point(Protocol):
    """What is drawn of a measurement."""

    @property
    def minutes(self) -> float: ...
    @property
    def recordings(self) -> int: ...
    @property
    def media_s(self) -> float: ...
    @property
    def wall_s(self) -> float: ...
    @property
    def processor_s(self) -> float: ...
    @property
    def peak_bytes(self) -> int: ...


def draw(path: Path, points: Sequence[Point], *, each: float) -> None:
    """Draw time and memory over length, and time over the number of recordings of ``each`` minutes, as SVG."""
    single = [one for one in points if one.recordings == 1]
    several = [one for one in points if one.minutes == each]
    with svg_figure(path, 11.0, 3.6) as figure:
        time, memory, count = figure.subplots(1, 3)
        _times(time, single, lambda one: one.media_s / 60, "minute", "minutes of one recording")
        _line(memory, [one.media_s / 60 for one in single], [one.peak_bytes / 1e6 for one in single], _MEMORY)
        _axes(memory, "minutes of one recording", "peak memory, MB", room=1.2)
        below = f"recordings of {each:g} minutes, one call"
        _times(count, several, lambda one: float(one.recordings), "recording", below)
        count.xaxis.get_major_locator().set_params(integer=True)


def fit(x: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Slope and start of the straight line that fits best, by relative deviation: so short recordings count, too.

    Examples
    --------
    >>> [round(value, 6) for value in fit([1.0, 2.0, 4.0], [3.0, 5.0, 9.0])]
    [2.0, 1.0]
    """
    slope, start = np.polyfit(x, y, 1, w=1 / np.asarray(y))
    return float(slope), float(start)


def _times(axes: Axes, points: Sequence[Point], place: Callable[[Point], float], unit: str, below: str) -> None:
    """Wall and processor time."""
    x = [place(one) for one in points]
    for name, colour, values in (
        ("wall time", _WALL, [one.wall_s for one in points]),
        ("processor time", _PROCESSOR, [one.processor_s for one in points]),
    ):
        _line(axes, x, values, colour)
        if len(x) > 1:
            slope, start = fit(x, values)
            sign = "+" if start >= 0 else "\N{MINUS SIGN}"
            text = f"{name}: {slope:.3g} s a {unit} {sign} {abs(start):.2g} s"
            axes.plot([], [], "o-", color=colour, markersize=4, linewidth=1.2, label=text)
    if len(x) > 1:
        axes.legend(frameon=False, labelcolor=SOFT, fontsize=9, loc="upper left", borderaxespad=0.2)
    _axes(axes, below, "seconds", room=1.35)


def _line(axes: Axes, x: Sequence[float], y: Sequence[float], colour: str) -> None:
    """Points, and the straight line through them."""
    if x:
        axes.plot(x, y, "o", color=colour, markersize=5)
    if len(x) > 1:
        slope, start = fit(x, y)
        ends = np.array([min(x), max(x)])
        axes.plot(ends, slope * ends + start, color=colour, linewidth=1.2, alpha=0.7)


def _axes(axes: Axes, below: str, title: str, *, room: float) -> None:
    """Titles and frame; from zero up to ``room`` times what is drawn."""
    frame(axes, title, below)
    if axes.has_data():
        axes.set_xlim(0, 1.05 * axes.dataLim.xmax)
        axes.set_ylim(0, room * axes.dataLim.ymax)
