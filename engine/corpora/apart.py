"""Groups of items that belong together, so that what is alike is not learned from and tested on at once."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from engine.corpora.manifest import Item
from engine.corpora.utterances import IntArray

APART_S = 2.0
"""Spans of a recording that are closer than this stay together."""


def even_groups(rows: Mapping[str, Sequence[int]], labels: Sequence[int], count: int) -> list[list[int]]:
    """Put speakers into groups whose labels are as even as a greedy choice makes them, the largest speakers first."""
    classes = max(labels) + 1
    counts = {name: np.bincount([labels[index] for index in own], minlength=classes) for name, own in rows.items()}
    total = np.sum(list(counts.values()), axis=0)
    shares = np.zeros((count, classes))
    groups: list[list[int]] = [[] for _ in range(count)]
    for name in sorted(rows, key=lambda name: (-len(rows[name]), name_checksum(name))):
        share = counts[name] / np.maximum(total, 1)
        empty = [group for group in range(count) if not groups[group]]
        # Where a group is still empty it comes first, so that none stays so.
        best = min(
            empty or range(count),
            key=lambda group: (float(((shares[group] + share) ** 2).sum() - (shares[group] ** 2).sum()), group),
        )
        shares[best] += share
        groups[best] += rows[name]
    return groups


def name_checksum(name: str) -> str:
    """What names are put in order by, so that the order of a manifest decides nothing."""
    return hashlib.sha256(name.encode()).hexdigest()


def recording_of(item: Item) -> str:
    """What an item was recorded in; items of words alone stand for themselves."""
    place = item.video or item.audio or item.faces
    return f"row {item.row}" if place is None else str(place)


def by_recording(items: Sequence[Item]) -> dict[str, list[int]]:
    """Indices of the items of each recording."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        found[recording_of(item)].append(index)
    return dict(found)


def stretches(items: Sequence[Item], count: int) -> IntArray:
    """Divide items into stretches of time of their recordings; what overlaps or lies close together is in one.

    Parameters
    ----------
    items : parts of recordings.
    count : how many stretches; fewer where fewer groups of items lie apart.

    Returns
    -------
    The stretch of each item, from 0, [n].
    """
    clusters = _clusters(items)
    count = min(count, len(clusters))
    of = np.zeros(len(items), dtype=np.int64)
    done = 0
    for at, cluster in enumerate(clusters):
        # Each stretch gets its share of the items, and none is left without a cluster.
        stretch = max(min(done * count // len(items), count - 1), count - (len(clusters) - at))
        of[cluster] = stretch
        done += len(cluster)
    _, compact = np.unique(of, return_inverse=True)
    return compact.astype(np.int64)


def _clusters(items: Sequence[Item]) -> list[list[int]]:
    """Items that overlap or lie close together, in order of time within each recording."""
    clusters: list[list[int]] = []
    for rows in by_recording(items).values():
        until_s = -math.inf
        for index in sorted(rows, key=lambda index: _span(items[index])):
            start_s, end_s = _span(items[index])
            if start_s < until_s + APART_S:
                clusters[-1].append(index)
            else:
                clusters.append([index])
            until_s = max(until_s, end_s)
    return clusters


def _span(item: Item) -> tuple[float, float]:
    part = item.part if item.video else item.heard
    return part.start_s or 0.0, math.inf if part.end_s is None else part.end_s
