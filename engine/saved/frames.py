"""Frames of features, faces and pictures of a stretch of time, put together from the pieces of a journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np

from engine.kept import KeptFace
from engine.stages import Seen
from engine.types import FloatArray, TimeArray

Frames = tuple[TimeArray, FloatArray]
_One = TypeVar("_One", KeptFace, Seen)


def inside(parts: Sequence[Frames], start_s: float, end_s: float, dim: int) -> Frames:
    """Frames of a piece that go forward in time, in memory of their own."""
    times_s, values = _joined(parts, dim)
    kept = (times_s >= start_s) & (times_s < end_s)
    times_s, values = times_s[kept], values[kept]
    onward = times_s >= np.maximum.accumulate(times_s)
    return (times_s, values) if onward.all() else (times_s[onward], values[onward])


def cut(parts: Sequence[Frames], start_s: float, end_s: float, dim: int) -> Frames:
    """The frames of pieces that lie in a stretch of time, its ends included."""
    times_s, values = _joined(parts, dim)
    chosen = slice(int(times_s.searchsorted(start_s, "left")), int(times_s.searchsorted(end_s, "right")))
    return times_s[chosen], values[chosen]


def forward(every: list[_One]) -> list[_One]:
    """Those that are not before the one before."""
    kept: list[_One] = []
    for one in every:
        if not kept or one.pts_s >= kept[-1].pts_s:
            kept.append(one)
    return kept


def within(faces: Iterable[KeptFace], start_s: float, end_s: float) -> list[KeptFace]:
    """Those of a stretch of time, its ends included."""
    return [one for one in faces if start_s <= one.pts_s <= end_s]


def _joined(parts: Sequence[Frames], dim: int) -> Frames:
    times_s = np.concatenate([one for one, _ in parts] or [np.zeros(0)])
    return times_s, np.concatenate([one for _, one in parts] or [np.zeros((0, dim), np.float32)])
