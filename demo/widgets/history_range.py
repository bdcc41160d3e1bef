"""Which stretch of media time a history shows, and how the user moves it. No painting."""

from __future__ import annotations

from dataclasses import dataclass

LIVE_S = 120.0
"""What is shown of live input: the newest two minutes; less than that while there is less."""

_LIVE_STEPS_S = (15.0, 30.0, 60.0, LIVE_S)
_SHORTEST_S = 2.0
_PAGE = 0.1
"""Where the play head stands in the view after it has left the one before, as a share of its width."""


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Media time from ``low_s`` to ``high_s`` on ``width`` pixels from ``left`` on."""

    low_s: float
    high_s: float
    left: float
    width: float

    def x(self, seconds: float) -> float:
        """Where a media time lies."""
        return self.left + (seconds - self.low_s) / (self.high_s - self.low_s) * self.width

    def seconds(self, x: float) -> float:
        """The media time at a pixel."""
        return self.low_s + (x - self.left) / max(self.width, 1.0) * (self.high_s - self.low_s)


class HistoryRange:
    """The visible stretch: everything, the newest of live input, or what the user has zoomed and panned to.

    Attributes
    ----------
    low_s, high_s : what is visible.
    free : the user has chosen it; else it follows.
    """

    def __init__(self) -> None:
        self.low_s, self.high_s = 0.0, _LIVE_STEPS_S[0]
        self.free = False
        self._live = False
        self._start_s = self._end_s = 0.0

    def set_extent(self, end_s: float, *, live: bool, start_s: float = 0.0) -> None:
        """Tell how far the session reaches; what is not free follows."""
        if live != self._live or end_s < self._end_s or start_s != self._start_s:
            self.free = False
        self._live, self._start_s, self._end_s = live, start_s, end_s
        if not self.free:
            self.follow()

    @property
    def whole(self) -> tuple[float, float]:
        """All there is, and at least a little."""
        if not self._live:
            return self._start_s, max(self._end_s, self._start_s + _SHORTEST_S)
        return 0.0, max(self._end_s, _LIVE_STEPS_S[0])

    def follow(self) -> None:
        """Show the newest of live input, or the whole recording."""
        self.free = False
        if not self._live:
            self.low_s, self.high_s = self.whole
            return
        width = next((one for one in _LIVE_STEPS_S if one >= self._end_s), LIVE_S)
        self.high_s = max(self._end_s, width)
        self.low_s = self.high_s - width

    def show_whole(self) -> None:
        """Show everything."""
        self.low_s, self.high_s = self.whole
        self.free = self._live

    def zoom(self, at_s: float, factor: float) -> None:
        """Make the visible stretch ``factor`` times as long; ``at_s`` stays where it is on the screen."""
        low, high = self.whole
        width = self.high_s - self.low_s
        wanted = min(max(width * factor, _SHORTEST_S), high - low)
        share = (at_s - self.low_s) / width
        self._set(at_s - share * wanted, wanted)

    def pan(self, by_s: float) -> None:
        """Move the visible stretch."""
        self._set(self.low_s + by_s, self.high_s - self.low_s)

    def keep_in_view(self, before_s: float, now_s: float) -> None:
        """Turn the page when the play head leaves the view in which it was."""
        if self.free and self.low_s <= before_s <= self.high_s and not self.low_s <= now_s <= self.high_s:
            width = self.high_s - self.low_s
            self._set(now_s - _PAGE * width, width)

    def _set(self, low_s: float, width: float) -> None:
        first, last = self.whole
        width = min(width, last - first)
        self.low_s = min(max(low_s, first), last - width)
        self.high_s = self.low_s + width
        self.free = self._live or width < last - first - 1e-6
