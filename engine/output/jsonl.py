"""Messages as lines of JSON, into a file, a pipe or the standard output."""

from __future__ import annotations

import errno
import os
import select
import stat
from contextlib import suppress
from pathlib import Path

from engine.errors import OutputError
from engine.files import PRIVATE_FILE, output_error
from engine.output.lane import ROOM, Lane
from engine.output.message import Message

_PIECE = 4096
"""As much as a pipe takes without blocking when it says that it takes something (POSIX: PIPE_BUF)."""

_LOOK_MS = 100


class JsonLines:
    """Writes a line for each message, at once, in a thread of its own.

    Parameters
    ----------
    path : a new or empty file, readable for its owner alone, a named pipe that somebody reads, or None for the
        standard output.
    room : how many messages may wait for a slow reader before the oldest are lost, which it is told.

    Raises
    ------
    OutputError : it cannot be written, holds something already, or is a pipe that nobody reads.
    """

    def __init__(self, path: Path | None, *, room: int = ROOM) -> None:
        self._path = path
        self._file = os.dup(1) if path is None else _open(path)
        self._regular = stat.S_ISREG(os.fstat(self._file).st_mode)
        # Windows can wait for sockets alone: there a reader that stops reading holds the thread, and nothing else.
        self._poll = select.poll() if not self._regular and hasattr(select, "poll") else None
        if self._poll is not None:
            self._poll.register(self._file, select.POLLOUT)
        self._lane = Lane("jsonl", self._write, self._sentence, room=room)
        self._closed = False

    @property
    def where(self) -> str:
        """Where the lines go."""
        return f"JSON lines go to {self._name}"

    @property
    def problem(self) -> str | None:
        """Why no more lines are written."""
        return self._lane.problem

    def offer(self, message: Message) -> None:
        """Let a message be written."""
        self._lane.offer(message)

    def close(self, timeout_s: float) -> None:
        """Write what waits, and close the file; again is harmless."""
        ended = self._lane.close(timeout_s)
        if ended and not self._closed:  # else the thread could write into what gets the number of this file next
            self._closed = True
            os.close(self._file)

    @property
    def _name(self) -> str:
        return "the standard output" if self._path is None else str(self._path)

    def _write(self, message: Message, missed: int) -> None:
        if missed:
            self._write_line(message.after_loss(missed).line)
        self._write_line(message.line)

    def _write_line(self, line: str) -> None:
        data = memoryview((line + "\n").encode())
        whole = os.fstat(self._file).st_size if self._regular else 0
        try:
            while data and self._is_ready():
                data = data[os.write(self._file, data[:_PIECE] if self._poll is not None else data) :]
        except BlockingIOError:  # a pipe that somebody else filled meanwhile
            self._write_rest(data)
        except OSError:
            if self._regular:  # a full disk takes a part of a line: leave whole ones
                os.ftruncate(self._file, whole)
            raise

    def _write_rest(self, data: memoryview) -> None:
        while data and self._is_ready():
            try:
                data = data[os.write(self._file, data[:1]) :]
            except BlockingIOError:
                self._lane.abandoned.wait(_LOOK_MS / 1000)

    def _is_ready(self) -> bool:
        """Wait until something can be written; False when that is given up."""
        while self._poll is not None and not self._poll.poll(_LOOK_MS):
            if self._lane.abandoned.is_set():
                return False
        return True

    def _sentence(self, error: Exception) -> str:
        if isinstance(error, OSError) and error.errno in (errno.EPIPE, errno.EINVAL):
            return f"The program that read the JSON lines from {self._name} has ended: no more are written."
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
        whole = " What was written is whole." if self._regular else ""
        return f"No more JSON lines are written to {self._name}: {reason}.{whole}"


def _open(path: Path) -> int:
    """Open a file for writing; a named pipe without waiting for its reader."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    flags |= getattr(os, "O_BINARY", 0)
    if path.is_dir():
        raise OutputError(f"{path} is a folder: give the name of a file for the JSON lines")
    try:
        file = os.open(path, flags, PRIVATE_FILE)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OutputError(f"nobody reads the pipe {path}: start the program that reads it first") from None
        raise output_error(path, error) from error
    found = os.fstat(file)
    if not stat.S_ISREG(found.st_mode):
        return file
    if found.st_size:
        os.close(file)
        raise OutputError(f"{path} holds something already: give the JSON lines another name, or remove it")
    if hasattr(os, "fchmod"):
        with suppress(OSError):  # an empty one of somebody else, or a disk that knows no rights
            os.fchmod(file, PRIVATE_FILE)
    return file
