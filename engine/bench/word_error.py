"""Word error rate."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[a-z0-9']+")


def word_error_rate(said: str, heard: str) -> float:
    """Words to insert, delete and replace to get from what was heard to what was said, per word that was said.

    Case and punctuation do not count.

    Raises
    ------
    ValueError : nothing was said.

    Examples
    --------
    >>> word_error_rate("You lied to me!", "you lied me"), word_error_rate("Hello.", "hello hello")
    (0.25, 1.0)
    """
    truth, found = _words(said), _words(heard)
    if not truth:
        raise ValueError("nothing was said")
    return _edits(truth, found) / len(truth)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("\u2019", "'"))


def _edits(truth: Sequence[str], found: Sequence[str]) -> int:
    """Levenshtein distance, one row of its table at a time."""
    row = list(range(len(found) + 1))
    for i, word in enumerate(truth, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(found, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]
