"""Files are written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from engine.errors import AttuneError, OutputError

PRIVATE_FOLDER: Final = 0o700
"""Mode of folders with what Attune keeps about a person where nobody named a place for it."""

PRIVATE_FILE: Final = 0o600

_DRAFT = re.compile(r"\..*-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}(\.[^.]*)?")
"""Name of a draft: which machine and which process are writing it."""

_LONGEST_WAIT_S = 30.0
_BEGUN = ".attune-"
_PIECES, _PIECE_BYTES = 32, 8192
_ABANDONED_S = 86_400.0
"""No draft of another machine, or of a process whose number another one has by now, is as old as that."""


def output_error(path: Path, cause: OSError) -> OutputError:
    """What to tell a user when a file cannot be written."""
    reason = cause.strerror or str(cause) or type(cause).__name__
    return OutputError(f"cannot write {path}: {reason}. Choose a place that you can write to and that has room")


def make_folder(path: Path, *, private: bool = False) -> Path:
    """Make a folder for results, with its parents.

    Parameters
    ----------
    path : of the folder.
    private : whether nobody but its owner may look into it; for folders that are made now.

    Raises
    ------
    OutputError
        When it cannot be made or a file has its name.
    """
    try:
        if private and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(PRIVATE_FOLDER if private else 0o777, parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"{path} is a file, not a folder: choose another place for the results") from None
    except OSError as error:
        raise output_error(path, error) from error
    return path


@contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its place once the block has succeeded.

    A process that is killed meanwhile leaves its draft behind; `sweep` removes it.

    Parameters
    ----------
    path : of the file.
    private : whether nobody but its owner may read it; the draft is there already then, and empty.

    Raises
    ------
    OutputError
        When the place cannot be written; an older ``path`` is then as it was.
    """
    if path.is_dir():
        raise OutputError(f"{path} is a folder: give the name of a file for this result")
    temporary = path.with_name(draft_name(path.stem, path.suffix))
    try:
        if private:
            temporary.touch(PRIVATE_FILE, exist_ok=False)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())  # else a power cut could leave the name with nothing behind it
        os.replace(temporary, path)
    except AttuneError:
        raise
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        with suppress(OSError):  # a read-only file system refuses this even where there is nothing to remove
            temporary.unlink(missing_ok=True)


def draft_name(stem: str, suffix: str = "") -> str:
    """A new name for a hidden draft of this process, which `sweep` knows for one."""
    return f".{stem}-{_machine()}-{os.getpid()}-{secrets.token_hex(4)}{suffix}"


def write_atomically(path: Path, write: Callable[[Path], object], *, private: bool = False) -> None:
    """Let ``write`` fill a temporary file, then put it in place of ``path``; folders are made as needed.

    Parameters
    ----------
    path, private : as for `replacing` and `make_folder`.
    write : is given the temporary path.

    Raises
    ------
    OutputError
        When the folder or the file cannot be written; an older ``path`` is then as it was.
    """
    make_folder(path.parent, private=private)
    with replacing(path, private=private) as draft:
        write(draft)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes of this machine that ask for the same out of a folder; they wait. Leaves no file there.

    Raises
    ------
    OutputError
        When another process is in it for over half a minute.
    """
    if sys.platform == "win32":  # folders cannot be locked; a file can, and goes when it is let go
        import filelock

        try:
            with filelock.FileLock(folder / ".lock", timeout=_LONGEST_WAIT_S):
                yield
        except filelock.Timeout:
            raise _busy(folder) from None
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        deadline_s = time.monotonic() + _LONGEST_WAIT_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline_s:
                    raise _busy(folder) from None
                time.sleep(0.01)
                continue
            except OSError:  # network drives may have no locks for folders
                pass
            break
        yield
    finally:
        os.close(descriptor)


def _busy(folder: Path) -> OutputError:
    return OutputError(f"another Attune writes into {folder}: wait until it has ended, or choose another place")


def sampled_checksum(path: Path) -> str:
    """Tells the content of a file, or of all files of a folder, from another: of their sizes and of pieces of them.

    Quick for files of any size. It notices another model, not somebody who changes a few bytes on purpose.

    Raises
    ------
    OSError
        When a file cannot be read.
    """
    digest = hashlib.sha256()
    for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if one.is_file():
            with one.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                digest.update(f"{one.relative_to(path).as_posix()} {size}\n".encode("utf-8", "surrogateescape"))
                for number in range(_PIECES):
                    file.seek(max(0, size - _PIECE_BYTES) * number // (_PIECES - 1))
                    digest.update(file.read(_PIECE_BYTES))
    return digest.hexdigest()


def sweep(folder: Path) -> None:
    """Remove the drafts in a folder, files and folders, that killed processes of this machine left behind.

    What cannot be removed now is removed the next time.
    """
    try:
        names = [one.name for one in os.scandir(folder) if _DRAFT.fullmatch(one.name)]
    except OSError:
        return
    for name in names:
        path = folder / name
        with suppress(OSError):
            if _left_behind(path):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def begin_beside(folder: Path) -> TemporaryDirectory[str]:
    """A temporary folder for what goes into ``folder`` when it is whole; old ones of killed processes are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{_BEGUN}*"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(old, ignore_errors=True)
    return TemporaryDirectory(prefix=_BEGUN, dir=folder)


def _left_behind(draft: Path) -> bool:
    """Whether nobody is writing a draft any more."""
    import psutil

    found = _DRAFT.fullmatch(draft.name)
    if found is not None and found[1] == _machine() and not psutil.pid_exists(int(found[2])):
        return True
    return time.time() - draft.stat().st_mtime > _ABANDONED_S


def _machine() -> str:
    """Tells this machine from others that may write into the same folder."""
    return f"{zlib.crc32(platform.node().encode()):08x}"


def open_private(path: Path) -> int:
    """Make a new file for writing that only its owner can read, whatever the umask; return its descriptor.

    Raises
    ------
    OSError : it cannot be made, or exists.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        os.fchmod(descriptor, 0o600) if hasattr(os, "fchmod") else os.chmod(path, 0o600)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
