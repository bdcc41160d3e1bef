"""Who is who: faces of one picture matched to those known before, by position, size and looks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.features.face_crop import Picture, face_scale, resize

MOST_PRICE = 1.2
"""A face that would cost more is another one."""

_MOST_SIZE_CHANGE = 0.6
_REACH = 1.5
_LOOKS_WEIGHT = 1.5
_LOOKS_SIZE = 8
"""Side of the grey pictures by which faces are told apart: coarse, so that an expression changes little."""

_TINY = 1e-6

Row = NDArray[np.float64]


@dataclass(slots=True)
class Track:
    """A face as last seen: its box [4], what it looks like [64], and when it was seen."""

    box: Row
    looks: Row
    seen_s: float

    def move(self, box: Row, looks: Row, pts_s: float) -> None:
        """Take in where the face is now, and by halves what it looks like."""
        mixed = self.looks + looks
        self.box, self.looks, self.seen_s = box, mixed / max(float(np.linalg.norm(mixed)), _TINY), pts_s

    def price(self, box: Row, looks: Row) -> float:
        """How unlikely it is that this face is there now.

        The sum of the distance in face sizes, the logarithm of the change of size, and the
        dissimilarity (one minus the correlation of small pictures) with its weight.
        """
        here, size = face_scale(self.box), face_scale(box)
        distance = float(np.hypot(*(centre(box) - centre(self.box)))) / max(here, size)
        change = abs(float(np.log(size / here)))
        if distance > _REACH or change > _MOST_SIZE_CHANGE:
            return float("inf")
        return distance + change + _LOOKS_WEIGHT * (1 - float(looks @ self.looks))

    def is_at(self, box: Row) -> bool:
        """Whether a box found lately is where this face is now, give or take the movement since."""
        return float(np.abs(centre(box) - centre(self.box)).max()) < face_scale(self.box) / 2


def centre(box: Row) -> Row:
    """Middle of a box, [2]."""
    middle: Row = (box[:2] + box[2:4]) / 2
    return middle


def looks_of(crop: Picture) -> Row:
    """A small grey picture of a face, of zero mean and unit length. [h, w, 3] u8 -> [64]."""
    small = resize(crop, _LOOKS_SIZE).mean(axis=2).ravel()
    small -= small.mean()
    looks: Row = small / max(float(np.linalg.norm(small)), _TINY)
    return looks


def assign(prices: list[list[float]]) -> dict[int, int]:
    """Match columns to rows: the cheapest pairs first, each row and column once, none too expensive.

    >>> assign([[0.1, 0.4], [0.2, 9.0]])
    {0: 0}
    """
    pairs: dict[int, int] = {}
    for price, i, j in sorted((price, i, j) for i, row in enumerate(prices) for j, price in enumerate(row)):
        if price <= MOST_PRICE and j not in pairs and i not in pairs.values():
            pairs[j] = i
    return pairs
