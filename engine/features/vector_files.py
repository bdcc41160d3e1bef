"""Reading word vectors from files. Nothing is ever unpickled."""

from __future__ import annotations

import gzip
import logging
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from engine.errors import AssetError
from engine.types import FloatArray

_log = logging.getLogger(__name__)

_HEADER = re.compile(rb"(\d{1,10}) (\d{1,5})\s*\n")
_PICKLED = {".kv", ".model", ".pkl", ".pickle", ".pt", ".pth", ".npy", ".npz", ".wordvectors"}
_ARCHIVES = {".zip", ".tar", ".tgz", ".bz2", ".xz", ".7z"}
_PROBE_BYTES = 1 << 16
_MAX_DIM = 4096

Vectors = tuple[list[str], FloatArray]
"""Words and their vectors [words, dimension] f32."""


def read_vectors(path: Path) -> Vectors:
    """Read GloVe text, word2vec text or word2vec binary, plain or with gzip; the content decides which.

    Raises
    ------
    AssetError : the file is of another kind, damaged, or cannot be read.
    """
    refuse_by_name(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # numpy's, about text after the numbers: it is checked
            words, matrix = _read(path)
    except (OSError, EOFError, MemoryError) as error:
        if isinstance(error, AssetError):
            raise
        raise AssetError(f"the word vectors in {path} cannot be read: {error}") from error
    if not np.isfinite(matrix).all():
        raise AssetError(f"the word vectors in {path} hold numbers that are not finite: the file is damaged")
    return words, matrix


def _read(path: Path) -> Vectors:
    with _open(path) as file:
        probe = file.read(_PROBE_BYTES)
    if probe.startswith((b"\x80", b"PK\x03\x04", b"\x93NUMPY")):
        raise AssetError(_refusal(path))
    header = _HEADER.match(probe)
    if header is None:
        return _read_text(path, probe, rows=None, dim=None)
    rows, dim = int(header[1]), int(header[2])
    if _is_text(probe[header.end() :], dim):
        return _read_text(path, probe, rows=rows, dim=dim)
    return _read_binary(path, rows, dim)


def refuse_by_name(path: Path) -> None:
    """Raise AssetError for the kinds of file that would have to be unpickled or unpacked."""
    if path.is_dir():
        raise AssetError(f"{path} is a folder: name a file of word vectors")
    if path.suffix.lower() in _PICKLED | _ARCHIVES:
        raise AssetError(_refusal(path))


def _refusal(path: Path) -> str:
    if path.suffix.lower() in _ARCHIVES:
        return f"{path} is an archive: unpack it and name the text or binary file inside"
    return (
        f"{path} is not read, since such files can run code when they are loaded. Save the vectors as text or binary "
        "(in gensim: vectors.save_word2vec_format('vectors.bin', binary=True)) and name that file"
    )


def _open(path: Path) -> IO[bytes] | gzip.GzipFile:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def _is_text(body: bytes, dim: int) -> bool:
    """Whether the rows after a header are text: the first ends in ``dim`` numbers."""
    line = body.split(b"\n", 1)[0]
    return _numbers(line.split(b" ", 1)[-1]).size == dim


def _numbers(text: bytes) -> FloatArray:
    """The numbers in ``text``; fewer than it has fields where one is no number."""
    try:
        return np.fromstring(text.decode("ascii"), np.float32, sep=" ") if text else np.empty(0, np.float32)
    except ValueError:
        return np.empty(0, np.float32)


def _read_text(path: Path, probe: bytes, *, rows: int | None, dim: int | None) -> Vectors:
    """Rows of a word and numbers; ``rows`` and ``dim`` from a header, else from the file itself."""
    headed = dim is not None
    if dim is None:
        first = probe.split(b"\n", 1)[0]
        dim = _numbers(first.split(b" ", 1)[-1]).size
        if not 1 <= dim <= _MAX_DIM or first.count(b" ") < dim:
            raise AssetError(f"{path} holds no word vectors: a line is a word and its numbers, separated by spaces")
    found = _count_lines(path) - headed
    if rows is not None and found < rows:
        raise AssetError(f"{path} ends early: {found} of {rows} word vectors are there. Get the file again")
    return _fill(path, np.empty((found, dim), np.float32), headed)


def _fill(path: Path, matrix: FloatArray, headed: bool) -> Vectors:
    dim = matrix.shape[1]
    seen: dict[str, None] = {}
    for number, line in _lines(path, headed):
        word, numbers = _row(line, dim)
        if numbers.size != dim or not word:
            raise AssetError(f"{path}, line {number}: expected a word and {dim} numbers. Get the file again")
        key = word.decode("utf-8", "replace")
        if key not in seen:
            matrix[len(seen)] = numbers
            seen[key] = None
    if not seen:
        raise AssetError(f"{path} holds no word vectors")
    return list(seen), matrix[: len(seen)]


def _row(line: bytes, dim: int) -> tuple[bytes, FloatArray]:
    word, _, rest = line.partition(b" ")
    numbers = _numbers(rest)
    if numbers.size == dim and rest.count(b" ") <= dim:
        return word, numbers
    fields = line.rsplit(b" ", dim)  # a word may hold spaces itself
    return fields[0].strip(), _numbers(b" ".join(fields[1:]))


def _lines(path: Path, headed: bool) -> Iterator[tuple[int, bytes]]:
    with _open(path) as file:
        for number, line in enumerate(file, start=1):
            stripped = line.rstrip(b" \r\n")
            if stripped and not (headed and number == 1):
                yield number, stripped


def _count_lines(path: Path) -> int:
    with _open(path) as file:
        return sum(1 for line in file if line.rstrip(b" \r\n"))


def _read_binary(path: Path, rows: int, dim: int) -> Vectors:
    from gensim.models import KeyedVectors

    if not 1 <= dim <= _MAX_DIM:
        raise AssetError(f"{path} holds no word vectors that can be read")
    if path.suffix.lower() != ".gz" and os.path.getsize(path) < rows * (4 * dim + 2):
        raise AssetError(f"{path} ends early: it is too small for {rows} word vectors. Get the file again")
    try:
        vectors = KeyedVectors.load_word2vec_format(str(path), binary=True, unicode_errors="replace")
    except (ValueError, EOFError, MemoryError) as error:
        raise AssetError(f"{path} holds no word vectors that can be read ({error})") from error
    return list(vectors.index_to_key), np.ascontiguousarray(vectors.vectors, np.float32)
