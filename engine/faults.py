"""What went wrong in a session that goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_log = logging.getLogger(__name__)

MOST_FAULTS = 200
"""So many are listed: a device with a loose plug comes and goes thousands of times in a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that failed while a session ran.

    Attributes
    ----------
    pts_s : media time at which it was noticed.
    part : what failed: "camera", "microphone", "source", a stage ("face", "hearing", "transcription", "model"),
        "device" (where the networks run), "recording" or "output".
    text : for the user: what happened, what goes on, and what can be done.
    lasting : whether that part is out for the rest of the session.
    """

    pts_s: float
    part: str
    text: str
    lasting: bool = False


def slept(pts_s: float, seconds: float) -> Fault:
    """The machine has slept, or the program was halted, while devices were capturing."""
    text = f"This machine slept, or this program stood still, for {seconds:.0f} s; what happened then is missing."
    return Fault(pts_s=pts_s, part="source", text=text)


def words_lost(pts_s: float, seconds: float) -> Fault:
    """The recogniser was begun again while an utterance was spoken, whose words of so many seconds are not known."""
    text = (
        f"Speech recognition stopped and was started again; the words of {seconds:.1f} s and of the rest of the "
        "utterance are missing."
    )
    return Fault(pts_s=pts_s, part="transcription", text=text)


def shortened(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The newest of many, and those that last; where others are left out, the first one says so."""
    if len(faults) <= MOST_FAULTS:
        return tuple(faults)
    older, newest = faults[:-MOST_FAULTS], faults[-MOST_FAULTS:]
    text = "Older faults are left out of this list, since there were too many. The recording of a session has them all."
    left_out = Fault(pts_s=faults[0].pts_s, part="source", text=text)
    return (left_out, *(one for one in older if one.lasting), *newest)


class FaultLog:
    """The faults of a session, `shortened`. Any thread adds, any thread reads.

    Parameters
    ----------
    told : is told of each one, in the thread that adds it.
    """

    def __init__(self, told: Callable[[Fault], None] = lambda fault: None) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Those so far, in the order in which they were noticed; the same object while there is no new one."""
        return self._faults

    def add(self, fault: Fault) -> None:
        """Keep one more."""
        with self._lock:
            self._faults = shortened((*self._faults, fault))
        try:
            self._told(fault)
        except Exception:  # what goes wrong with telling must not end what goes on
            _log.exception("a fault could not be told")
