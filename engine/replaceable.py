"""Which files a result may take the place of: those of its own kind, and nothing that a person recorded or wrote."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from engine.errors import OutputError
from engine.files import output_error
from engine.saved.place import ABOUT, ANNOTATIONS, JOURNAL, MEDIA


def require_replaceable(path: Path, begins: tuple[bytes, ...]) -> None:
    """See that a result may be written to a path, before it is made.

    Parameters
    ----------
    path : of the result.
    begins : what an earlier result of the kind begins with, any of these, with lines that end as on Unix (on Windows
        they may end its own way); an empty file may be replaced, too.

    Raises
    ------
    OutputError
        When the path is that of a file of a recorded session or of annotations, or something is there that is neither
        an empty file nor an earlier result.
    """
    if path.name.casefold().endswith(ANNOTATIONS):
        raise OutputError(f"{path} is where annotations are kept: give this result another name")
    if path.name.casefold() in (ABOUT, JOURNAL, MEDIA) and _of_session(path.parent):
        raise OutputError(f"{path} belongs to a recorded session: give this result another name")
    try:
        found = path.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise output_error(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise OutputError(f"{path} is a folder: give the name of a file for this result")
    if not stat.S_ISREG(found.st_mode):
        raise OutputError(f"{path} is a pipe or a device, not a file: give the name of a file for this result")
    if found.st_size and not _begins(path, begins):
        raise OutputError(f"{path} is there and is no earlier result of this kind: give this result another name")


def require_other_file(path: Path, recording: Path) -> None:
    """See that a result would not take the place of the recording that it is made of.

    Raises
    ------
    OutputError
        When it would.
    """
    if path.exists() and recording.exists() and path.samefile(recording):
        raise OutputError(f"{path} is the recording itself: choose another place with --out")


def require_two_files(one: Path, other: Path, options: str) -> None:
    """See that two results go to different files; ``options`` is what the user calls both.

    Raises
    ------
    OutputError
        When they are the same.
    """
    if os.path.realpath(one) == os.path.realpath(other) or (
        one.exists() and other.exists() and os.path.samefile(one, other)
    ):
        raise OutputError(f"{options} name the same file, {one}: give each of them a name of its own")


def _of_session(folder: Path) -> bool:
    return any((folder / name).exists() for name in (ABOUT, JOURNAL))


def _begins(path: Path, begins: tuple[bytes, ...]) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2 * max(map(len, begins))).replace(b"\r\n", b"\n").startswith(begins)
    except OSError as error:
        raise OutputError(f"{path} is there and cannot be read: give this result another name") from error
