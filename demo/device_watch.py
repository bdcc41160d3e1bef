"""Looks every two seconds which devices there are, so that menus are right when they open."""

from __future__ import annotations

import logging
import threading

from demo.bridge import Devices
from engine.errors import AttuneError

_log = logging.getLogger(__name__)

_PERIOD_S = 2.0


class DeviceWatch:
    """Lists devices in a thread of its own: drivers may take their time."""

    def __init__(self) -> None:
        self._devices = Devices()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attune-devices")
        self._thread.start()

    @property
    def devices(self) -> Devices:
        """What was there at the last look."""
        return self._devices

    def close(self, timeout_s: float) -> bool:
        """End the thread. False when a driver holds it longer."""
        self._closing.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        logged = False
        while not self._closing.is_set():
            try:
                self._devices = find_devices()
            except Exception:  # drivers can fail in any way; what was there at the last look stays listed
                if not logged:
                    _log.exception("the devices cannot be listed; they are looked for again every %.0f s", _PERIOD_S)
                logged = True
            self._closing.wait(_PERIOD_S)


def find_devices() -> Devices:
    """List cameras, microphones and speakers; what cannot be listed is named among the problems."""
    from engine.sources import discovery

    listings = {
        "cameras": discovery.list_cameras,
        "microphones": discovery.list_microphones,
        "speakers": discovery.list_speakers,
    }
    found: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for kind, listing in listings.items():
        try:
            found[kind] = tuple(one.name for one in listing())
        except AttuneError as error:
            problems.append(str(error))
    return Devices(**found, problems=tuple(dict.fromkeys(problems)))
