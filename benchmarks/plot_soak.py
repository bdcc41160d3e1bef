"""The plot of a long run: memory, threads and open files, and delay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.plot_style import BLUE, GREEN, RED, SOFT, VIOLET, frame, svg_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MEMORY, _THREADS, _FILES, _DELAY = GREEN, BLUE, RED, VIOLET
_ROWS = {
    "fast": "{hours:g} h of media, {speed:g} times as fast",
    "real": "{minutes:g} min at real speed, recorded, beside a busy process",
    "starts": "{starts:,} starts and stops",
}


def draw(folder: Path) -> None:
    """Draw every measurement in a folder into its soak.svg, a row each."""
    found = [name for name in _ROWS if (folder / f"{name}.json").exists()]
    with svg_figure(folder / "soak.svg", 11.0, 2.9 * len(found)) as figure:
        rows = figure.subplots(len(found), 3, squeeze=False)
        for axes, name in zip(rows, found, strict=True):
            _row(axes, name, json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))


def _row(axes: Any, name: str, content: dict[str, Any]) -> None:
    """Memory, threads and files, delay of one measurement."""
    options, samples = content["options"], content["samples"]
    minutes = name == "real"
    x = [60 * one["at"] if minutes else one["at"] for one in samples]
    below = {"fast": "hours of media", "real": "minutes", "starts": "thousand starts"}[name]
    memory, counts, delay = axes
    title = _ROWS[name].format(minutes=60 * options["hours"], **options)
    memory.plot(x, [one["memory_mb"] for one in samples], color=_MEMORY, linewidth=1.4)
    _frame(memory, f"{title}\nmemory of all processes, MB", below)
    for key, colour in (("threads", _THREADS), ("files", _FILES)):
        counts.plot(
            x, [one[key] for one in samples], color=colour, linewidth=1.4, label="open files" if key == "files" else key
        )
    counts.legend(frameon=False, labelcolor=SOFT, fontsize=9, loc="center right")
    _frame(counts, "threads and open files", below)
    seconds = [np.nan if one["delay_s"] is None else one["delay_s"] / options["speed"] for one in samples]
    if not np.all(np.isnan(seconds)):
        delay.plot(x, [1000 * one for one in seconds], color=_DELAY, linewidth=1.4)
        _frame(delay, "what is analysed is behind, median, ms", below)
    else:
        delay.set_visible(False)


def _frame(axes: Axes, title: str, below: str) -> None:
    """The frame, from zero up to a little more than what is drawn."""
    frame(axes, title, below)
    axes.set_xlim(0, None)
    axes.set_ylim(0, 1.2 * max(axes.dataLim.ymax, 1e-9))
