"""Appends small records to a log that can be read after any kind of end; see `engine.saved.journal` for the reader.

Each record is ``[u32 length][u32 crc32][msgpack map]``, both numbers little-endian; the first one is a header that
says what the file is.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from engine.closing import Closing
from engine.errors import OutputError
from engine.files import open_private, output_error

FORMAT, VERSION = "attune journal", 1
MOST_BYTES = 16 << 20
"""No record is longer: a damaged length must not fill the memory."""

FRAME = struct.Struct("<II")


class JournalWriter(Closing):
    """Appends records to a new file, readable for its owner alone.

    Records are kept in memory until `flush`. When a write fails, the file is cut after its last whole record, and
    everything after that is refused.

    Parameters
    ----------
    path : must not exist yet.
    header : more about the file, for its first record; is written at once.

    Raises
    ------
    OutputError : the file cannot be made.
    """

    def __init__(self, path: Path, header: Mapping[str, object] | None = None) -> None:
        self.path = path
        self._pending: list[bytes] = []
        self._written = 0
        self._failure: OutputError | None = None
        try:
            self._file: int | None = open_private(path)
        except OSError as error:
            raise output_error(path, error) from error
        try:
            self.append({"kind": "header", **(header or {}), "format": FORMAT, "version": VERSION})
            self.flush()
        except BaseException:
            self._release()
            raise

    @property
    def bytes_written(self) -> int:
        """Size of the file."""
        return self._written

    @property
    def gone(self) -> bool:
        """Whether the file was deleted or moved, so that what is written is lost."""
        if self._file is None:
            return False
        try:
            return not os.path.samestat(os.fstat(self._file), os.stat(self.path))
        except OSError:
            return True

    def append(self, record: Mapping[str, object]) -> None:
        """Take a record; it is in the file after the next `flush`.

        Raises
        ------
        OutputError : writing has failed before.
        ValueError : the record is larger than 16 MB.
        """
        import msgpack

        if self._failure is not None:
            raise self._failure
        packed: bytes = msgpack.packb(record, use_bin_type=True, unicode_errors="backslashreplace")
        if len(packed) > MOST_BYTES:
            raise ValueError(f"a record of a journal has at most {MOST_BYTES} bytes, this one has {len(packed)}")
        self._pending.append(FRAME.pack(len(packed), zlib.crc32(packed)) + packed)

    def flush(self) -> None:
        """Hand what has been appended to the system: it outlives this process then.

        Raises
        ------
        OutputError : the disk is full or gone, or the like.
        """
        if self._failure is not None:
            raise self._failure
        if self._file is None or not self._pending:
            return
        pending, self._pending = self._pending, []
        sent, joined = 0, memoryview(b"".join(pending))
        try:
            while sent < len(joined):
                sent += os.write(self._file, joined[sent:])
        except OSError as error:
            whole = _whole_bytes(pending, sent)
            self._failure = output_error(self.path, error)
            self._cut(self._written + whole)
            raise self._failure from error
        self._written += sent

    def sync(self) -> None:
        """Flush, and wait until the disk has it: it outlives a power cut then.

        Raises
        ------
        OutputError : the disk is full or gone, or the like.
        """
        self.flush()
        if self._file is None:
            return
        try:
            os.fsync(self._file)
        except OSError as error:
            self._failure = output_error(self.path, error)
            raise self._failure from error

    def close(self) -> None:
        """Write what is left and close the file; again is harmless, also after a failure.

        Raises
        ------
        OutputError : the rest could not be written.
        """
        if self._file is None:
            return
        try:
            if self._failure is None:
                self.sync()
        finally:
            try:
                self._release()
            except OSError as error:  # a network drive may tell only now that it has no room
                self._failure = self._failure or output_error(self.path, error)
                raise self._failure from error

    def _cut(self, size: int) -> None:
        assert self._file is not None
        with suppress(OSError):  # a reader leaves a torn record out by itself
            os.ftruncate(self._file, size)
            self._written = size

    def _release(self) -> None:
        file, self._file = self._file, None  # whatever the system says, it is closed then
        if file is not None:
            os.close(file)


def _whole_bytes(pending: list[bytes], sent: int) -> int:
    """Bytes of the records that were written whole."""
    whole = 0
    for one in pending:
        if whole + len(one) > sent:
            break
        whole += len(one)
    return whole
