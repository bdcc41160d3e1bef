"""A file that a muxer writes to, whose errors come as clean ones."""

from __future__ import annotations

import os
from pathlib import Path

from engine.errors import OutputError
from engine.files import open_private, output_error


class OutputFile:
    """A new file, readable for its owner alone, with the methods that PyAV calls.

    After the first failure nothing more is written, and calls succeed: so the muxer can end in peace, and what is on
    the disk stays as it is. Who writes asks `check` now and then.

    Parameters
    ----------
    path : must not exist yet.
    called : what messages call it, where it gets another name once it is whole.

    Attributes
    ----------
    name : of the file; PyAV reads it.
    failure : what went wrong.

    Raises
    ------
    OutputError : it cannot be made.
    """

    def __init__(self, path: Path, called: Path | None = None) -> None:
        self.path = path
        self._called = path if called is None else called
        self.name = str(path)
        self.failure: OutputError | None = None
        try:
            self._descriptor: int | None = open_private(path)
        except OSError as error:
            raise output_error(self._called, error) from error
        self._size = 0
        self._at = 0

    @property
    def size(self) -> int:
        """Bytes that have been written."""
        return self._size

    def write(self, data: bytes) -> int:
        """Write all of ``data``."""
        view = memoryview(data)
        try:
            sent = 0
            while sent < len(view) and self.failure is None and self._descriptor is not None:
                sent += os.write(self._descriptor, view[sent:])
        except OSError as error:
            self.failure = output_error(self._called, error)
        self._at += len(view)
        if self.failure is None:
            self._size = max(self._size, self._at)
        return len(view)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = start + offset
        if self.failure is None and self._descriptor is not None:
            try:
                os.lseek(self._descriptor, self._at, os.SEEK_SET)
            except OSError as error:
                self.failure = output_error(self._called, error)
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at

    def check(self) -> None:
        """Raise the OutputError of a write that has failed."""
        if self.failure is not None:
            raise self.failure

    def gone(self) -> bool:
        """Whether its name does not lead to it any more: what is written then is lost when it is closed."""
        if self._descriptor is None:
            return False
        try:
            return not os.path.samestat(os.fstat(self._descriptor), os.stat(self.path))
        except OSError:
            return True

    def sync(self) -> None:
        """Wait until the disk has what has been written.

        Raises
        ------
        OutputError : it does not take it, or a write has failed before.
        """
        self.check()
        try:
            if self._descriptor is not None:
                os.fsync(self._descriptor)
        except OSError as error:
            self.failure = output_error(self._called, error)
            raise self.failure from error

    def close(self) -> None:
        """Close it; again is harmless.

        Raises
        ------
        OutputError : it is closed, but only now the disk tells that it has not taken everything, as network drives do.
        """
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        try:
            os.close(descriptor)
        except OSError as error:
            self.failure = self.failure or output_error(self._called, error)
            raise self.failure from error
