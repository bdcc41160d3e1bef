"""Charts of the results: every cell against the published figure, every compared pair with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from engine.experiment.report.comparisons import Comparison
from engine.experiment.report.results import METRIC_NAMES, CellResults, Metric, Results
from engine.experiment.report.svg import Drawing, Scale, around, tick_labels, ticks
from engine.experiment.report.wording import NONE, decimal, signed

_ROW = 26.0
_PAIR = 40.0
_NAMES = 104.0
_FIGURES = 44.0
_WIDTH = 430.0


def fusion_css(fusion: str) -> str:
    """Class that colours a fusion.

    Examples
    --------
    >>> fusion_css("cross+self")
    'f-both'
    """
    return {"self": "f-self", "cross": "f-cross"}.get(fusion, "f-both")


def results_chart(results: Results, metric: Metric) -> str:
    """A row for each cell: every run as a faint dot, their mean and standard deviation, the published figure."""
    cells = [one for one in results.cells if one.runs]
    everything = [value for one in cells for value in one.values(metric).values()]
    everything += [value for one in cells if (value := one.published(metric)) is not None]
    bottom = 12.0 + _ROW * len(cells)
    drawing = Drawing(_WIDTH, bottom + 40, f"{METRIC_NAMES[metric]} of every cell, with the published figures")
    low, high = around(everything)
    x = Scale(low=max(0.0, low), high=min(100.0, high), start=_NAMES + 8, end=_WIDTH - _FIGURES - 8)
    _axis(drawing, x, bottom, f"{METRIC_NAMES[metric]}, %")
    for row, one in enumerate(cells):
        _result_row(drawing, one, metric, x, 12.0 + _ROW * (row + 0.5))
    return drawing.render()


def _result_row(drawing: Drawing, one: CellResults, metric: Metric, x: Scale, y: float) -> None:
    summary, published = one.summary(metric), one.published(metric)
    css = fusion_css(one.cell.fusion)
    mean = summary.mean or 0.0
    drawing.text(_NAMES, y + 4, _short(one.cell.name, 17), "name", "end")
    for value in one.values(metric).values():
        drawing.dot(x(value), y, 2.2, f"run {css}")
    if summary.std is not None:
        drawing.line(x(max(x.low, mean - summary.std)), y, x(min(x.high, mean + summary.std)), y, f"spread {css}")
    if published is not None:
        drawing.line(x(published), y - 8, x(published), y + 8, "published")
    drawing.dot(x(mean), y, 4.5, f"mean {css}")
    drawing.text(_WIDTH - 2, y + 4, decimal(mean), "figure", "end")


def differences_chart(comparisons: Sequence[Comparison], metric: Metric) -> str:
    """A row for each pair: mean difference with both 95 % intervals, thin over runs, broad over fold means."""
    here = [one for one in comparisons if one.metric == metric and one.difference.mean is not None]
    ends = [0.0]
    for one in here:
        ends.append(one.difference.mean or 0.0)
        for part in (one.interval, one.fold_interval):
            ends += [part.low, part.high] if part else []
    bottom = 26.0 + _PAIR * len(here)
    drawing = Drawing(_WIDTH, bottom + 40, f"Differences of {METRIC_NAMES[metric]} between the compared cells")
    reach = max(abs(one) for one in around(ends))
    x = Scale(low=-reach, high=reach, start=_NAMES + 8, end=_WIDTH - _FIGURES - 8)
    _axis(drawing, x, bottom, f"difference of {METRIC_NAMES[metric]}, points", signs=True, top=20)
    drawing.line(x(0), 20, x(0), bottom, "zero")
    drawing.text(x(0) - 6, 12, "second ahead", "hint", "end")
    drawing.text(x(0) + 6, 12, "first ahead", "hint")
    for row, one in enumerate(here):
        _difference_row(drawing, one, x, 26.0 + _PAIR * (row + 0.5))
    return drawing.render()


def _difference_row(drawing: Drawing, one: Comparison, x: Scale, y: float) -> None:
    mean = one.difference.mean or 0.0
    ahead = fusion_css(one.ahead.cell.fusion) if one.ahead else "f-none"
    drawing.text(_NAMES, y - 3, _short(one.first.cell.name, 17), "name", "end")
    drawing.text(_NAMES, y + 12, _short(f"{NONE} {one.second.cell.name}", 18), "name", "end")
    if one.fold_interval:
        drawing.line(x(one.fold_interval.low), y, x(one.fold_interval.high), y, f"broad {ahead}")
    if one.interval:
        drawing.line(x(one.interval.low), y, x(one.interval.high), y, f"spread {ahead}")
    drawing.dot(x(mean), y, 4.5, f"mean {ahead}")
    drawing.text(_WIDTH - 2, y + 4, signed(mean), "figure", "end")


def _axis(drawing: Drawing, x: Scale, bottom: float, title: str, *, signs: bool = False, top: float = 8.0) -> None:
    """Vertical grid lines with their values below, and what they are."""
    values = ticks(x.low, x.high, 8)
    for value, words in zip(values, tick_labels(values, signs=signs), strict=True):
        drawing.line(x(value), top, x(value), bottom, "grid")
        drawing.text(x(value), bottom + 15, words, "tick", "middle")
    drawing.text((x.start + x.end) / 2, bottom + 32, title, "title", "middle")


def _short(name: str, most: int) -> str:
    """A name that fits beside its row.

    Examples
    --------
    >>> _short("self A+V+T", 17), _short("a very long name of a cell", 10)
    ('self A+V+T', 'a very lo…')
    """
    return name if len(name) <= most else name[: most - 1] + "…"
