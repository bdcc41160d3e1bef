"""The trace that a command was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.runtime.trace import NO_TRACE

if TYPE_CHECKING:
    from engine.runtime.trace import Trace


@contextmanager
def traced(path: Path | None) -> Iterator[Trace]:
    """A trace that is written to a file, or, without one, that keeps nothing.

    Raises
    ------
    OutputError
        When the file cannot be written, or is something else than a trace.
    """
    if path is None:
        yield NO_TRACE
        return
    from engine.errors import OutputError
    from engine.runtime.trace import FileTrace

    if path.is_file() and not _may_be_json(path):
        raise OutputError(f"{path} is there and is no trace: give the trace another name")
    with FileTrace(path) as trace:
        yield trace


def _may_be_json(path: Path) -> bool:
    """Whether nothing is lost with it that could not be written again, as a recording would be."""
    try:
        with path.open("rb") as file:
            return file.read(1) in (b"", b"{")
    except OSError:
        return True  # writing will say what is wrong
