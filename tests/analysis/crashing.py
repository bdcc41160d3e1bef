"""The real analysis with a codec that really crashes: python -m tests.analysis.crashing ARGUMENT...

In every process that decodes a file named crashes.mp4, memory is read that is not there.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from typing import Any

import engine.analysis.analyzer
from engine.analysis.analyzer import Analyzer, Files, Share, Task
from engine.sources.decode import StreamDecoder
from main import main


class Crashing(Analyzer):
    """As its base, with the worst of all decoders."""

    def __call__(self, task: Task, tell: Callable[[Share], None]) -> Files:
        crash(task.path.name)
        return super().__call__(task, tell)

    def __reduce__(self) -> Any:
        return Crashing, super().__reduce__()[1]


def crash(name: str) -> None:
    """Let the decoder of this process crash in the middle of a file of that name."""
    packets = StreamDecoder.packets

    def crashing(self: StreamDecoder) -> Iterator[Any]:
        for number, packet in enumerate(packets(self)):
            if name == "crashes.mp4" and number == 5:
                ctypes.string_at(0)
            yield packet

    StreamDecoder.packets = crashing  # type: ignore[method-assign]


if __name__ == "__main__":
    import tests.analysis.crashing as this

    engine.analysis.analyzer.Analyzer = this.Crashing  # type: ignore[misc]
    sys.exit(main(["analyze", *sys.argv[1:]]))
