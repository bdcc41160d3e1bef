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
        When the file cannot be written, or something else than a trace is there.
    """
    if path is None:
        yield NO_TRACE
        return
    from engine.replaceable import require_replaceable
    from engine.runtime.trace import BEGINS, FileTrace

    require_replaceable(path, (BEGINS,))
    with FileTrace(path) as trace:
        yield trace
