"""What is said about a recording after it was played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from demo.terminal.state import clock
from engine.analysis.palette import MODALITY_NAMES
from engine.config import Modality
from engine.faults import Fault
from engine.types import Prediction, Word


def closing(
    name: str,
    position_s: float,
    predictions: Sequence[Prediction],
    words: Sequence[Word],
    used: Sequence[Modality] = ("audio", "video", "text"),
    *,
    moments: int = 0,
) -> str:
    """One paragraph: how long, which emotions for how much of the time, how much was seen, heard and said.

    ``moments``: points of the prediction grid that were reached, also without a prediction.
    """
    if not predictions:
        why = "nothing was seen or heard" if moments else "too short for a prediction"
        return f"{name}: {position_s:.1f} s, {why}."
    total = len(predictions)
    tops = Counter(one.top for one in predictions).most_common(3)
    emotions = ", ".join(f"{top} {count / total:.0%}" for top, count in tops)
    there = ", ".join(
        f"{MODALITY_NAMES[each]} {sum(each in one.present for one in predictions) / total:.0%}"
        for each in ("video", "audio", "text")
        if each in used
    )
    said = f"{len(words)} word{'' if len(words) == 1 else 's'} recognised"
    return (
        f"{name}: {position_s:.1f} s with {total} predictions. Most of the time: {emotions}. "
        f"Present: {there} of the time; {said}."
    )


def fault_lines(faults: Iterable[Fault]) -> list[str]:
    """One line for each fault.

    >>> fault_lines([Fault(pts_s=62.5, part="face", text="The face is no longer looked at.", lasting=True)])
    ['fault at 01:02.5: The face is no longer looked at.']
    """
    return [f"fault at {clock(one.pts_s)}: {one.text}" for one in faults]
