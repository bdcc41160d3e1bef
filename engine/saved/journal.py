"""Reads an append-only log of small records, after any kind of end.

`engine.saved.journal_writer` says how it is written. What a crash has torn at the end is left out; damage in the middle
costs the records that it hit, since reading goes on at the next whole one.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from engine.errors import DataError
from engine.saved.journal_search import Search
from engine.saved.journal_writer import FORMAT, FRAME, MOST_BYTES, VERSION, JournalWriter

__all__ = ["FORMAT", "MOST_BYTES", "VERSION", "Journal", "JournalWriter", "read_journal"]

_MOST_ITEMS = 4096


class Journal:
    """The records of a journal, read one by one; iterate as often as wanted.

    Attributes
    ----------
    header : the first record.
    torn_at : after iteration, the position in the file from which on nothing could be read, as after a crash; None
        where it was read to its end.
    damaged : after iteration, how many times one or more records were left out because they are not what was written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.torn_at: int | None = None
        self.damaged = 0
        with _open_regular(path) as file:
            first = next(self._frames(file, 0), (0, None))[1]
        if first is None or first.get("format") != FORMAT:
            raise DataError(f"{path} is not a journal of Attune, or its beginning is damaged: it cannot be read")
        if first.get("version") != VERSION:
            raise DataError(f"{path} was written by a newer Attune: update Attune to read it")
        self.header: dict[str, Any] = first

    @property
    def torn(self) -> bool:
        """Whether it ended before the end of the file."""
        return self.torn_at is not None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the records after the header.

        Raises
        ------
        DataError : the file cannot be read any more.
        """
        for position, record in self.placed():
            if position and record is not None:
                yield record

    def placed(self, position: int = 0) -> Iterator[tuple[int, dict[str, Any] | None]]:
        """Yield the records from the one at a position of the file on, each with its own; None for a damaged one.

        Raises
        ------
        DataError : the file cannot be read any more.
        """
        with _open_regular(self.path) as file:
            yield from self._frames(file, position)

    def _frames(self, file: BinaryIO, position: int) -> Iterator[tuple[int, dict[str, Any] | None]]:
        self.torn_at, self.damaged = None, 0
        try:
            size = os.fstat(file.fileno()).st_size
            file.seek(position)
        except OSError as error:
            raise _unreadable(self.path, error) from error
        search = Search(size)
        while position < size:
            packed = self._whole(file, size - position - FRAME.size)
            if packed is not None:
                record, follows = _unpacked(packed), position + FRAME.size + len(packed)
            else:
                record, found = None, search.next_whole(lambda at, count: self._read(file, count, at), position)
                if found is None:
                    self.torn_at = position
                    return
                follows = file.seek(found)
            self.damaged += record is None
            yield position, record
            position = follows

    def _whole(self, file: BinaryIO, left: int) -> bytes | None:
        """The content of the record that begins here, None where it is not what was written; ``left``: bytes left."""
        frame = self._read(file, FRAME.size)
        length, checksum = FRAME.unpack(frame) if len(frame) == FRAME.size else (0, 0)
        if not 0 < length <= min(left, MOST_BYTES):
            return None
        packed = self._read(file, length)
        return packed if len(packed) == length and zlib.crc32(packed) == checksum else None

    def _read(self, file: BinaryIO, count: int, at: int | None = None) -> bytes:
        try:
            if at is not None:
                file.seek(at)
            return file.read(count)
        except OSError as error:
            raise _unreadable(self.path, error) from error


def read_journal(path: Path) -> Journal:
    """Open a journal for reading; also one that is still being written.

    Raises
    ------
    DataError : it is not there, is no journal, or was written by a newer version.
    """
    return Journal(path)


def _open_regular(path: Path) -> BinaryIO:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise DataError(f"{path} is no ordinary file: it cannot be read")
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(f"cannot read {path}: {error.strerror or error}. Check that it is there and that you may read it")


def _unpacked(packed: bytes) -> dict[str, Any] | None:
    """The record; None where it is not one. Declared lengths are bounded, since lists are made before they are read."""
    import msgpack

    try:
        record = msgpack.unpackb(
            packed, raw=False, strict_map_key=True, max_array_len=_MOST_ITEMS, max_map_len=_MOST_ITEMS, max_ext_len=0
        )
    except (ValueError, msgpack.UnpackException, RecursionError):
        return None
    return record if isinstance(record, dict) else None
