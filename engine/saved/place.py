"""Where a session may be recorded, its folder, and what the files in it are called."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from engine.errors import OutputError
from engine.files import output_error

ABOUT, MEDIA, JOURNAL, ANNOTATIONS, LOCK = "session.json", "media.mkv", "journal.msgpack", "annotations.json", ".lock"


def place_for(wanted: Path, now: datetime) -> Path:
    """Where a session that begins ``now`` is recorded: ``wanted`` itself, or a folder by date in a folder of sessions.

    Raises
    ------
    OutputError : ``wanted`` holds a session, or other things.
    """
    try:
        found = sorted(one for one in wanted.iterdir() if one.name != LOCK)
    except (FileNotFoundError, NotADirectoryError):
        return wanted
    except OSError as error:
        raise output_error(wanted, error) from error
    if not found:
        return wanted
    if (wanted / ABOUT).exists() or not any(_is_session(one) for one in found):
        raise OutputError(occupied(wanted, [one.name for one in found]))
    name = now.strftime("%Y-%m-%d_%H-%M-%S")
    names = [name, *(f"{name}_{count}" for count in range(2, 100))]
    return next(wanted / one for one in names if not (wanted / one).exists())


def make_folder(path: Path) -> None:
    """Make the folder of a session with its parents, and shut others out of it, also where it was there before.

    Raises
    ------
    OutputError : it cannot be made, is a file, or its disk or its owner does not allow to shut others out.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        file = next(one for one in (path, *path.parents) if one.exists() or one.is_symlink())
        raise OutputError(f"{file} is a file, not a folder: choose another place for the recording") from None
    except OSError as error:
        raise output_error(path, error) from error
    try:
        os.chmod(path, 0o700)  # whatever the umask
    except OSError as error:
        raise OutputError(
            f"{path} cannot be made private: it belongs to somebody else, or its disk knows no rights, as with FAT "
            "and exFAT. Choose a folder of your own on another disk"
        ) from error


def _is_session(folder: Path) -> bool:
    try:
        return (folder / ABOUT).is_file()
    except OSError:  # somebody else's, such as lost+found
        return False


def occupied(path: Path, names: list[str]) -> str:
    """Why a folder with these things in it cannot be recorded into."""
    if ABOUT in names or JOURNAL in names or MEDIA in names:
        return f"{path} holds a recorded session already: choose another folder, so that it is not overwritten"
    return f"{path} is not empty ({names[0]} is in it): choose a new folder for the recording, or one of sessions"
