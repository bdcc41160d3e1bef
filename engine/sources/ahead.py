"""Lets a recording be read ahead of the play head, but only so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from engine.sources.base import Item, Source, SourceInfo

_LOOK_S = 0.05


class Ahead:
    """Delivers the items of another source while they are not too far ahead.

    Parameters
    ----------
    source : the source to read; it is closed with this one.
    limit_s : says up to which media time items may leave now; asked again every 50 ms.
    """

    def __init__(self, source: Source, limit_s: Callable[[], float]) -> None:
        self._source = source
        self._limit_s = limit_s
        self._closed = threading.Event()

    @property
    def live(self) -> bool:
        """Whatever the source says."""
        return self._source.live

    @property
    def info(self) -> SourceInfo:
        """What the source delivers."""
        return self._source.info

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks of the source."""
        return self._source.notes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop at once, also while waiting, and close the source. From any thread."""
        self._closed.set()
        self._source.close()

    def __iter__(self) -> Iterator[Item]:
        """Yield each item as soon as it is within the limit."""
        for item in self._source:
            while item.pts_s > self._limit_s():
                if self._closed.wait(_LOOK_S):
                    return
            if self._closed.is_set():
                return
            yield item
