"""Bars and coloured cells, with a plain form for terminals without colour or block characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from engine.analysis.palette import EMOTION_COLOURS
from engine.types import Prediction

LETTERS: dict[str, str] = {
    "anger": "A",
    "disgust": "D",
    "fear": "F",
    "happy": "H",
    "neutral": "N",
    "sad": "S",
    "surprise": "!",
}
"""What stands for an emotion where there is no colour."""

_EIGHTHS = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True)
class Ink:
    """What the terminal can do."""

    unicode: bool = True
    colour: bool = True


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
            line.append("█", style=EMOTION_COLOURS[name])
        else:
            line.append(LETTERS[name], style=f"bold {EMOTION_COLOURS[name]}")
    return line
