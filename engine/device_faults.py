"""What goes wrong with camera and microphone, as faults of a session with media time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from engine.faults import Fault
from engine.sources.device import DeviceState, DeviceStatus, called

_AWAY = {
    DeviceStatus.FROZEN,
    DeviceStatus.LOST,
    DeviceStatus.BUSY,
    DeviceStatus.REFUSED,
    DeviceStatus.MISSING,
}


@runtime_checkable
class WithDevices(Protocol):
    """A source of devices that come and go, such as `engine.sources.live.LiveSource`."""

    @property
    def states(self) -> tuple[DeviceState, ...]:
        """How the devices stand."""

    @property
    def position_s(self) -> float:
        """Media time now."""


@dataclass(slots=True)
class _Known:
    """What has been told of a device: since when it is away, its message, how often it came back, its rate."""

    away_s: float | None = None
    message: str = ""
    reconnects: int = 0
    rate_hz: float | None = None


class DeviceFaults:
    """Tells what changes: a device goes, comes back, or goes on at another rate.

    Parameters
    ----------
    source : is looked at; anything but `WithDevices` has no such faults.
    fault : is told.
    """

    def __init__(self, source: object, fault: Callable[[Fault], None]) -> None:
        self._source = source if isinstance(source, WithDevices) else None
        self._fault = fault
        self._known: dict[str, _Known] = {}

    def look(self) -> None:
        """Tell what is new. One thread at a time."""
        if self._source is not None:
            pts_s = self._source.position_s
            for state in self._source.states:
                known = self._known.setdefault(state.kind, _Known(reconnects=state.reconnects))
                for text in _news(state, known, pts_s):
                    self._fault(Fault(pts_s=pts_s, part=state.kind, text=text))

    def end(self) -> None:
        """Tell which devices are out for good: those that are away when the session ends."""
        if self._source is None:
            return
        self.look()
        pts_s = self._source.position_s
        for kind, known in self._known.items():
            if known.away_s is not None:
                text = f"The {kind} was away from {known.away_s:.1f} s to the end. {known.message}"
                self._fault(Fault(pts_s=pts_s, part=kind, text=text, lasting=True))


def _news(state: DeviceState, known: _Known, pts_s: float) -> Iterable[str]:
    """What is to be told of a device; ``known`` is brought up to date."""
    name = called(state.kind, state.name)
    if state.status in _AWAY:
        if known.away_s is None:
            known.away_s = pts_s
            yield state.message
        known.message = state.message
    elif state.status == DeviceStatus.RUNNING:
        if known.away_s is not None:
            yield f"{name} is back after {pts_s - known.away_s:.1f} s."
        elif state.reconnects > known.reconnects:
            yield f"{name} stopped and came back."
        known.away_s, known.reconnects = None, state.reconnects
        if state.kind == "microphone" and state.nominal_hz:
            if known.rate_hz not in (None, state.nominal_hz):
                yield f"{name} goes on at {state.nominal_hz:.0f} Hz instead of {known.rate_hz:.0f} Hz."
            known.rate_hz = state.nominal_hz
