"""Reading word2vec's binary form: a line "words dimension", then each word, a space, and its numbers as f32.

What the first line declares is believed only as far as the file goes: memory is taken for what has been read.
"""

from __future__ import annotations

from typing import IO

import numpy as np

from engine.types import FloatArray

LONGEST_WORD = 1 << 12
"""Bytes; GoogleNews' longest phrase has 98."""

_CHUNK_BYTES = 1 << 20


def read_binary(file: IO[bytes], rows: int, dim: int) -> tuple[list[str], FloatArray]:
    """Words and vectors [words, dim] f32 behind the first line; of a word that comes twice, the first one counts.

    Raises
    ------
    EOFError, ValueError
        When the file ends early, or is not of this form.
    """
    reader = _Reader(file)
    seen: dict[str, None] = {}
    parts: list[FloatArray] = []
    block = _block(rows, dim)
    filled = 0
    for number in range(rows):
        word = reader.word(number).decode("utf-8", "replace")
        numbers = reader.take(4 * dim, number)
        if word in seen:
            continue
        seen[word] = None
        block[filled] = np.frombuffer(numbers, "<f4")
        filled += 1
        if filled == len(block):
            parts.append(block)
            block, filled = _block(rows - number - 1, dim), 0
    parts.append(block[:filled])
    matrix: FloatArray = np.concatenate(parts)
    return list(seen), matrix


def _block(rows: int, dim: int) -> FloatArray:
    """Room for some of the rows, about 16 MB."""
    return np.empty((max(1, min(rows, (1 << 22) // dim)), dim), np.float32)


class _Reader:
    """Takes words and numbers from a file, a piece at a time."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._held = b""
        self._at = 0

    def word(self, number: int) -> bytes:
        """The bytes up to the next space, without the line end that may come before."""
        space = self._held.find(b" ", self._at)
        while space < 0 and len(self._held) - self._at <= LONGEST_WORD:
            if not self._read():
                raise EOFError(f"it ends before word {number + 1}")
            space = self._held.find(b" ", self._at)
        if not 0 <= space - self._at <= LONGEST_WORD:
            raise ValueError(f"word {number + 1} is longer than words are")
        word = self._held[self._at : space].lstrip(b"\n")
        self._at = space + 1
        return word

    def take(self, count: int, number: int) -> bytes:
        """The next bytes."""
        while len(self._held) - self._at < count:
            if not self._read():
                raise EOFError(f"it ends within the vector of word {number + 1}")
        taken = self._held[self._at : self._at + count]
        self._at += count
        return taken

    def _read(self) -> bool:
        more = self._file.read(_CHUNK_BYTES)
        self._held = self._held[self._at :] + more
        self._at = 0
        return bool(more)
