"""Which recordings a user means by files and folders, and where the results of each go."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DataError
from engine.sources.endings import MEDIA_ENDINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A file, and the folder for its results."""

    path: Path
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Recordings, and how many files of their folders were passed over: hidden, or no recordings."""

    recordings: tuple[Recording, ...]
    passed_over: int


def find_recordings(places: Sequence[Path], out: Path) -> Found:
    """All recordings that are named, and those of the folders that are named, with what these hold.

    Results mirror the folders: of one folder straight below ``out``; where there are several places, below the name of
    each folder. A recording's own folder has the name of the file without its ending, numbered where several share it.

    Parameters
    ----------
    places : files and folders; the recordings of a folder come in the order of their names.
    out : folder for the results. Folders are searched without it.

    Raises
    ------
    DataError
        When a folder holds no recording or cannot be read.
    """
    found: dict[str, tuple[Path, Path]] = {}
    passed_over = 0
    for place in places:
        if not place.is_dir():
            found.setdefault(os.path.abspath(place), (place, Path()))
            continue
        inside, others = _inside(place, out)
        if not inside:
            raise DataError(_nothing(place, others))
        below = Path() if len(places) == 1 else Path(place.resolve().name)
        for path in inside:
            found.setdefault(os.path.abspath(path), (path, below / path.relative_to(place).parent))
        passed_over += others
    return Found(recordings=tuple(_with_folders(list(found.values()), out)), passed_over=passed_over)


def _inside(folder: Path, out: Path) -> tuple[list[Path], int]:
    """Recordings at any depth of a folder, and the number of its other files."""
    recordings, others = [], 0
    results = os.path.abspath(out)

    def refuse(error: OSError) -> None:
        raise DataError(f"cannot read the folder {error.filename}: {error.strerror}. Name the recordings one by one")

    for where, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [one for one in folders if not _hidden(one) and os.path.abspath(Path(where, one)) != results]
        for name in files:
            if not _hidden(name) and name.lower().endswith(MEDIA_ENDINGS):
                recordings.append(Path(where, name))
            else:
                others += 1
    return sorted(recordings, key=lambda path: path.parts), others


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _nothing(folder: Path, others: int) -> str:
    held = "it is empty" if not others else f"it holds {others} other {'file' if others == 1 else 'files'}"
    return f"there is no recording in {folder}: {held}. Recordings end in {', '.join(MEDIA_ENDINGS)}"


def _with_folders(found: Sequence[tuple[Path, Path]], out: Path) -> Iterator[Recording]:
    """A folder of its own for each file; two names that some systems take for the same one are two."""
    stems = {_folded(below / path.stem) for path, below in found}
    taken: set[str] = set()
    for path, below in found:
        folder, count = below / path.stem, 1
        while _folded(folder) in taken or (count > 1 and _folded(folder) in stems):
            count += 1
            folder = below / f"{path.stem}-{count}"
        taken.add(_folded(folder))
        yield Recording(path=path, folder=out / folder)


def _folded(folder: Path) -> str:
    return str(folder).casefold()
