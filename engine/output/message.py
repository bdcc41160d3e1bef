"""One message on its way to the readers."""

from __future__ import annotations

from typing import Any

from engine.output.schema import lost, stamped, to_line


class Message:
    """A message; its JSON is made once, by whoever needs it first.

    Parameters
    ----------
    data : as `engine.output.schema` makes it.
    instant_s : ``time.monotonic()`` at the moment it is about: when that was captured, or played from a recording.
    rate : media seconds that pass in a second, for the other times in the message.
    """

    __slots__ = ("_line", "data", "instant_s", "rate")

    def __init__(self, data: dict[str, Any], instant_s: float, rate: float = 1.0) -> None:
        self.data = data
        self.instant_s = instant_s
        self.rate = rate
        self._line: str | None = None

    @property
    def type(self) -> str:
        """What kind of message it is."""
        return str(self.data["type"])

    @property
    def line(self) -> str:
        """The JSON, without a line break."""
        if self._line is None:  # two threads may both make it: the same
            self._line = to_line(self.data)
        return self._line

    def after_loss(self, count: int) -> Message:
        """What a reader is told before this one, when so many before it are gone."""
        data = self.data
        told = stamped(lost(count), max(0, data["number"] - 1), data["t_s"], data["wall_s"])
        return Message(told, self.instant_s, self.rate)

    def instant_of(self, media_s: float) -> float:
        """``time.monotonic()`` at another media time of the same run."""
        return self.instant_s + (media_s - float(self.data["t_s"])) / self.rate
