"""Lets a recording be read ahead of the play head, but only so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.sources.around import Around
from engine.sources.base import Item, Source

_LOOK_S = 0.05


class Ahead(Around):
    """Delivers the items of another source while they are not too far ahead.

    Parameters
    ----------
    source : the source to read; it is closed with this one.
    limit_s : says up to which media time items may leave now; asked again every 50 ms.
    """

    def __init__(self, source: Source, limit_s: Callable[[], float]) -> None:
        super().__init__(source)
        self._limit_s = limit_s

    def __iter__(self) -> Iterator[Item]:
        """Yield each item as soon as it is within the limit."""
        for item in self._source:
            while item.pts_s > self._limit_s():
                if self._closed.wait(_LOOK_S):
                    return
            if self._closed.is_set():
                return
            yield item
