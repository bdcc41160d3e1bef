"""A fingerprint of files too large to read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from engine.errors import DataError

_PIECES = 16
_PIECE_BYTES = 64 << 10


def fingerprint(folder: Path, files: Iterable[Path]) -> str:
    """Hash of the names and sizes of files and of pieces of their content.

    Files of up to 1 MB are read whole; of larger ones the first and last 64 kB and 14 pieces in between, evenly
    spread. The order of the files does not matter. A change within a large file that leaves its size and all these
    pieces as they are goes unnoticed.

    Parameters
    ----------
    folder : names of the files are taken relative to it.
    files : at or below it.

    Raises
    ------
    DataError
        When a file cannot be read.
    """
    whole = hashlib.sha256()
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
        whole.update(f"{name}\0".encode())
        try:
            whole.update(_digest(path))
        except OSError as error:
            raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    return whole.hexdigest()


def _digest(path: Path) -> bytes:
    with path.open("rb", buffering=0) as file:
        size = file.seek(0, 2)
        digest = hashlib.blake2b(f"{size}\0".encode())
        last = max(0, size - _PIECE_BYTES)
        starts = range(0, size, _PIECE_BYTES)
        if size > _PIECES * _PIECE_BYTES:
            starts = [last * piece // (_PIECES - 1) for piece in range(_PIECES)]  # type: ignore[assignment]
        for start in starts:
            file.seek(start)
            digest.update(file.read(_PIECE_BYTES))
    return digest.digest()
