"""Notices when what runs on a graphics processor has gone on without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from engine.device import DeviceError
from engine.faults import Fault


@runtime_checkable
class OnDevice(Protocol):
    """What has networks that may run on a graphics processor."""

    @property
    def failure(self) -> DeviceError | None:
        """What the processor has failed with; None while it works, or where there is none."""


class DeviceWatch:
    """Tells each failure once.

    Parameters
    ----------
    parts : what is looked at, as far as it is `OnDevice`; what has failed before is no news.
    fault : is told.
    """

    def __init__(self, parts: Iterable[object], fault: Callable[[Fault], None]) -> None:
        self._parts = [one for one in parts if isinstance(one, OnDevice)]
        self._known = [one.failure for one in self._parts]
        self._fault = fault

    def look(self, pts_s: float) -> None:
        """Tell what has failed until media time ``pts_s``."""
        for index, part in enumerate(self._parts):
            failure = part.failure
            if failure is not self._known[index]:
                self._known[index] = failure
                text = f"The session goes on on the processor, which takes longer: {failure}."
                self._fault(Fault(pts_s=pts_s, part="device", text=text, lasting=True))
