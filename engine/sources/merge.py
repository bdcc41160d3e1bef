"""Brings the items of devices into order of time, waiting a little for what may still come."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.sources.base import Item
from engine.types import AudioBlock, VideoFrame

MOST_PATIENCE_S = 2.0
_MARGIN_S = 0.1


@dataclass(slots=True)
class _Stream:
    room: int
    items: deque[tuple[Item, float]] = field(default_factory=deque)
    newest_s: float = float("-inf")
    dropped: int = 0
    torn: bool = False
    patience_s: float = 0.0


class Merger:
    """Items of several streams, each in order by itself, out again in order of ``pts_s``; sound first where equal.

    An item leaves when every awaited stream has come as far, or when it has waited long enough. What
    comes later than something that has left already is dropped and counted; then the others wait
    longer for that stream (2 s at most), because a device with a long buffer is always as late.

    Parameters
    ----------
    rooms : by the name of each stream, how many of its items are kept waiting; the oldest are dropped.

    Examples
    --------
    >>> import numpy as np
    >>> merger = Merger({"camera": 8, "microphone": 8})
    >>> picture = VideoFrame(seq=0, pts_s=0.5, captured_s=0.5, rgb=np.zeros((1, 1, 3), np.uint8))
    >>> merger.put("camera", picture, now_s=0.5)
    >>> merger.pop(0.6, {"microphone": 0.5}) is None, merger.pop(1.0, {"microphone": 0.5}) is picture
    (True, True)
    """

    def __init__(self, rooms: Mapping[str, int]) -> None:
        self._streams = {name: _Stream(room) for name, room in rooms.items()}
        self._left_s = float("-inf")

    def __len__(self) -> int:
        return sum(len(one.items) for one in self._streams.values())

    def dropped(self, name: str) -> int:
        """How many items of a stream came too late or found no room."""
        return self._streams[name].dropped

    def advance(self, name: str, pts_s: float) -> None:
        """The stream has come to ``pts_s``: no earlier item of it will come."""
        stream = self._streams[name]
        stream.newest_s = max(stream.newest_s, pts_s)

    def put(self, name: str, item: Item, now_s: float, late_s: float = 0.0) -> None:
        """Take an item at ``now_s``, ``late_s`` after the instant that its time stamp means."""
        stream = self._streams[name]
        self.advance(name, item.pts_s)
        if item.pts_s < self._left_s:
            stream.patience_s = min(MOST_PATIENCE_S, max(stream.patience_s, late_s + _MARGIN_S))
            stream.torn = True
            stream.dropped += 1
            return
        if len(stream.items) >= stream.room:
            stream.items.popleft()
            stream.dropped += 1
            if stream.items:
                self._mark_gap(stream)
            else:
                stream.torn = True
        if stream.torn and isinstance(item, AudioBlock):
            item = replace(item, gap=True)
        stream.torn = False
        stream.items.append((item, now_s))

    def pop(self, now_s: float, awaited: Mapping[str, float]) -> Item | None:
        """The next item, or None while it may not leave or there is none.

        ``awaited`` names the streams that something may still come from, each with the seconds that others wait for it.
        """
        ready = [one for one in self._streams.values() if one.items]
        if not ready:
            return None
        first = min(ready, key=lambda one: (one.items[0][0].pts_s, isinstance(one.items[0][0], VideoFrame)))
        item, came_s = first.items[0]
        for name, patience_s in awaited.items():
            other = self._streams[name]
            behind = other is not first and other.newest_s < item.pts_s
            if behind and now_s - came_s < max(patience_s, other.patience_s):
                return None
        first.items.popleft()
        self._left_s = item.pts_s
        return item

    @staticmethod
    def _mark_gap(stream: _Stream) -> None:
        item, came_s = stream.items[0]
        if isinstance(item, AudioBlock):
            stream.items[0] = (replace(item, gap=True), came_s)
