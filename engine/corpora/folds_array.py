"""NumPy files that are read in place, a few rows at a time, without filling the memory."""

from __future__ import annotations

import math
import mmap
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError

_RELEASE_BYTES = 64 << 20
"""Pages of a file are given back after this much of it was read."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a NumPy file says about its content.

    Attributes
    ----------
    path : the file.
    shape, dtype : of its array.
    offset : where in the file the values begin.
    """

    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    offset: int

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize


def read_header(path: Path) -> Header:
    """Read what a file holds, and check that it can be read in place.

    Raises
    ------
    DataError
        When it is no NumPy file, holds Python objects, is cut short, or is stored column by column.
    """
    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # files that Python 2 wrote
            version = np.lib.format.read_magic(file)
            if version == (1, 0):
                shape, by_column, dtype = np.lib.format.read_array_header_1_0(file)
            elif version == (2, 0):
                shape, by_column, dtype = np.lib.format.read_array_header_2_0(file)
            else:
                raise ValueError(f"version {version[0]}.{version[1]} of the format")
            offset, size = file.tell(), file.seek(0, 2)
    except FileNotFoundError:
        raise DataError(f"{path} is missing") from None
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, TokenError, RecursionError, OverflowError) as error:
        raise DataError(f"{path} is no NumPy file (.npy) that can be read: {error}") from error
    if dtype.hasobject:
        raise DataError(f"{path} holds Python objects, which are never loaded: save it as an array of numbers")
    if not shape:
        raise DataError(f"{path} holds a single value: expected an array with a row for each utterance")
    wanted = offset + math.prod(shape) * dtype.itemsize
    if size < wanted:
        raise DataError(f"{path} is cut short: it has {size} bytes of {wanted}. Copy or download it again")
    if by_column and len(shape) > 1:
        raise DataError(
            f"{path} is stored column by column (Fortran order), so its rows cannot be read one by one: load it, and "
            "save np.ascontiguousarray of it"
        )
    return Header(path, tuple(shape), dtype, offset)


class StoredArray:
    """The array of a NumPy file, mapped into memory when it is first read.

    Whenever a fair amount was read, its pages are given back where the system can do that, so the memory of a pass
    over the file does not grow with the file.

    Parameters
    ----------
    header : of the file.
    """

    def __init__(self, header: Header) -> None:
        self.header = header
        self._map: mmap.mmap | None = None
        self._values: NDArray[np.generic] | None = None
        self._read_bytes = 0

    def row(self, index: int, end: int | None = None) -> NDArray[np.generic]:
        """Row ``index``, or its first ``end`` entries. A view that holds until the next call."""
        self._read_bytes += self.header.row_bytes
        if self._read_bytes > _RELEASE_BYTES:
            self._read_bytes = 0
            self._release()
        row: NDArray[np.generic] = self._mapped()[index, :end]
        return row

    def everything(self) -> NDArray[np.generic]:
        """A copy of the whole array."""
        values: NDArray[np.generic] = self._mapped().copy()
        self._release()
        return values

    def some(self, rows: NDArray[np.integer]) -> NDArray[np.generic]:
        """A copy of some rows."""
        values: NDArray[np.generic] = self._mapped()[rows]
        self._release()
        return values

    def _mapped(self) -> NDArray[np.generic]:
        if self._values is None:
            header = self.header
            try:
                with header.path.open("rb") as file:
                    self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                values = np.ndarray(header.shape, header.dtype, buffer=self._map, offset=header.offset)
            except (OSError, TypeError, ValueError) as error:
                raise DataError(f"{header.path} changed while it was in use, or cannot be read: {error}") from error
            self._values = values
        return self._values

    def _release(self) -> None:
        if self._map is not None and sys.platform != "win32" and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


def whole_numbers(header: Header, meaning: str) -> NDArray[np.int64]:
    """The whole numbers of a file, as [n] for [n, 1].

    Parameters
    ----------
    header : of a small file.
    meaning : what the numbers are, for messages.

    Raises
    ------
    DataError
        When some entry is not a whole number.
    """
    if header.dtype.kind not in "iufb":
        raise DataError(f"{header.path} holds {header.dtype}: {meaning} are whole numbers")
    values = StoredArray(header).everything()
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    with np.errstate(invalid="ignore"):
        numbers = values.astype(np.int64)
    wrong = np.argwhere(numbers != values)
    if len(wrong):
        row, found = int(wrong[0][0]), values[tuple(wrong[0])]
        raise DataError(f"{header.path}, row {row}: {meaning} are whole numbers, found {found}")
    return numbers
