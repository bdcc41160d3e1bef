"""A cache of word vectors that can be memory-mapped, made once per file of vectors."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine.features.vector_files import Vectors
from engine.features.vocabulary import Vocabulary
from engine.types import Array, FloatArray

_log = logging.getLogger(__name__)

LAYOUT = 2
_MATRIX, _ABOUT = "vectors.npy", "about.json"
_VOCABULARY = ("words.npy", "bounds.npy", "rows.npy")
_SAMPLES = 16
_SAMPLE_BYTES = 4096
_STALE_S = 3600.0
_MOST_ABOUT = 1 << 16


def cache_folder() -> Path:
    """Where Attune keeps what it can make again: ``$ATTUNE_CACHE``, else the user's cache folder."""
    own = os.environ.get("ATTUNE_CACHE")
    if own:
        return Path(own).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("attune", appauthor=False))


def cached_vectors(
    name: str, origin: Sequence[Path], read: Callable[[], Vectors]
) -> tuple[Vocabulary, FloatArray, str | None]:
    """Words and memory-mapped vectors, from the cache or put there now.

    Several processes may do this at once: each writes a folder of its own and renames it, the first
    one wins. A damaged entry is replaced.

    Parameters
    ----------
    name : becomes part of the entry's name.
    origin : the files that ``read`` reads; an entry is good for exactly their sizes and times.
    read : reads words and vectors where the cache does not have them.

    Returns
    -------
    words, vectors [words, dimension] f32 read-only, and a remark for the user where the cache could
    not be written and both are kept in memory instead.
    """
    entry = cache_folder() / "word-vectors" / f"{name}-{_fingerprint(origin)}"
    found = _load(entry)
    if found is not None:
        return *found, None
    words, matrix = read()
    vocabulary = Vocabulary.of(words)
    try:
        _store(entry, vocabulary, matrix)
        found = _load(entry)
    except OSError as error:
        reason = error.strerror or "there is no room for all of it"  # so NumPy reports a disk that is full
        note = f"the cache {entry.parent} cannot be used ({reason}): word vectors are kept in memory"
        _log.warning("%s", note)
        matrix.flags.writeable = False
        return vocabulary, matrix, note
    if found is None:
        raise RuntimeError(f"the cache entry {entry} is damaged right after it was written")
    return *found, None


def _fingerprint(origin: Sequence[Path]) -> str:
    facts: list[object] = [LAYOUT]
    for path in origin:
        state = path.stat()
        facts.append([str(path.resolve()), state.st_size, state.st_mtime_ns])
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:20]


def _load(entry: Path) -> tuple[Vocabulary, FloatArray] | None:
    """The entry, or None where it is missing or not as it was written."""
    try:
        about = _about(entry)
        text, bounds, rows, matrix = (
            np.load(entry / name, mmap_mode="r", allow_pickle=False) for name in (*_VOCABULARY, _MATRIX)
        )
        sound = (
            about["vocabulary"] == [_checksum(text), _checksum(bounds), _checksum(rows)]
            and len(bounds) == len(rows) + 1 == len(matrix) + 1
            and about["matrix"] == _sample(entry / _MATRIX)
            and list(matrix.shape) == about["shape"]
            and matrix.dtype == np.float32
            and matrix.ndim == 2
            and (text.dtype, bounds.dtype, rows.dtype) == (np.uint8, np.uint32, np.uint32)
            and text.ndim == bounds.ndim == rows.ndim == 1
            and all(one.flags.aligned for one in (text, bounds, rows, matrix))  # others cannot be read in place
        )
    except FileNotFoundError:
        if entry.exists():
            _log.warning("the cache entry %s is incomplete: it is made again", entry)
        return None
    except Exception as error:  # NumPy's reader of headers raises what Python's own parser does, and more
        _log.warning("the cache entry %s is damaged (%s): it is made again", entry, error)
        return None
    if not sound:
        _log.warning("the cache entry %s is damaged: it is made again", entry)
        return None
    return Vocabulary(text, bounds, rows), matrix


def _about(entry: Path) -> dict[str, object]:
    with (entry / _ABOUT).open("rb") as file:
        about = json.loads(file.read(_MOST_ABOUT))
    if not isinstance(about, dict):
        raise ValueError(f"{_ABOUT} holds no object")
    return about


def _checksum(array: Array) -> list[object]:
    """Type, and checksum of all values."""
    return [str(array.dtype), zlib.crc32(np.ascontiguousarray(array).data)]


def _sample(path: Path) -> list[int]:
    """Size of a file and checksum of pieces spread over it: finds damage without reading it all."""
    size, crc = path.stat().st_size, 0
    with path.open("rb") as file:
        for number in range(_SAMPLES):
            file.seek(max(0, size - _SAMPLE_BYTES) * number // (_SAMPLES - 1))
            crc = zlib.crc32(file.read(_SAMPLE_BYTES), crc)
    return [size, crc]


def _store(entry: Path, words: Vocabulary, matrix: FloatArray) -> None:
    entry.parent.mkdir(parents=True, exist_ok=True)
    _sweep(entry.parent)
    made = Path(tempfile.mkdtemp(prefix=".making-", dir=entry.parent))
    try:
        with (made / _MATRIX).open("wb") as file:
            np.save(file, np.ascontiguousarray(matrix, np.float32), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        parts = (words.text, words.bounds, words.rows)
        for name, part in zip(_VOCABULARY, parts, strict=True):
            np.save(made / name, part, allow_pickle=False)
        about = {
            "layout": LAYOUT,
            "shape": list(matrix.shape),
            "vocabulary": [_checksum(part) for part in parts],
            "matrix": _sample(made / _MATRIX),
        }
        (made / _ABOUT).write_text(json.dumps(about), "utf-8")
        _publish(made, entry)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _publish(made: Path, entry: Path) -> None:
    """Rename ``made`` to ``entry``; what lies there stays if it is sound, and goes if it is damaged."""
    for _ in range(3):
        try:
            made.rename(entry)
            return
        except OSError:
            if not entry.exists():
                raise
            if _load(entry) is not None:  # somebody else was faster
                return
        grave = Path(tempfile.mkdtemp(prefix=".damaged-", dir=entry.parent))
        with contextlib.suppress(OSError):
            entry.rename(grave / "entry")
        shutil.rmtree(grave, ignore_errors=True)
    made.rename(entry)


def _sweep(folder: Path) -> None:
    """Remove what makers that were killed left behind, and entries of another layout."""
    for about in folder.glob(f"*/{_ABOUT}"):
        with contextlib.suppress(OSError, ValueError, RecursionError):
            if _about(about.parent).get("layout") != LAYOUT:
                shutil.rmtree(about.parent, ignore_errors=True)
    for path in [*folder.glob(".making-*"), *folder.glob(".damaged-*")]:
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_S:
                shutil.rmtree(path, ignore_errors=True)
