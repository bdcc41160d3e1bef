"""Charts of attention faithfulness: deletion and insertion curves, and the gains as small intervals."""

from __future__ import annotations

from collections.abc import Sequence

from engine.experiment.report.faithful import BlockFaithfulness, CurveName
from engine.experiment.report.svg import Drawing, Scale, around, tick_labels, ticks
from engine.experiment.statistics import Interval

_WIDTH, _HEIGHT = 214.0, 150.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 208.0, 18.0, 116.0


def shared_range(blocks: Sequence[BlockFaithfulness]) -> tuple[float, float]:
    """Range of probability, in per cent, that holds the curves of these blocks."""
    ends = [end for one in blocks for part in one.curves.values() for row in part for end in (row.low, row.high)]
    low, high = around([100.0 * one for one in ends])
    return max(0.0, low), min(100.0, high)


def curve_chart(block: BlockFaithfulness, which: str, limits: tuple[float, float]) -> str:
    """Deletion or insertion: attended positions against random ones, with 95 % intervals over runs."""
    words = {"deletion": "share hidden", "insertion": "share shown"}[which]
    drawing = Drawing(_WIDTH, _HEIGHT, f"{which} curve of {block.title}")
    x = Scale(low=0, high=1, start=_LEFT, end=_RIGHT)
    y = Scale(low=limits[0], high=limits[1], start=_BOTTOM, end=_TOP)
    values = ticks(*limits, 4)
    for value, name in zip(values, tick_labels(values), strict=True):
        drawing.line(_LEFT, y(value), _RIGHT, y(value), "grid")
        drawing.text(_LEFT - 5, y(value) + 4, name, "tick", "end")
    for value in (0.0, 0.5, 1.0):
        drawing.text(x(value), _BOTTOM + 14, f"{100 * value:.0f}", "tick", "end" if value == 1 else "middle")
    drawing.text(0, 10, which, "title")
    drawing.text((_LEFT + _RIGHT) / 2, _HEIGHT - 4, f"{words}, %", "tick", "middle")
    chance: CurveName = "deletion_random" if which == "deletion" else "insertion_random"
    attended: CurveName = "deletion" if which == "deletion" else "insertion"
    _line(drawing, block, chance, x, y, "c-train")
    _line(drawing, block, attended, x, y, f"m-{block.source}")
    return drawing.render()


def _line(drawing: Drawing, block: BlockFaithfulness, name: CurveName, x: Scale, y: Scale, css: str) -> None:
    rows = list(zip(block.fractions, block.curves[name], strict=True))
    drawing.area(
        [(x(at), y(100 * one.high)) for at, one in rows], [(x(at), y(100 * one.low)) for at, one in rows], f"band {css}"
    )
    drawing.path([(x(at), y(100 * one.mean)) for at, one in rows], f"curve {css}")


def gain_range(blocks: Sequence[BlockFaithfulness]) -> tuple[float, float]:
    """Range that holds zero and all gains with their intervals."""
    ends = [end for one in blocks for part in (one.deletion, one.insertion) for end in (part.low, part.high)]
    return around([0.0, *ends], margin=0.08)


def gain_glyph(gain: Interval, limits: tuple[float, float], css: str) -> str:
    """A gain with its interval on a line through zero, to stand in a table."""
    drawing = Drawing(76, 18, "gain with its interval")
    x = Scale(low=limits[0], high=limits[1], start=4, end=72)
    drawing.line(x(limits[0]), 9, x(limits[1]), 9, "grid")
    drawing.line(x(0), 1, x(0), 17, "zero")
    drawing.line(x(gain.low), 9, x(gain.high), 9, f"spread {css}")
    drawing.dot(x(gain.mean), 9, 3.4, f"mean {css}")
    return drawing.render()
