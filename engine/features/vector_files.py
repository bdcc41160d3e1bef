"""Reading word vectors from files. Nothing is ever unpickled."""

from __future__ import annotations

import gzip
import os
import re
import warnings
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO

import numpy as np

from engine.errors import AssetError
from engine.features.vector_binary import LONGEST_WORD, read_binary
from engine.types import FloatArray

_HEADER = re.compile(rb"(\d{1,10}) (\d{1,5})\s*\n")
_PICKLED = {".kv", ".model", ".pkl", ".pickle", ".pt", ".pth", ".npy", ".npz", ".wordvectors"}
_ARCHIVES = {".zip", ".tar", ".tgz", ".bz2", ".xz", ".7z"}
_PROBE_BYTES = 1 << 16
_MAX_DIM = 4096

_LONGEST_LINE = LONGEST_WORD + 32 * _MAX_DIM
"""Bytes of a row of text."""

_MOST_PACKED = 10
"""Times that gzip may have made vectors smaller; real ones are packed to a third."""

_SMALL_BYTES = 16 << 20
"""What is unpacked in any case."""

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
    except AssetError:
        raise
    except MemoryError:
        raise AssetError(f"there is not enough memory for the word vectors in {path}: take smaller ones") from None
    except (OSError, EOFError, ValueError, zlib.error) as error:
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


def _open(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")  # type: ignore[return-value]


def _most_bytes(path: Path) -> int:
    """How long the content of a file may be: a packed one could unpack to more than any memory."""
    size = os.path.getsize(path)
    return max(_MOST_PACKED * size, _SMALL_BYTES) if path.suffix.lower() == ".gz" else size


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
    return _fill(path, dim, headed, rows)


def _fill(path: Path, dim: int, headed: bool, rows: int | None) -> Vectors:
    """Read all rows; memory is taken for those that are there, whatever was declared."""
    seen: dict[str, None] = {}
    matrix: FloatArray = np.empty((1024, dim), np.float32)
    found = 0
    for number, line in _lines(path, headed):
        word, numbers = _row(line, dim)
        if numbers.size != dim or not word:
            raise AssetError(f"{path}, line {number}: expected a word and {dim} numbers. Get the file again")
        found += 1
        key = word.decode("utf-8", "replace")
        if key not in seen:
            if len(seen) == len(matrix):
                matrix.resize((len(matrix) * 3 // 2, dim), refcheck=False)
            matrix[len(seen)] = numbers
            seen[key] = None
    if not seen:
        raise AssetError(f"{path} holds no word vectors")
    if rows is not None and found < rows:
        raise AssetError(f"{path} ends early: {found} of {rows} word vectors are there. Get the file again")
    return list(seen), matrix[: len(seen)]


def _row(line: bytes, dim: int) -> tuple[bytes, FloatArray]:
    word, _, rest = line.partition(b" ")
    numbers = _numbers(rest)
    if numbers.size == dim and rest.count(b" ") <= dim:
        return word, numbers
    fields = line.rsplit(b" ", dim)  # a word may hold spaces itself
    return fields[0].strip(), _numbers(b" ".join(fields[1:]))


def _lines(path: Path, headed: bool) -> Iterator[tuple[int, bytes]]:
    left = _most_bytes(path)
    with _open(path) as file:
        for number in count(1):
            line = file.readline(_LONGEST_LINE + 1)
            left -= len(line)
            if not line:
                return
            if len(line) > _LONGEST_LINE:
                raise AssetError(f"{path}, line {number}: it is longer than a word and its numbers. Get the file again")
            if left < 0:
                raise AssetError(_unpacks_to_too_much(path))
            stripped = line.rstrip(b" \r\n")
            if stripped and not (headed and number == 1):
                yield number, stripped


def _unpacks_to_too_much(path: Path) -> str:
    return f"{path} unpacks to over {_MOST_PACKED} times its size, as no word vectors do: get the file again"


def _read_binary(path: Path, rows: int, dim: int) -> Vectors:
    if not 1 <= dim <= _MAX_DIM:
        raise AssetError(f"{path} holds no word vectors that can be read")
    if _most_bytes(path) < rows * (4 * dim + 2):
        raise AssetError(f"{path} ends early: it is too small for {rows} word vectors. Get the file again")
    with _open(path) as file:
        file.readline(_PROBE_BYTES)
        try:
            words, matrix = read_binary(file, rows, dim)
        except (ValueError, EOFError) as error:
            raise AssetError(f"{path} holds no word vectors that can be read ({error})") from error
    if not words:
        raise AssetError(f"{path} holds no word vectors")
    return words, matrix
