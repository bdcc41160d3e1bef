"""What waits to be recorded, measured in bytes."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from engine.types import AudioBlock, VideoFrame

PICTURE_BYTES = 96 << 20
"""So much of pictures may wait: 3.6 s at 640x480 and 30 Hz, half a second at 1080p."""

MOST_BYTES = 256 << 20
"""Where so much of all waits, the disk does not answer any more: two hours of sound and reports."""

_SMALL = 2048


class Inbox:
    """A queue in which nobody waits who puts something in. Pictures that find no room are dropped and counted.

    Attributes
    ----------
    dropped : pictures that found no room.
    overflown : something else than a picture found no room.
    """

    def __init__(self, picture_bytes: int = PICTURE_BYTES, most_bytes: int = MOST_BYTES) -> None:
        self.dropped = 0
        self.overflown = False
        self._picture_bytes, self._most_bytes = picture_bytes, most_bytes
        self._changed = threading.Condition()
        self._items: deque[tuple[Any, int]] = deque()
        self._pictures = self._others = 0
        self._open = True

    def put(self, item: Any, size: int = _SMALL) -> None:
        """Add something of about so many bytes; after `close` nothing happens."""
        with self._changed:
            if not self._open:
                return
            if isinstance(item, VideoFrame):
                size = item.rgb.nbytes
                if self._pictures + size > self._picture_bytes and self._pictures:
                    self.dropped += 1
                    return
                self._pictures += size
            else:
                size = item.samples.nbytes if isinstance(item, AudioBlock) else size
                if self._others + size > self._most_bytes:
                    self.overflown = True
                    return
                self._others += size
            self._items.append((item, size))
            self._changed.notify()

    def take(self, timeout_s: float) -> Any | None:
        """The oldest item; None where nothing came in time, or nothing will come."""
        with self._changed:
            if not self._items and self._open:
                self._changed.wait(timeout_s)
            if not self._items:
                return None
            item, size = self._items.popleft()
            if isinstance(item, VideoFrame):
                self._pictures -= size
            else:
                self._others -= size
            return item

    def close(self, *, clear: bool = False) -> None:
        """Take nothing more; with ``clear`` forget what waits."""
        with self._changed:
            self._open = False
            if clear:
                self._items.clear()
                self._pictures = self._others = 0
            self._changed.notify_all()

    @property
    def done(self) -> bool:
        """Whether it is closed and empty."""
        with self._changed:
            return not self._open and not self._items
