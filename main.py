"""Attune's command line: ``attune`` where it is installed, ``python main.py`` in a checkout."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from types import FrameType

_INTERRUPTED = 130
_ONE_END_S = 5.0
"""A terminal that is closed and a session that ends send several signals one after another: they are one wish."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.

    One that another signal has stopped returns 128 and its number, as a shell tells it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # names of files that the terminal has no letters for
            stream.reconfigure(errors="backslashreplace")
    with _stopping_as_by_ctrl_c() as stopped:
        try:
            from demo.cli.app import run

            status = run(arguments)
        except KeyboardInterrupt:  # before a command could take it
            print("stopped", file=sys.stderr)
            status = _INTERRUPTED
    return 128 + stopped[0] if stopped and status == _INTERRUPTED else status


@contextmanager
def _stopping_as_by_ctrl_c() -> Iterator[list[int]]:
    """Let a command that is told to end, or whose terminal is closed, close its files as it does after Ctrl-C.

    Yields the numbers of the signals that came. One that is ignored stays so, as after ``nohup``.
    """
    came: list[int] = []
    newest_s = -_ONE_END_S

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal newest_s
        before_s, newest_s = newest_s, time.monotonic()
        if newest_s - before_s < _ONE_END_S:
            return
        came.append(number)
        after_ctrl_c = signal.getsignal(signal.SIGINT)
        if not callable(after_ctrl_c):  # it is ignored, as in the background of a shell script
            raise KeyboardInterrupt
        after_ctrl_c(signal.SIGINT, frame)

    every = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    here = threading.current_thread() is threading.main_thread()
    changed = [one for one in every if here and signal.getsignal(one) is signal.SIG_DFL]
    for one in changed:
        signal.signal(one, stop)
    try:
        yield came
    finally:
        for one in changed:
            signal.signal(one, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main())
