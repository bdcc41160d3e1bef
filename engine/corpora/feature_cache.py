"""A folder of extracted features: a small file for each sequence, found by what it was made from."""

from __future__ import annotations

import io
import logging
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from tokenize import TokenError

import numpy as np

from engine.errors import DataError, OutputError
from engine.files import make_folder, sweep, write_atomically
from engine.types import FloatArray

_log = logging.getLogger(__name__)

_CHECKSUM_BYTES = 4


@dataclass(frozen=True, slots=True)
class Stored:
    """Features that lie in a file: ``frames`` x ``dim`` little-endian f32 from ``offset`` on.

    ``values`` are the features themselves where the file could not be written.
    """

    path: str
    offset: int
    frames: int
    dim: int
    values: FloatArray | None = field(default=None, repr=False, compare=False)

    def read(self) -> FloatArray:
        """The features, [frames, dim].

        Raises
        ------
        DataError
            When the file is gone or shorter than it was.
        """
        if self.values is not None:
            return self.values
        if not self.frames:
            return np.zeros((0, self.dim), np.float32)
        try:
            flat = np.fromfile(self.path, dtype="<f4", count=self.frames * self.dim, offset=self.offset)
        except OSError as error:
            raise _gone(self.path) from error
        if len(flat) != self.frames * self.dim:
            raise _gone(self.path)
        values: FloatArray = flat.reshape(self.frames, self.dim)
        return values


def _gone(path: str) -> DataError:
    return DataError(f"the extracted features {path} were removed or damaged meanwhile: start again to make them anew")


class FeatureCache:
    """Features by key. Files are written whole or not at all, and damaged ones count as missing.

    They are made from recordings of people: nobody but their owner may read them.

    A file is in NumPy's format, [frames, dim] f32, followed by its CRC-32; NumPy reads it as it is.

    Parameters
    ----------
    folder : where the files lie; made when the first is stored.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, kind: str, key: str, dim: int) -> Stored | None:
        """Features under a key, or None where they are missing or damaged."""
        path = self._path(kind, key)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("%s cannot be read (%s): it is made again", path, error)
            return None
        stored = _check(path, data, dim)
        if stored is None:
            _log.warning("%s is damaged: it is made again", path)
        return stored

    def store(self, kind: str, key: str, values: FloatArray) -> Stored:
        """Keep features [frames, dim] under a key: in memory where they cannot be written, as on a full disk."""
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(values, dtype="<f4"), allow_pickle=False)
        data = buffer.getvalue()
        data += zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "little")
        path = self._path(kind, key)
        frames, dim = values.shape
        try:
            make_folder(self.folder, private=True)
            write_atomically(path, lambda draft: draft.write_bytes(data), private=True)
        except OutputError as error:
            _log.info("features are kept in memory: %s", error)
            return Stored(str(path), 0, frames, dim, values)
        return Stored(str(path), len(data) - _CHECKSUM_BYTES - values.size * 4, frames, dim)

    def sweep(self) -> None:
        """Remove the drafts of processes that have ended."""
        for kind in self.folder.glob("*/"):
            sweep(kind)

    def _path(self, kind: str, key: str) -> Path:
        return self.folder / kind / f"{key}.npy"


def _check(path: Path, data: bytes, dim: int) -> Stored | None:
    """Where the features lie in a file, or None where it is not what was written."""
    content, checksum = memoryview(data)[:-_CHECKSUM_BYTES], data[-_CHECKSUM_BYTES:]
    if zlib.crc32(content) != int.from_bytes(checksum, "little"):
        return None
    header = io.BytesIO(content[:4096])
    try:
        if np.lib.format.read_magic(header) != (1, 0):
            return None
        shape, by_column, dtype = np.lib.format.read_array_header_1_0(header)
    except (ValueError, TokenError, RecursionError, OverflowError):
        return None
    offset = header.tell()
    sound = not by_column and dtype == np.dtype("<f4") and len(shape) == 2 and shape[1] == dim
    if not sound or offset + shape[0] * dim * 4 != len(content):
        return None
    return Stored(os.fspath(path), offset, shape[0], dim)
