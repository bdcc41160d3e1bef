"""Files are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.errors import AttuneError, OutputError


def output_error(path: Path, cause: OSError) -> OutputError:
    """What to tell a user when a file cannot be written."""
    reason = cause.strerror or str(cause) or type(cause).__name__
    return OutputError(f"cannot write {path}: {reason}. Choose a place that you can write to and that has room")


def make_folder(path: Path) -> Path:
    """Make a folder for results, with its parents.

    Raises
    ------
    OutputError
        When it cannot be made or a file has its name.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"{path} is a file, not a folder: choose another place for the results") from None
    except OSError as error:
        raise output_error(path, error) from error
    return path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that takes its place once the block has succeeded.

    Raises
    ------
    OutputError
        When the place cannot be written; an older ``path`` is then as it was.
    """
    if path.is_dir():
        raise OutputError(f"{path} is a folder: give the name of a file for this result")
    temporary = path.with_name(f".{path.stem}-{os.getpid()}-{secrets.token_hex(4)}{path.suffix}")
    try:
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


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file, then put it in place of ``path``; folders are made as needed.

    Raises
    ------
    OutputError
        When the folder or the file cannot be written; an older ``path`` is then as it was.
    """
    make_folder(path.parent)
    with replacing(path) as draft:
        write(draft)
