"""Which files of a folder belong to the session that is recorded in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.saved.place import ABOUT, ANNOTATIONS, JOURNAL, LOCK, MEDIA

_FILES = (MEDIA, JOURNAL, ANNOTATIONS, LOCK, ABOUT)
_DRAFTS = tuple(f".{Path(name).stem}-" for name in (ABOUT, ANNOTATIONS))


def own_files(folder: Path) -> Iterator[Path]:
    """The files of the session that are there, session.json last; also those that a crash has left half written."""
    try:
        found = {one.name: one for one in folder.iterdir() if one.is_symlink() or one.is_file()}
    except OSError:
        return
    for name, path in found.items():
        if name.endswith(".json") and name.startswith(_DRAFTS):
            yield path
    for name in _FILES:
        if name in found:
            yield found[name]


def size_bytes(path: Path) -> int:
    """Size of a file, or of a link itself; 0 where it has gone."""
    try:
        return path.lstat().st_size
    except OSError:
        return 0
