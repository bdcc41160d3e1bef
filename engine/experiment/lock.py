"""One process at a time works on a folder of results."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import OutputError
from engine.files import output_error
from engine.new_folder import making_folder

if TYPE_CHECKING:
    from filelock import FileLock

LOCK = ".lock"
OWNER = ".lock-owner.json"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder, which is made if need be, and goes again where the block fails before anything came into it.

    The lock is the operating system's, so it is gone with the process that holds it, however that ends.

    Raises
    ------
    OutputError
        When another process holds the folder, or it cannot be written.
    """
    with making_folder(folder):
        lock = _acquired(folder)
        owner = folder / OWNER
        try:
            _write_owner(owner)
            yield
        except BaseException:
            with suppress(OSError):  # Windows removes no file that is open
                owner.unlink(missing_ok=True)
                if os.listdir(folder) == [LOCK]:
                    (folder / LOCK).unlink()  # before it is let go, so that nobody can hold what is no longer there
            raise
        finally:
            owner.unlink(missing_ok=True)
            lock.release()


def _acquired(folder: Path) -> FileLock:
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise OutputError(
            f"{folder} is in use by another `attune experiment run`{_owner(folder)}: "
            "wait for it or choose another folder"
        ) from None
    except NotImplementedError as error:  # a file system without locks
        raise OutputError(f"{folder} is on a file system that cannot lock files: choose a folder elsewhere") from error
    except OSError as error:
        raise output_error(folder / LOCK, error) from error
    return lock


def _write_owner(path: Path) -> None:
    about = {
        "process": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
    }
    try:
        path.write_text(json.dumps(about) + "\n", encoding="utf-8")
    except OSError as error:
        raise output_error(path, error) from error


def _owner(folder: Path) -> str:
    """Who holds the folder, as far as is known."""
    try:
        about = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        return f" (process {about['process']} on host {about['host']}, since {about['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
