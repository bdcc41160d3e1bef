"""Joining a Ray cluster."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.errors import AssetError, DataError, OutputError

log = logging.getLogger(__name__)

_CONNECT_S = 5.0


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """The module ``ray``, connected to a cluster for as long as the context lasts.

    Parameters
    ----------
    address : "auto" for the cluster of this machine, or HOST:PORT.

    Raises
    ------
    AssetError
        When Ray is not installed.
    OutputError
        When there is no cluster at the address.
    DataError
        When it is no address.
    """
    ray = _connect(address)
    try:
        yield ray
    finally:
        ray.shutdown()


def _connect(address: str) -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is sent anywhere
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else Ray warns about what it will do one day
    try:
        import ray
    except ImportError:
        raise AssetError("--ray needs Ray, which is not installed: pip install 'attune[cluster]'") from None
    import ray.util.scheduling_strategies

    place = "on this machine" if address == "auto" else f"at {address}"
    nothing = OutputError(
        f"there is no Ray cluster {place}: begin one with `ray start --head --disable-usage-stats` and let this "
        "machine and the others join it with `ray start --address HOST:PORT`"
    )
    host, _, port = address.rpartition(":")
    if address != "auto":
        if not host or not port.isdecimal():
            raise DataError(f"--ray {address}: give 'auto' or HOST:PORT")
        try:
            socket.create_connection((host, int(port)), timeout=_CONNECT_S).close()
        except (OSError, OverflowError):
            raise nothing from None
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        log.debug("cannot join %s", address, exc_info=True)
        nothing.add_note(str(error))
        raise nothing from error
    return ray
