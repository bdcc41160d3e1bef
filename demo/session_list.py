"""The recorded sessions of a folder: looked for, and deleted, in the thread of the bridge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import AttuneError, DataError

if TYPE_CHECKING:
    from engine.saved.folder import SessionFolder

MOST = 2000
"""Folders that are looked into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSession:
    """One of them.

    Attributes
    ----------
    folder : that it is in.
    made : when it began, in local time; None where that cannot be read.
    seconds : how long it is; None where it was cut off, so that nobody has written it down.
    size_bytes : of all its files.
    complete : whether it was brought to its proper end.
    in_use : whether it is being recorded now.
    problem : why it cannot be read, a sentence; "" where it can.
    """

    folder: Path
    made: datetime | None = None
    seconds: float | None = None
    size_bytes: int = 0
    complete: bool = False
    in_use: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What was found in a folder, the newest first; ``found`` is None until it has been looked at."""

    folder: Path = Path()
    found: tuple[RecordedSession, ...] | None = None
    problem: str = ""


class SessionList:
    """Finds and deletes recorded sessions.

    Parameters
    ----------
    do : carries something out in the thread of the bridge.
    let_go : is called with the folder of a session before that is deleted, in that thread.
    """

    def __init__(self, do: Callable[[Callable[[], None]], None], let_go: Callable[[Path], None]) -> None:
        self._do = do
        self._let_go = let_go
        self._listing = Listing()

    @property
    def listing(self) -> Listing:
        """What was found last."""
        return self._listing

    def look(self, folder: Path) -> None:
        """Look into a folder; `listing` tells what was found."""
        if folder != self._listing.folder:
            self._listing = Listing(folder=folder)
        self._do(lambda: self._read(folder, ""))

    def delete(self, folder: Path) -> None:
        """Delete a session completely, and look again; `listing` tells what could not be deleted."""
        self._do(lambda: self._delete(folder))

    def _delete(self, folder: Path) -> None:
        from engine.saved.folder import SessionFolder

        try:
            self._let_go(folder)
            left = SessionFolder(folder).delete()
            names = ", ".join(one.name for one in left)
            problem = f"{folder} is still there, since it holds other things, which were left alone: {names}."
            problem = problem if left else ""
        except AttuneError as error:
            problem = str(error)
        self._read(self._listing.folder, problem)

    def _read(self, folder: Path, problem: str) -> None:
        from engine.saved.folder import ABOUT, SessionFolder

        found: tuple[RecordedSession, ...] = ()
        try:
            inside = sorted(folder.iterdir(), reverse=True)[:MOST] if folder.is_dir() else []
            found = tuple(_session(SessionFolder(one)) for one in inside if (one / ABOUT).is_file())
        except OSError as error:
            problem = problem or f"{folder} cannot be read: {error.strerror}."
        self._listing = Listing(folder=folder, found=found, problem=problem)


def _session(folder: SessionFolder) -> RecordedSession:
    size = folder.size_bytes()
    try:
        about = folder.read_about()
        made = datetime.fromisoformat(about.began_at).astimezone()
    except (DataError, ValueError, OverflowError) as error:
        return RecordedSession(folder=folder.path, size_bytes=size, problem=str(error))
    return RecordedSession(
        folder=folder.path,
        made=made,
        seconds=None if about.until_s is None else about.until_s - about.from_s,
        size_bytes=size,
        complete=about.complete and not about.problem,
        in_use=not about.complete and folder.in_use,
        problem=about.problem,
    )
