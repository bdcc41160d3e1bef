"""All outputs of a command: what is published goes to each of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol

from engine.closing import Closing
from engine.output.message import Message
from engine.output.schema import stamped

_CLOSE_S = 2.0


class Output(Protocol):
    """Something that hands messages to readers."""

    @property
    def where(self) -> str:
        """One sentence: where other programs can read."""

    @property
    def problem(self) -> str | None:
        """One sentence when nothing is handed on any more: what happened and what to do."""

    def offer(self, message: Message) -> None:
        """Take a message; returns at once and raises nothing."""

    def close(self, timeout_s: float) -> None:
        """Hand on what waits and let go of everything, within about ``timeout_s``; again is harmless."""


class Outputs(Closing):
    """Numbers messages and hands them to every output. Any thread may publish.

    Parameters
    ----------
    outputs : open ones; closed with this.
    """

    def __init__(self, outputs: Sequence[Output] = ()) -> None:
        self._outputs = tuple(outputs)
        self._lock = threading.Lock()
        self._number = 0

    def __bool__(self) -> bool:
        return bool(self._outputs)

    @property
    def where(self) -> tuple[str, ...]:
        """Where other programs can read, one sentence for each output."""
        return tuple(one.where for one in self._outputs)

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong with outputs, one sentence each."""
        return tuple(one.problem for one in self._outputs if one.problem is not None)

    def publish(self, fields: dict[str, Any], t_s: float, instant_s: float, rate: float = 1.0) -> None:
        """Hand on a message; returns at once.

        Parameters
        ----------
        fields : as `engine.output.schema` makes them.
        t_s, instant_s : the media time that it is about, and ``time.monotonic()`` when that was captured or played.
        rate : media seconds that pass in a second.
        """
        wall_s = time.time() - (time.monotonic() - instant_s)  # of the clock as it is set now
        with self._lock:  # also the order of the messages is that of their numbers
            self._number += 1
            message = Message(stamped(fields, self._number, t_s, wall_s), instant_s, rate)
            for one in self._outputs:
                one.offer(message)

    def close(self, timeout_s: float = _CLOSE_S) -> None:
        """Close every output within about ``timeout_s``; again is harmless."""
        end_s = time.monotonic() + timeout_s
        for one in self._outputs:
            one.close(max(0.1, end_s - time.monotonic()))
