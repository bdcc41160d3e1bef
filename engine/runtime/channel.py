"""A bounded queue between two threads that can be ended by its writers and closed by anybody."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
_Ready: TypeAlias = Callable[[], bool]


class EndOfChannel(Exception):
    """Every writer has finished and everything written has been taken."""


class ChannelClosed(Exception):
    """The channel was closed: nothing goes in or comes out any more."""


class Channel(Generic[T]):
    """First in, first out, between threads, holding at most ``capacity`` items.

    Parameters
    ----------
    capacity : most items held.
    drop_oldest : a full channel drops its oldest item and counts it, as a live source needs; by
        default it makes the writer wait.
    writers : how many writers must `finish` before it ends.

    Examples
    --------
    >>> channel = Channel[int](2, drop_oldest=True)
    >>> for number in range(4):
    ...     channel.put(number)
    >>> channel.finish()
    >>> channel.get(), channel.get(), channel.dropped
    (2, 3, 2)
    """

    def __init__(self, capacity: int, *, drop_oldest: bool = False, writers: int = 1) -> None:
        if capacity < 1:
            raise ValueError(f"a channel holds at least one item, got a capacity of {capacity}")
        self.capacity = capacity
        self.drop_oldest = drop_oldest
        self._items: deque[tuple[T, bool]] = deque()  # and whether it may be left out
        self._writers = writers
        self._closed = False
        self._dropped = 0
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._items)

    @property
    def dropped(self) -> int:
        """How many items were dropped because the reader was too slow."""
        return self._dropped

    def put(self, item: T, timeout_s: float | None = None, *, if_room: bool = False) -> None:
        """Add an item.

        Parameters
        ----------
        item : what to add.
        timeout_s : longest wait for room in a channel that blocks; None waits until there is room or
            the channel is closed.
        if_room : when the channel drops and is full, leave this item out, now or later, rather than another; that
            is not counted.

        Raises
        ------
        ChannelClosed : it is closed, also while waiting.
        TimeoutError : there was no room in time.
        """
        with self._changed:
            if not self.drop_oldest:
                self._wait(lambda: len(self._items) < self.capacity, timeout_s, "is full")
            elif len(self._items) >= self.capacity and not self._closed:
                if if_room:
                    return
                self._make_room()
            if self._closed:
                raise ChannelClosed
            self._items.append((item, if_room))
            self._changed.notify_all()

    def get(self, timeout_s: float | None = None) -> T:
        """Take the oldest item.

        Raises
        ------
        EndOfChannel : all writers have finished and nothing is left.
        ChannelClosed : it is closed, also while waiting.
        TimeoutError : nothing came in time.
        """
        with self._changed:
            self._wait(lambda: len(self._items) > 0 or self._writers <= 0, timeout_s, "is empty")
            if self._closed:
                raise ChannelClosed
            if not self._items:
                raise EndOfChannel
            item, _ = self._items.popleft()
            self._changed.notify_all()
            return item

    def finish(self) -> None:
        """Say that one writer is done; the channel ends with the last one."""
        with self._changed:
            self._writers -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Drop what is in it and wake everybody who waits; closing again is harmless."""
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()

    def _make_room(self) -> None:
        """Leave out the oldest item that may be, else drop the oldest and count it."""
        for at, (_, if_room) in enumerate(self._items):
            if if_room:
                del self._items[at]
                return
        self._items.popleft()
        self._dropped += 1

    def _wait(self, ready: _Ready, timeout_s: float | None, state: str) -> None:
        """Wait until ``ready`` or closed, holding the lock."""
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._closed and not ready():
            left_s = None if deadline_s is None else deadline_s - time.monotonic()
            if left_s is not None and left_s <= 0:
                raise TimeoutError(f"the channel {state} after {timeout_s} s")
            self._changed.wait(left_s)
