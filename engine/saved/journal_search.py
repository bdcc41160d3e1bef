"""Finds where a damaged journal goes on: the next place that holds a whole record."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import numpy as np

from engine.saved.journal_writer import FRAME, MOST_BYTES

_STEP = 1 << 20
"""Bytes that are looked through at once."""

Read = Callable[[int, int], bytes]
"""Gives bytes of the file: the position of the first one, and how many."""


class Search:
    """Searches in a file of ``size`` bytes.

    A place is the beginning of a record when its length lies within the file, its content begins as a map of msgpack
    does, and the checksum is that of the content. What is read for all searches together is a few times the size of
    the file, so that a hostile one cannot keep the reader busy.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._left = 4 * size + MOST_BYTES

    def next_whole(self, read: Read, after: int) -> int | None:
        """The first position behind ``after`` that holds a whole record, None where there is none."""
        for start in range(after + 1, self._size - FRAME.size, _STEP):
            for position, length, checksum in _candidates(read(start, _STEP + FRAME.size), start, self._size):
                self._left -= length
                if self._left < 0:
                    return None
                if zlib.crc32(read(position + FRAME.size, length)) == checksum:
                    return position
        return None


def _candidates(content: bytes, start: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Position, length and checksum of what may be a record, of those that begin in the first `_STEP` bytes."""
    octets = np.frombuffer(content, np.uint8)
    count = min(len(octets) - FRAME.size, _STEP)
    if count <= 0:
        return
    lengths = sum(octets[shift : shift + count].astype(np.int64) << 8 * shift for shift in range(4))
    first = octets[FRAME.size : FRAME.size + count]
    is_map = (first & 0xF0 == 0x80) | (first == 0xDE) | (first == 0xDF)
    ends = start + np.arange(count) + FRAME.size + lengths
    for place in np.flatnonzero(is_map & (lengths > 0) & (lengths <= MOST_BYTES) & (ends <= size)):
        length, checksum = FRAME.unpack_from(content, int(place))
        yield start + int(place), length, checksum
