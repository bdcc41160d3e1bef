"""Processes that a measurement starts: the command itself, or one of its parts with something to tell."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_END_S = 10.0
_ROOT = Path(__file__).parents[2]


def window_environment() -> tuple[dict[str, str], str]:
    """Variables for a process with a window, and where that is: on the display, offscreen where there is none."""
    from demo.display import why_no_window

    environment = dict(os.environ)
    if why_no_window() is None:
        chosen = environment.get("QT_QPA_PLATFORM", "")
        return environment, "offscreen" if chosen == "offscreen" else "on the display"
    return environment | {"QT_QPA_PLATFORM": "offscreen"}, "offscreen"


def module_command(module: str, *arguments: str) -> list[str]:
    """How to run a module of this program in a process of its own."""
    code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from {module} import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", code, *arguments]


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A process whose output is read line by line; it is asked to stop at the end, and made to if it does not."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[str]) -> None:
    """End a process: as Ctrl-C does, and for good where that does not help."""
    if process.poll() is None:
        with suppress(OSError):
            process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        try:
            process.communicate(timeout=_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
