"""What the user should know now, in the order in which it matters."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication

from demo.messages import said
from demo.shown import Shown
from engine.faults import Fault

Key = tuple[str, str]
"""What it concerns, and what is said in the language of the user; a remark where the first is empty."""

FAULT_S = 30.0
"""For so long a fault that is over is told; what lasts is told until the user hides it."""


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

    def of(self, shown: Shown) -> dict[Key, bool]:
        """What is wrong, and whether nothing goes on because of it; remarks about the recording come last."""
        found = {(one.where, said(one.text)): one.fatal for one in shown.troubles}
        told = {text for _, text in found}
        for where, text in self._more(shown):
            if text not in told:
                told.add(text)
                found[where, text] = False
        return found | {("", said(one)): False for one in shown.notes}

    def _more(self, shown: Shown) -> Iterator[Key]:
        recording, marks = shown.recording, shown.marks
        if recording.problem and recording.state == "broken":
            yield "recording", said(recording.problem)
        if recording.short:
            yield (
                "room",
                _tr(
                    "The disk is nearly full: end the recording soon, or make room. If it fills up, what was recorded "
                    "until then is kept."
                ),
            )
        if marks.problem:
            hope = _tr("Nothing is lost: the newest marks are in memory, and are saved as soon as that works.")
            yield "marks", f"{said(marks.problem)}. {hope}".replace("..", ".")
        for fault in self._faults(shown):
            if fault.part != "recording":  # which tells of itself, where it says what is kept
                yield fault.part, said(fault.text)

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
