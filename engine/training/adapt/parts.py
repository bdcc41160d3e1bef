"""Dividing few items for cross-validation, so that what is alike is never learned from and tested on at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.corpora.apart import APART_S, by_recording, even_groups, stretches
from engine.corpora.manifest import Item
from engine.corpora.utterances import IntArray
from engine.errors import DataError

_LEAST_UNITS = 3
"""So many recordings or speakers, and parts are made of whole ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Parts of a cross-validation.

    Attributes
    ----------
    of : the part of each item, [n] from 0.
    count : how many there are.
    note : how they were made, and what that means for the figures.
    """

    of: IntArray
    count: int
    note: str

    def held_out(self, part: int) -> tuple[IntArray, IntArray]:
        """Items to learn from while a part is held out, and its own."""
        return np.flatnonzero(self.of != part), np.flatnonzero(self.of == part)


def make_parts(items: Sequence[Item], count: int) -> Parts:
    """Divide items by the column fold, by speaker, by recording, or, where there are too few of these, by time.

    Parameters
    ----------
    items : in the order of the manifest.
    count : how many parts, where the manifest does not say.

    Raises
    ------
    DataError
        When the column fold is filled in part, or there are too few items that lie apart.
    """
    if any(item.fold for item in items):
        return _by_fold(items)
    speakers: dict[str, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        speakers[item.speaker or ""].append(index)
    if len(speakers) >= _LEAST_UNITS:
        return _grouped(items, speakers, count, "by speaker: nobody is learned from and tested on at once")
    recordings = by_recording(items)
    whole = all(len(one) == 1 for one in recordings.values())
    if len(recordings) >= _LEAST_UNITS and not whole:
        note = "by recording: no recording is learned from and tested on at once"
        return _grouped(items, recordings, count, note)
    if whole:
        note = (
            "by item, since each is a file of its own: where several were cut from one recording, fill the column "
            "fold, or the figures are too good"
        )
        return _grouped(items, recordings, count, note)
    return _by_time(items, len(recordings), count)


def _by_fold(items: Sequence[Item]) -> Parts:
    for item in items:
        if not item.fold:
            raise DataError(f"row {item.row}: the column fold is empty here, and not elsewhere: fill it in all rows")
    names = sorted({item.fold for item in items if item.fold})
    if len(names) < 2:
        raise DataError(f"the column fold names {names[0]} alone: name at least two, or leave the column out")
    of = np.array([names.index(item.fold or "") for item in items], dtype=np.int64)
    return Parts(of=of, count=len(names), note=f"{len(names)} parts, as the column fold says")


def _grouped(items: Sequence[Item], units: Mapping[str, Sequence[int]], count: int, note: str) -> Parts:
    count = min(count, len(units))
    of = np.zeros(len(items), dtype=np.int64)
    for part, rows in enumerate(even_groups(units, [item.label for item in items], count)):
        of[rows] = part
    return Parts(of=of, count=count, note=f"{count} parts {note}")


def _by_time(items: Sequence[Item], recordings: int, count: int) -> Parts:
    of = stretches(items, count)
    count = int(of.max()) + 1
    if count < 2:
        raise DataError(
            "all items lie within one stretch of one recording, so none of them can be held out: leave more than "
            f"{APART_S:g} s without a label between some of them, label another recording, or fill the column fold"
        )
    files = f"{recordings} recordings" if recordings > 1 else "one recording"
    note = (
        f"{count} stretches of time of {files}: spans that are close together are in one. A recording of another day "
        "may be harder than these figures say"
    )
    return Parts(of=of, count=count, note=note)
