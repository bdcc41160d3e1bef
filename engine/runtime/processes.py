"""Child processes: what every one of them does so that none outlives its parent or is torn by Ctrl-C."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess

_END_S = 5.0


def stay_with_parent() -> None:
    """Called first in a child: leave Ctrl-C to the parent, and end at once when the parent is gone, even if killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def end_process(process: SpawnProcess, bounded_s: float) -> None:
    """Wait so long for a child to end, then make it; afterwards it is gone."""
    process.join(bounded_s)
    for end in (process.terminate, process.kill):
        if process.is_alive():
            end()
            process.join(_END_S)


@contextmanager
def without_interrupts() -> Iterator[None]:
    """Keep Ctrl-C from a child that begins, until it can look after itself; for this process it is put off.

    A blocked signal stays blocked in the new process, so none is lost here and none is seen there.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
