"""The folder of a recorded session: its files, who may read them, who writes at present, and how it is deleted."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.errors import DataError, OutputError
from engine.files import open_private, output_error, replacing
from engine.saved.about import SessionAbout
from engine.saved.own_files import own_files, size_bytes
from engine.saved.place import ABOUT, ANNOTATIONS, JOURNAL, LOCK, MEDIA, make_folder, occupied, place_for

if TYPE_CHECKING:
    from filelock import FileLock

__all__ = ["ABOUT", "ANNOTATIONS", "JOURNAL", "LOCK", "MEDIA", "SessionFolder", "is_session", "place_for"]

_MOST_BYTES = 4 << 20


class SessionFolder:
    """A folder with one recorded session in it.

    Attributes
    ----------
    path : of the folder.
    about_path, media_path, journal_path, annotations_path : of its files.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about_path = path / ABOUT
        self.media_path = path / MEDIA
        self.journal_path = path / JOURNAL
        self.annotations_path = path / ANNOTATIONS
        self._lock: FileLock | None = None
        self._missing: tuple[Path, ...] = ()

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make the folder for a new session, for its owner alone, and hold it until `release`.

        Raises
        ------
        OutputError : it cannot be made, is not empty, or another Attune records into it.
        """
        folder = cls(path)
        folder._missing = tuple(one for one in (path / LOCK, path, *path.parents) if not os.path.lexists(one))
        try:
            if path.is_dir():
                folder._require_empty()  # before anything in it is changed
            make_folder(path)
            folder.hold()
            folder._require_empty()  # another one may have come first
        except BaseException as error:
            folder.abandon()
            if isinstance(error, OSError) and not isinstance(error, OutputError):
                raise output_error(path, error) from error
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> Self:
        """The folder of a session that was recorded.

        Raises
        ------
        DataError : it holds none.
        """
        folder = cls(path)
        if not path.is_dir():
            raise DataError(
                f"{path} is not the folder of a recorded session: name one that `attune live --record` made"
            )
        if not folder.about_path.is_file():
            raise DataError(
                f"{path} holds no recorded session (there is no {ABOUT}): name the folder of one, as "
                "`attune live --record` made it"
            )
        return folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    @property
    def in_use(self) -> bool:
        """Whether somebody writes into it at present, in this process or another one."""
        if self._lock is not None:
            return True
        if not (self.path / LOCK).exists():
            return False
        try:
            self._acquire().release()
        except TimeoutError:
            return True
        except (OSError, NotImplementedError):
            return False  # who cannot lock cannot write either
        return False

    def hold(self) -> None:
        """Be the only one who writes into it, until `release` or the end of the process.

        Raises
        ------
        OutputError : somebody else is, or it cannot be written.
        """
        try:
            self._lock = self._acquire()
            os.chmod(self.path / LOCK, 0o600)
        except TimeoutError:
            raise _in_use(self.path) from None
        except NotImplementedError as error:  # a file system without locks
            raise OutputError(
                f"{self.path} is on a file system that cannot lock files: choose a folder elsewhere"
            ) from error
        except OSError as error:
            self.release()
            raise output_error(self.path / LOCK, error) from error

    def release(self) -> None:
        """Let others write; again is harmless."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def abandon(self) -> None:
        """Let others write, and remove what `create` has made, as far as nothing is in it."""
        held = self._lock is not None
        self.release()
        for one in self._missing:
            with suppress(OSError):  # not empty, or gone
                if one.name != LOCK:
                    one.rmdir()
                elif held:  # else it is somebody else's
                    one.unlink()
        self._missing = ()

    def read_about(self) -> SessionAbout:
        """What the session is.

        Raises
        ------
        DataError : session.json is missing, damaged, or was written by a newer version.
        """
        path = self.about_path
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
                raise DataError(f"{path} does not describe a session: it is no file, or far too large")
            with path.open("rb") as file:
                content = json.loads(file.read(_MOST_BYTES))
            # Halves of a character, which no text file can hold, come as escapes.
            content = json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
        except DataError:  # it is a ValueError, too
            raise
        except OSError as error:
            raise DataError(f"cannot read {path}: {error.strerror or error}") from error
        except (ValueError, RecursionError):
            raise DataError(f"{path} is damaged: it cannot be read. What was recorded is beside it") from None
        return SessionAbout.from_json(content, path)

    def write_about(self, about: SessionAbout) -> None:
        """Write session.json, whole or not at all.

        Raises
        ------
        OutputError : it cannot be written; an older one is as it was.
        """
        text = json.dumps(about.to_json(), indent=1, ensure_ascii=False) + "\n"
        with replacing(self.about_path) as draft, os.fdopen(open_private(draft), "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))  # names of devices may be of any bytes

    def size_bytes(self) -> int:
        """Bytes that its files take."""
        return sum(size_bytes(path) for path in own_files(self.path))

    def delete(self) -> tuple[Path, ...]:
        """Remove everything that belongs to the session, and the folder where nothing else is in it.

        Links are removed, not what they point to.

        Returns
        -------
        What is left, because it is not of the session.

        Raises
        ------
        OutputError : it is in use or cannot be removed, or it is no folder of a session.
        """
        if self.path.is_symlink():
            raise OutputError(f"{self.path} is a link: delete the folder that it points to")
        if not any(path.exists() for path in (self.about_path, self.journal_path)):
            raise OutputError(f"{self.path} holds no recorded session: nothing was deleted")
        if self._lock is None:
            self.hold()
        try:
            own = list(own_files(self.path))
            for path in (one for one in own if one.name != LOCK):
                path.unlink(missing_ok=True)
            self.release()
            (self.path / LOCK).unlink(missing_ok=True)
            left = tuple(sorted(self.path.iterdir()))
            if not left:
                self.path.rmdir()
        except OSError as error:
            raise OutputError(
                f"cannot delete {error.filename or self.path}: {error.strerror or error}. Delete the folder by hand"
            ) from error
        finally:
            self.release()
        return left

    def _acquire(self) -> FileLock:
        """The lock of the folder; a TimeoutError (filelock's is one) where somebody else has it."""
        from filelock import FileLock

        lock = FileLock(self.path / LOCK, mode=0o600, is_singleton=False, thread_local=False)
        lock.acquire(timeout=0)
        return lock

    def _require_empty(self) -> None:
        found = sorted(one.name for one in self.path.iterdir() if one.name != LOCK)
        if found:
            if self._lock is None and self.in_use:
                raise _in_use(self.path)
            raise OutputError(occupied(self.path, found))


def is_session(path: Path) -> bool:
    """Whether a path is the folder of a recorded session."""
    return (path / ABOUT).is_file()


def _in_use(path: Path) -> OutputError:
    return OutputError(f"{path} is in use by another Attune: wait until it has ended, or choose another folder")
