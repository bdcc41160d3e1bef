"""Other processes that keep the processor busy, surely ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

_WORK = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
print(flush=True)
while True:
    sum(range(10_000))
"""
"""Ends by itself when its input does: also when its parent is killed."""

_END_S = 5.0


@contextmanager
def busy_processes(count: int) -> Iterator[tuple[int, ...]]:
    """So many processes of normal priority that compute without a pause. Yields their ids, all of them at work."""
    with ExitStack() as stack:
        started = [stack.enter_context(_busy()) for _ in range(count)]
        yield tuple(one.pid for one in started)


@contextmanager
def _busy() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", _WORK], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:  # closes its input, and waits
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()
            process.wait(_END_S)
