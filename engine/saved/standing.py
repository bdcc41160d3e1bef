"""How devices stand, told when it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.saved.records import DeviceChange
from engine.sources.device import DeviceState


class Standing:
    """Compares how devices stand with how they stood; rates and levels, which change all the time, do not count."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, ...]] = {}

    def changes(self, states: Sequence[DeviceState], pts_s: float) -> Iterator[DeviceChange]:
        """Every device that stands otherwise than the last time, at a media time."""
        for one in states:
            key = (one.name, one.status, one.message, one.nominal_hz, one.width, one.height, one.reconnects)
            if self._known.get(one.kind) != key:
                self._known[one.kind] = key
                yield DeviceChange(pts_s=pts_s, state=one)


def device_rows(states: Sequence[DeviceState]) -> tuple[dict[str, Any], ...]:
    """What a description says of each device."""
    return tuple(
        {"kind": one.kind, "name": one.name, "nominal_hz": one.nominal_hz, "width": one.width, "height": one.height}
        for one in states
    )
