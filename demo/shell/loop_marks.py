"""Marking the range that is played over and over: first its start, then its end, in any order."""

from __future__ import annotations

from dataclasses import dataclass

Loop = tuple[float, float]

_SHORTEST_S = 0.1


@dataclass(slots=True)
class LoopMarks:
    """Remembers a start whose end has not been marked yet.

    >>> marks = LoopMarks()
    >>> marks.start(2.0, None), marks.mark_s
    (None, 2.0)
    >>> marks.end(5.0, None), marks.mark_s
    ((2.0, 5.0), None)
    """

    mark_s: float | None = None

    def start(self, at_s: float, loop: Loop | None) -> Loop | None:
        """Mark the start; what to loop now, given what is looped so far."""
        if loop is not None and at_s <= loop[1] - _SHORTEST_S:
            return (at_s, loop[1])
        self.mark_s = at_s
        return None

    def end(self, at_s: float, loop: Loop | None) -> Loop | None:
        """Mark the end; without a start the range begins with the recording."""
        start_s = self.mark_s if self.mark_s is not None else (loop[0] if loop is not None else 0.0)
        first, last = sorted((start_s, at_s))
        if last - first < _SHORTEST_S:
            return loop
        self.mark_s = None
        return (first, last)

    def clear(self) -> None:
        """Forget the start."""
        self.mark_s = None
