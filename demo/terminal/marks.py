"""Bars and coloured cells, with a plain form for terminals without colour or block characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rich.text import Text

from engine.analysis.palette import label_colours
from engine.types import Prediction

_LETTERS = {"surprise": "!"}
"""What stands for an emotion other than its first letter."""

_EIGHTHS = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True)
class Ink:
    """What the terminal can do."""

    unicode: bool = True
    colour: bool = True


@lru_cache(maxsize=32)
def letters(labels: tuple[str, ...]) -> Mapping[str, str]:
    """One character for each class where there is no colour: a letter of its name that is still free, else a number.

    >>> letters(("anger", "sad", "surprise", "angry"))
    {'anger': 'A', 'sad': 'S', 'surprise': '!', 'angry': 'N'}
    """
    taken: dict[str, str] = {}
    for index, name in enumerate(labels):
        wanted = [_LETTERS.get(name, ""), *name.upper(), *str(index % 10), "?"]
        free = (one for one in wanted if one and one.strip() and one not in taken.values())
        taken[name] = next(free, "?")
    return taken


def bar(share: float, width: int, colour: str, ink: Ink) -> Text:
    """A horizontal bar of ``width`` cells, filled to ``share`` of it.

    >>> bar(0.5, 4, "red", Ink()).plain
    '██  '
    >>> bar(0.5, 4, "red", Ink(unicode=False)).plain
    '##..'
    """
    share = min(max(share, 0.0), 1.0)
    if not ink.unicode:
        full = round(share * width)
        return Text.assemble(("#" * full, colour), ("." * (width - full), "dim"))
    full, eighth = divmod(round(share * width * 8), 8)
    filled = "█" * full + (_EIGHTHS[eighth] if eighth else "")
    return Text(filled.ljust(width), style=colour)


def progress(share: float, width: int, ink: Ink) -> Text:
    """A thin line that fills from left to right.

    >>> progress(0.25, 4, Ink(unicode=False)).plain
    '=---'
    """
    done = round(min(max(share, 0.0), 1.0) * width)
    full, rest = ("━", "─") if ink.unicode else ("=", "-")
    return Text.assemble((full * done, "bold"), (rest * (width - done), "dim"))


def history(
    predictions: Sequence[Prediction], start_s: float, end_s: float, width: int, step_s: float, ink: Ink
) -> Text:
    """One cell for each stretch of time in the colour of its top emotion; empty where nothing is known.

    Parameters
    ----------
    predictions : in order of time
    start_s, end_s : time of the left and the right edge
    width : cells
    step_s : time that a prediction stands for
    ink : what the terminal can do
    """
    labels = predictions[0].labels if predictions else ()
    colours, signs = label_colours(labels), letters(labels)
    cell_s = (end_s - start_s) / width
    names: list[str | None] = [None] * width
    for one in predictions:
        first = int((one.pts_s - step_s - start_s) / cell_s + 1e-6)
        last = int((one.pts_s - start_s) / cell_s - 1e-6)
        for cell in range(max(first, 0), min(last, width - 1) + 1):
            names[cell] = one.top
    line = Text()
    for name in names:
        if name is None:
            line.append("·" if ink.unicode else " ", style="dim")
        elif ink.colour and ink.unicode:
            line.append("█", style=colours[name])
        else:
            line.append(signs[name], style=f"bold {colours[name]}")
    return line
