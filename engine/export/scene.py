"""What is to be seen of the findings at one moment of a film."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from engine.export.cues import Cue, cues, one_line
from engine.export.findings import Findings
from engine.stages import Seen
from engine.types import Prediction

_SEEN_HOLDS_S = 0.35
_TOLERANCE_S = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What is being said: the words shown, and how many of them have begun."""

    words: tuple[str, ...]
    spoken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What holds at a moment.

    Attributes
    ----------
    prediction : None where there is none.
    caption : None where nothing is said.
    seen : where faces are, None where nobody looked or none is known.
    """

    prediction: Prediction | None = None
    caption: Caption | None = None
    seen: Seen | None = None


class Scenes:
    """Finds what holds at any moment of a recording, as the program shows it while playing.

    Parameters
    ----------
    findings : of the recording.
    """

    def __init__(self, findings: Findings) -> None:
        self._moments = findings.moments
        self._step_s = findings.step_s
        self._cues: Sequence[Cue] = cues(findings)
        self._seen = findings.seen

    def at(self, time_s: float) -> Scene:
        """What holds at a time of the recording."""
        return Scene(prediction=self._prediction(time_s), caption=self._caption(time_s), seen=self._faces(time_s))

    def _prediction(self, time_s: float) -> Prediction | None:
        index = bisect_right(self._moments, time_s + _TOLERANCE_S, key=lambda one: one[0]) - 1
        if index < 0:
            return None
        pts_s, prediction = self._moments[index]
        return prediction if time_s < pts_s + 1.5 * self._step_s else None

    def _caption(self, time_s: float) -> Caption | None:
        time_ms = 1000 * time_s
        index = bisect_right(self._cues, time_ms, key=lambda one: one.start_ms) - 1
        if index < 0 or time_ms >= self._cues[index].end_ms:
            return None
        words = self._cues[index].words
        spoken = sum(one.start_s <= time_s + _TOLERANCE_S for one in words)
        return Caption(words=tuple(one_line(one.text) for one in words), spoken=spoken)

    def _faces(self, time_s: float) -> Seen | None:
        index = bisect_right(self._seen, time_s + _TOLERANCE_S, key=lambda one: one.pts_s) - 1
        if index < 0 or time_s - self._seen[index].pts_s > _SEEN_HOLDS_S:
            return None
        return self._seen[index]
