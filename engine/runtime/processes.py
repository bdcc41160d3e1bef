"""Child processes: what every one of them does so that none outlives its parent or is torn by Ctrl-C."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess

_END_S = 5.0
_LOOK_S = 0.5
_PR_SET_PDEATHSIG = 1
_SYNCHRONIZE, _FOR_EVER = 0x00100000, 0xFFFFFFFF


def stay_with_parent() -> None:
    """Called first in a child: leave Ctrl-C to the parent, and end at once when the parent is gone, even if killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def end_with(parent: int) -> None:
    """Called in a child that was begun as a program: end at once when its parent is gone, also in the middle of work.

    On Linux the kernel sees to it, also while native code holds Python's lock. There the thread that began the child
    has to live as long as the child may.

    Parameters
    ----------
    parent : its process id.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_end_after, args=(parent,), name="parent-watch", daemon=True).start()


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


def _end_after(parent: int) -> None:
    """Look now and then whether the parent is still the one that began this process."""
    if sys.platform == "win32":
        handle = ctypes.windll.kernel32.OpenProcess(_SYNCHRONIZE, False, parent)
        if handle:
            ctypes.windll.kernel32.WaitForSingleObject(handle, _FOR_EVER)
    else:
        while os.getppid() == parent:
            time.sleep(_LOOK_S)
    os._exit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
