"""How a session goes on when a stage fails: the stage tries again, or it is out and the others go on without it."""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol, runtime_checkable

from engine.errors import AttuneError
from engine.faults import Fault
from engine.runtime.graph import Rescued, Stage, StageHung, Tick, as_attune_error
from engine.stages import Report
from engine.types import AudioBlock, VideoFrame

_log = logging.getLogger(__name__)

MOST_FAILURES = 3
WITHIN_S = 30.0
"""A stage that fails this often within so much media time is out."""

_OUT = {
    "face": "The face is no longer looked at; the rest goes on: {}.",
    "hearing": "The voice is no longer heard and no words are recognised; the rest goes on: {}.",
    "transcription": "Words are no longer recognised; the rest goes on: {}.",
}
_SKIPPED = {
    "face": "A picture was left out, since the face stage failed with {}: {}.",
    "hearing": "A piece of the sound was left out, since the hearing stage failed with {}: {}.",
    "transcription": "The words of an utterance are missing, since the transcription stage failed with {}: {}.",
}
_BRING = ("face", "hearing")
"""Without any of these there is nothing to predict from; words come from hearing."""


@runtime_checkable
class Spare(Stage, Protocol):
    """A stage that a session can do without."""

    def recover(self, item: Any, again: bool) -> Sequence[Any]:
        """Be ready for the next item after a failure, ``again`` where it was not the first lately.

        Returns what is handed on in place of what the item would have brought. Whatever it raises means that it cannot.
        """

    def stand_in(self) -> Stage:
        """What takes its place for good: finds nothing, and hands on the time."""


class Rescuer:
    """Keeps a session going; see `engine.runtime.graph.Rescue`.

    A stage is tried again after a failure that nobody expected, until there are too many. An `AttuneError` is for the
    user, and says that it is no use.

    Parameters
    ----------
    stages : names of all stages that work at the beginning.
    fault : is told what went wrong.
    now_s : media time now, for failures at the end.
    """

    def __init__(
        self, stages: Collection[str], fault: Callable[[Fault], None], now_s: Callable[[], float] = lambda: 0.0
    ) -> None:
        self._working = set(stages)
        self._fault = fault
        self._now_s = now_s
        self._failed_s = {name: deque[float](maxlen=MOST_FAILURES) for name in stages}
        self._told_s = dict.fromkeys(stages, -math.inf)

    def __call__(self, stage: Stage, item: Any, error: Exception) -> Rescued | None:
        """As `engine.runtime.graph.Rescue`."""
        _log.debug("the %s stage failed", stage.name, exc_info=error)
        if not isinstance(stage, Spare):
            return None
        pts_s = self._media_time(item)
        if item is not None and not isinstance(error, StageHung | AttuneError):
            tried = self._try_again(stage, item, pts_s, error)
            if tried is not None:
                return tried
        return self._do_without(stage, item, pts_s, error)

    def _try_again(self, stage: Spare, item: Any, pts_s: float, error: Exception) -> Rescued | None:
        failed_s = self._failed_s[stage.name]
        failed_s.append(pts_s)
        if len(failed_s) == MOST_FAILURES and pts_s - failed_s[0] < WITHIN_S:
            return None
        again = len(failed_s) > 1 and pts_s - failed_s[-2] < WITHIN_S
        try:
            outputs = stage.recover(item, again)
        except Exception:
            _log.debug("the %s stage did not recover", stage.name, exc_info=True)
            return None
        if pts_s - self._told_s[stage.name] >= WITHIN_S:
            self._told_s[stage.name] = pts_s
            text = _SKIPPED[stage.name].format(type(error).__name__, error)
            self._fault(Fault(pts_s=pts_s, part=stage.name, text=text))
        return Rescued(stage, outputs)

    def _do_without(self, stage: Spare, item: Any, pts_s: float, error: Exception) -> Rescued | None:
        left = self._working - {stage.name}
        if not left.intersection(_BRING):
            return None
        self._working = left
        why = as_attune_error(stage.name, error)
        self._fault(Fault(pts_s=pts_s, part=stage.name, text=_OUT[stage.name].format(why), lasting=True))
        stand_in = stage.stand_in()
        return Rescued(stand_in, stand_in.finish() if item is None else stand_in.process(item))

    def _media_time(self, item: Any) -> float:
        if isinstance(item, VideoFrame | AudioBlock | Tick):
            return item.pts_s
        if isinstance(item, Report) and math.isfinite(item.until_s):
            return item.until_s
        return self._now_s()
