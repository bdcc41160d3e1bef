"""One modality of the utterances of a split, gathered from its files row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.corpora.folds_array import Header, StoredArray
from engine.corpora.utterances import IntArray
from engine.errors import DataError
from engine.types import FloatArray


class Column(Protocol):
    """One modality; rows are those of the files."""

    dim: int

    def gather(self, rows: IntArray, *, full: bool) -> tuple[FloatArray, IntArray]:
        """Features [b, t, dim], and how many frames hold data [b].

        With ``full`` rows are as they are stored, padding included; else zeros follow the data, up to the longest.
        """


class StoredFrames:
    """Features of a file [n, t, dim], with their lengths in another.

    Parameters
    ----------
    header : of the features.
    lengths : frames that hold data, [n].
    """

    def __init__(self, header: Header, lengths: IntArray) -> None:
        self.dim = header.shape[2]
        self._array = StoredArray(header)
        self._lengths = lengths
        self._finite = FiniteRows(header.path, len(lengths))

    def gather(self, rows: IntArray, *, full: bool) -> tuple[FloatArray, IntArray]:
        """See `Column`."""
        lengths = self._lengths[rows]
        steps = self._array.header.shape[1] if full else max(1, int(lengths.max(initial=0)))
        x = np.zeros((len(rows), steps, self.dim), np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            for target, row, length in zip(x, rows, lengths, strict=True):
                end = steps if full else int(length)
                target[:end] = self._array.row(int(row), end)
        self._finite.check(x, rows, full)
        return x, lengths


class StoredVectors:
    """Word vectors of a file [n, words, dim]; a sentence ends at the first vector of padding.

    Parameters
    ----------
    header : of the vectors.
    lengths : words of each sentence [n], or None to find them.
    padding : the vector that stands for no word, [dim].
    """

    def __init__(self, header: Header, lengths: IntArray | None, padding: FloatArray) -> None:
        self.dim = header.shape[2]
        self._frames = StoredFrames(header, np.full(header.shape[0], header.shape[1], np.int64))
        self._lengths, self._padding = lengths, padding

    def gather(self, rows: IntArray, *, full: bool) -> tuple[FloatArray, IntArray]:
        """See `Column`."""
        x, _ = self._frames.gather(rows, full=True)
        known = self._lengths
        lengths = first_where((x == self._padding).all(axis=2)) if known is None else known[rows]
        return (x, lengths) if full else (_cut(x, lengths), lengths)


class IndexedWords:
    """Word vectors of a table, by index; a sentence ends at the first index 0.

    Parameters
    ----------
    indices : rows of the table, [n, words].
    table : header of the table [words known, dim].

    Raises
    ------
    DataError
        When a vector that is used is not finite.
    """

    def __init__(self, indices: IntArray, table: Header) -> None:
        self.dim = table.shape[1]
        self.lengths = first_where(indices == 0)
        used, places = np.unique(np.append(indices, 0), return_inverse=True)
        self._places = places[:-1].reshape(indices.shape).astype(np.int32)
        with np.errstate(over="ignore", invalid="ignore"):
            self._vectors = StoredArray(table).some(used).astype(np.float32)
        wrong = np.flatnonzero(~np.isfinite(self._vectors).all(axis=1))
        if len(wrong):
            raise DataError(f"{table.path}, row {used[wrong[0]]}: the vector has entries that are not finite numbers")

    def gather(self, rows: IntArray, *, full: bool) -> tuple[FloatArray, IntArray]:
        """See `Column`."""
        lengths = self.lengths[rows]
        x: FloatArray = self._vectors[self._places[rows]]
        return (x, lengths) if full else (_cut(x, lengths), lengths)


class FiniteRows:
    """Refuses rows with NaN or infinite entries; each row is looked at once.

    Parameters
    ----------
    path : the file, for messages.
    count : number of its rows.
    """

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._seen = {full: np.zeros(count, bool) for full in (False, True)}

    def check(self, x: FloatArray, rows: IntArray, full: bool) -> None:
        """Check the values [b, ...] of rows; ``full`` says whether they include the padding.

        Raises
        ------
        DataError
            With file and row.
        """
        fresh = np.flatnonzero(~self._seen[full][rows])
        for index in fresh:
            if not np.isfinite(x[index]).all():
                raise DataError(
                    f"{self._path}, row {int(rows[index])}: the features have entries that are not finite numbers. "
                    "Extract them again, or replace these entries"
                )
        self._seen[full][rows] = True


def first_where(mask: NDArray[np.bool_]) -> IntArray:
    """Index of the first True of each row, or the row's length. [n, t] -> [n].

    Examples
    --------
    >>> first_where(np.array([[False, True, False], [False, False, False]])).tolist()
    [1, 3]
    """
    first: IntArray = np.where(mask.any(axis=1), mask.argmax(axis=1), mask.shape[1]).astype(np.int64)
    return first


def _cut(x: FloatArray, lengths: IntArray) -> FloatArray:
    """Zeros after the data, up to the longest. [b, t, d] -> [b, longest, d]."""
    steps = max(1, int(lengths.max(initial=0)))
    keep = np.arange(steps) < lengths[:, None]
    cut: FloatArray = np.where(keep[:, :, None], x[:, :steps], np.float32(0))
    return cut
