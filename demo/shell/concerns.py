"""What the user should know now, in the order in which it matters."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from demo.messages import said
from demo.shown import Shown
from engine.faults import Fault

Key = tuple[str, str]
"""What it concerns, and what is said before it is translated, which stays when the language changes."""

_NEARLY_FULL = QT_TRANSLATE_NOOP(
    "concerns",
    "The disk is nearly full: end the recording soon, or make room. If it fills up, what was recorded until then is "
    "kept.",
)

FAULT_S = 30.0
"""For so long a fault that is over is told; what lasts is told until the user hides it."""


class Concern(NamedTuple):
    """Something to be told.

    Attributes
    ----------
    text : in the language of the user.
    fatal : whether nothing goes on because of it.
    """

    text: str
    fatal: bool = False


class Concerns:
    """Collects them from what is shown.

    Parameters
    ----------
    now_s : clock that tells how long a fault has been told.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._known: tuple[Fault, ...] = ()
        self._since_s: dict[Fault, float] = {}

    def of(self, shown: Shown) -> dict[Key, Concern]:
        """What is wrong; remarks about the recording, which concern nothing else, come last."""
        found = {(one.where, one.text): Concern(said(one.text), one.fatal) for one in shown.troubles}
        told = {text for _, text in found}
        for key, text in self._more(shown):
            if key[1] not in told:
                told.add(key[1])
                found[key] = Concern(text)
        return found | {("", one): Concern(said(one)) for one in shown.notes}

    def _more(self, shown: Shown) -> Iterator[tuple[Key, str]]:
        recording, marks = shown.recording, shown.marks
        if recording.problem and recording.state == "broken":
            yield ("recording", recording.problem), said(recording.problem)
        if recording.short:
            yield ("room", str(_NEARLY_FULL)), _tr(str(_NEARLY_FULL))
        if marks.problem:
            hope = _tr("Nothing is lost: the newest marks are in memory, and are saved as soon as that works.")
            yield ("marks", marks.problem), f"{said(marks.problem)}. {hope}".replace("..", ".")
        for fault in self._faults(shown):
            if fault.part != "recording":  # which tells of itself, where it says what is kept
                yield (fault.part, fault.text), said(fault.text)

    def _faults(self, shown: Shown) -> list[Fault]:
        """Those that are new, or last."""
        now_s = self._now_s()
        faults = () if shown.replayed else shown.faults
        if faults is not self._known:
            self._known = faults
            self._since_s = {one: self._since_s.get(one, now_s) for one in faults}
        return [one for one, since_s in self._since_s.items() if one.lasting or now_s - since_s < FAULT_S]


def _tr(text: str) -> str:
    return QCoreApplication.translate("concerns", text)
