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
        When the file cannot be written.
    """
    if path is None:
        yield NO_TRACE
        return
    from engine.runtime.trace import FileTrace

    with FileTrace(path) as trace:
        yield trace
