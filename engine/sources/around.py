"""What sources share that let another one's items through."""

from __future__ import annotations

import threading

from engine.closing import Closing
from engine.sources.base import Source, SourceInfo


class Around(Closing):
    """Says what the source inside says, and closes it.

    Parameters
    ----------
    source : the source inside.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._closed = threading.Event()

    @property
    def live(self) -> bool:
        """Whatever the source says: letting its items through later loses none."""
        return self._source.live

    @property
    def info(self) -> SourceInfo:
        """What the source delivers."""
        return self._source.info

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks of the source."""
        return self._source.notes

    def close(self) -> None:
        """Stop at once, also while waiting, and close the source inside. From any thread."""
        self._closed.set()
        self._source.close()
