"""Dividing the items of a manifest into folds of training, dev and test."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.corpora.apart import by_recording, even_groups, name_checksum, stretches
from engine.corpora.manifest import Item
from engine.corpora.utterances import IntArray
from engine.errors import DataError

SPLITS = ("train", "dev", "test")
LEAST_FOLDS = 3
"""One is tested, one chooses the model, and at least one is learned from."""

_FOLD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Items of one fold, as ascending indices into the manifest."""

    train: IntArray
    dev: IntArray
    test: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """Folds of a manifest.

    Attributes
    ----------
    folds : by name, in order.
    notes : how they were made, for the user.
    """

    folds: Mapping[str, Parts]
    notes: tuple[str, ...] = ()


def divide(path: Path, items: Sequence[Item], folds: int = 5) -> Division:
    """Divide items as their manifest says.

    With a column ``split`` (train, dev, test) there is one fold, "all". With a column ``fold`` each of its values is
    tested once; the next value, in natural order, is the dev part, and the rest is learned from. With neither, such
    values are made: by speaker where there is a column ``speaker``, so that nobody is heard in two parts, and else
    by item, from a checksum of its id. Both keep the shares of the labels as even as they can, and depend on
    nothing but the manifest.

    Parameters
    ----------
    path : the manifest, for messages.
    items : its items.
    folds : how many folds to make where the manifest names none.

    Raises
    ------
    DataError
        When a column is filled in part, names no known split, or there are too few folds or speakers.
    """
    if _has(path, items, "split"):
        return _by_split(path, items)
    if _has(path, items, "fold"):
        return _by_fold(path, items)
    if folds < LEAST_FOLDS:
        raise DataError(f"{folds} folds are too few: one is tested and one chooses the model, so take 3 or more")
    if _has(path, items, "speaker"):
        return _by_speaker(path, items, folds)
    recordings = by_recording(items)
    if len(recordings) < len(items):
        return _by_recording(path, items, recordings, folds)
    return _by_item(path, items, folds)


def _has(path: Path, items: Sequence[Item], column: str) -> bool:
    """Whether a column is filled; in all rows or in none."""
    empty = [item.row for item in items if not getattr(item, column)]
    if empty and len(empty) < len(items):
        raise DataError(
            f"{path}, row {empty[0]}: the column {column} is empty here, and not elsewhere: fill it in all rows"
        )
    return not empty


def _by_split(path: Path, items: Sequence[Item]) -> Division:
    rows: dict[str, list[int]] = {name: [] for name in SPLITS}
    speakers: dict[str, set[str]] = {name: set() for name in SPLITS}
    for index, item in enumerate(items):
        split = (item.split or "").lower()
        if split not in rows:
            raise DataError(f"{path}, row {item.row}: split must be train, dev or test, found {item.split!r}")
        rows[split].append(index)
        speakers[split] |= {item.speaker} - {None}  # type: ignore[arg-type]
    empty = [name for name in SPLITS if not rows[name]]
    if empty:
        raise DataError(
            f"{path}: no row has the split {' and none the split '.join(empty)}. Training needs train to learn from, "
            "dev to choose the best epoch and test to measure; or leave the column out, and folds are made"
        )
    both = speakers["test"] & (speakers["train"] | speakers["dev"])
    notes = (f"{len(both)} of {len(speakers['test'])} speakers of test are in train or dev too",) if both else ()
    return Division(folds={"all": Parts(**{name: _array(rows[name]) for name in SPLITS})}, notes=notes)


def _by_fold(path: Path, items: Sequence[Item]) -> Division:
    groups: dict[str, list[int]] = defaultdict(list)
    folds_of: dict[str, set[str]] = defaultdict(set)
    for index, item in enumerate(items):
        name = item.fold or ""
        if not _FOLD_NAME.fullmatch(name):
            raise DataError(
                f"{path}, row {item.row}: {name!r} cannot name a fold: take letters, digits, points, dashes and "
                "underscores, for its results lie in a folder of this name"
            )
        groups[name].append(index)
        if item.speaker:
            folds_of[item.speaker].add(name)
    if len(groups) < LEAST_FOLDS:
        raise DataError(
            f"{path} names {len(groups)} fold{'s' * (len(groups) != 1)}: one is tested and the next chooses the model, "
            "so it takes at least three"
        )
    several = sum(len(names) > 1 for names in folds_of.values())
    notes = (f"{several} of {len(folds_of)} speakers are in more than one fold",) if several else ()
    return Division(folds=_rotate({name: groups[name] for name in sorted(groups, key=_natural)}), notes=notes)


def _by_speaker(path: Path, items: Sequence[Item], folds: int) -> Division:
    rows: dict[str, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        rows[item.speaker or ""].append(index)
    if len(rows) < LEAST_FOLDS:
        raise DataError(
            f"{path} has {len(rows)} speaker{'s' * (len(rows) != 1)}, too few to learn, choose and test on different "
            "ones: it takes three. Fill the column split instead, or leave the column speaker out"
        )
    count = min(folds, len(rows))
    groups = even_groups(rows, [item.label for item in items], count)
    notes = [f"{count} folds by speaker ({len(rows)} speakers)"]
    return Division(folds=_rotate(_numbered(groups)), notes=tuple(notes))


def _by_recording(path: Path, items: Sequence[Item], recordings: Mapping[str, Sequence[int]], folds: int) -> Division:
    """Whole recordings where there are enough, else stretches of time: neighbours are alike."""
    if len(recordings) >= LEAST_FOLDS:
        groups = even_groups(recordings, [item.label for item in items], min(folds, len(recordings)))
        note = f"{len(groups)} folds by recording ({len(recordings)} recordings)"
    else:
        of = stretches(items, folds)
        groups = [np.flatnonzero(of == one).tolist() for one in np.unique(of)]
        note = f"{len(groups)} folds by stretch of time, since there are fewer than {LEAST_FOLDS} recordings"
    if len(groups) < LEAST_FOLDS:
        raise DataError(
            f"{path} has {_stretches(len(groups))}: it takes three to learn, choose and test on. "
            "Label more, or fill the column split"
        )
    return Division(folds=_rotate(_numbered(groups)), notes=(note,))


def _stretches(count: int) -> str:
    return "one stretch of time only" if count == 1 else f"{count} stretches of time that lie apart"


def _by_item(path: Path, items: Sequence[Item], folds: int) -> Division:
    by_label: dict[int, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        by_label[item.label].append(index)
    groups: list[list[int]] = [[] for _ in range(folds)]
    dealt = 0
    for label in sorted(by_label):
        for index in sorted(by_label[label], key=lambda index: name_checksum(items[index].id)):
            groups[dealt % folds].append(index)
            dealt += 1
    if not all(groups):
        raise DataError(f"{path} has {len(items)} items, too few for {folds} folds")
    note = f"{folds} folds by item: without a column speaker the same voice may be learned from and tested on"
    return Division(folds=_rotate(_numbered(groups)), notes=(note,))


def _numbered(groups: Sequence[list[int]]) -> dict[str, list[int]]:
    return {f"fold{number:02}": group for number, group in enumerate(groups, start=1)}


def _rotate(groups: Mapping[str, Sequence[int]]) -> dict[str, Parts]:
    """Test each group once, with the next one as dev."""
    names = list(groups)
    out = {}
    for at, name in enumerate(names):
        following = names[(at + 1) % len(names)]
        train = [index for other in names if other not in (name, following) for index in groups[other]]
        out[name] = Parts(train=_array(train), dev=_array(groups[following]), test=_array(groups[name]))
    return out


def _array(rows: Sequence[int]) -> IntArray:
    return np.array(sorted(rows), dtype=np.int64)


def _natural(name: str) -> list[tuple[int, int | str]]:
    """Order in which fold2 comes before fold10."""
    parts = re.split(r"([0-9]+)", name)
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts if part]


def check_parts(path: Path, name: str, parts: Parts, labels: IntArray, classes: Sequence[str]) -> None:
    """Refuse a fold that nothing can be learned from.

    Parameters
    ----------
    path, name : manifest and fold, for messages.
    parts : items of the fold that can be used.
    labels : label of each item, [n].
    classes : names of the labels.

    Raises
    ------
    DataError
        When a part is empty or a class is missing in training.
    """
    for split in SPLITS:
        if not len(getattr(parts, split)):
            raise DataError(f"{path}: the {split} part of {name} is empty. Give it items, or divide the data otherwise")
    missing = Counter(classes) - Counter(classes[label] for label in set(labels[parts.train].tolist()))
    if missing:
        raise DataError(
            f"{path}: nothing in the training part of {name} is labelled {' or '.join(missing)}. Give more items "
            "of it, divide the data otherwise, or leave the label out"
        )
