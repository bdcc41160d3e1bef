"""A manifest of labelled media files as a data set: features in a cache, folds from its columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.corpora.cached_utterances import CachedUtterance, CachedUtterances
from engine.corpora.division import Division, Parts, check_parts
from engine.corpora.extraction import Extracted
from engine.corpora.item import spread_words
from engine.corpora.manifest import Item
from engine.corpora.utterances import FeatureOrigin, Fold, IntArray
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.features.word_vectors import WordVectors

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An item that cannot be used, and why."""

    id: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestDataset:
    """Labelled media files in folds.

    Attributes
    ----------
    name : of the manifest.
    classes : label k means ``classes[k]``.
    features : which features they are.
    fingerprint : changes when labels, folds, contents of the files, words or settings change.
    notes : how the folds were made, and what was left out.
    left_out : every item that cannot be used.
    path : the manifest.
    """

    name: str
    classes: tuple[str, ...]
    features: FeatureOrigin
    fingerprint: str
    notes: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    path: Path
    _parts: Mapping[str, Parts]
    _utterances: tuple[CachedUtterance | None, ...]
    _dims: Mapping[str, int]

    @property
    def folds(self) -> tuple[str, ...]:
        """Names of the folds."""
        return tuple(self._parts)

    def open(self, fold: str) -> Fold:
        """Open one fold.

        Raises
        ------
        DataError
            When there is no such fold.
        """
        if fold not in self._parts:
            raise DataError(f"{self.path} has no fold {fold!r}: there are {', '.join(self._parts)}")
        parts = self._parts[fold]
        return Fold(name=fold, train=self._set(parts.train), dev=self._set(parts.dev), test=self._set(parts.test))

    def _set(self, rows: IntArray) -> CachedUtterances:
        chosen = [self._utterances[int(row)] for row in rows]
        return CachedUtterances([one for one in chosen if one is not None], self._dims)


def assemble(
    path: Path,
    classes: tuple[str, ...],
    items: Sequence[Item],
    division: Division,
    extracted: Sequence[Extracted],
    words: WordVectors | None,
    dims: Mapping[str, int],
    origin: FeatureOrigin,
) -> ManifestDataset:
    """Put together what was found, and check that every fold can be learned from.

    Parameters
    ----------
    path : the manifest.
    classes : names of the labels.
    items, extracted : its items, and what was extracted of each.
    division : its folds.
    words : word vectors, None where no words are used.
    dims : features per frame of each modality that is used.
    origin : which features they are.

    Raises
    ------
    DataError
        When no item can be used, a part of a fold is empty, or a class is missing in training.
    """
    found = [utterance_of(item, one, words) for item, one in zip(items, extracted, strict=True)]
    left_out = tuple(one for one in found if isinstance(one, LeftOut))
    if len(left_out) == len(items):
        raise DataError(f"none of the {len(items)} items of {path} can be used. {first_reason(left_out)}")
    usable = np.array([not isinstance(one, LeftOut) for one in found])
    labels = np.array([item.label for item in items], dtype=np.int64)
    parts = {
        name: Parts(train=one.train[usable[one.train]], dev=one.dev[usable[one.dev]], test=one.test[usable[one.test]])
        for name, one in division.folds.items()
    }
    for name, one in parts.items():
        check_parts(path, name, one, labels, classes)
    notes = division.notes
    if left_out:
        notes += (f"{len(left_out)} of {len(items)} items were left out. {first_reason(left_out)}",)
    return ManifestDataset(
        name=path.stem,
        classes=classes,
        features=origin,
        fingerprint=_fingerprint(classes, items, found, parts, origin),
        notes=notes,
        left_out=left_out,
        path=path,
        _parts=parts,
        _utterances=tuple(None if isinstance(one, LeftOut) else one for one in found),
        _dims=dict(dims),
    )


def utterance_of(item: Item, extracted: Extracted, words: WordVectors | None) -> CachedUtterance | LeftOut:
    """What a model learns of an item, or why it learns nothing.

    Parameters
    ----------
    item : the labelled item.
    extracted : what was extracted of it.
    words : word vectors, None where no words are used.
    """
    if extracted.reason is not None:
        return LeftOut(id=item.id, row=item.row, reason=_without_folders(extracted.reason, item))
    text = None
    if words is not None and item.text:
        text = words.embed(spread_words(item.text))[1]
    if not extracted.features and (text is None or not len(text)):
        why = "no word of the text has a word vector" if item.text else "it has no voice, no face and no words"
        return LeftOut(id=item.id, row=item.row, reason=why)
    return CachedUtterance(item.label, extracted.features, text)


def _without_folders(reason: str, item: Item) -> str:
    """A reason with the bare names of the item's files: it goes into records that leave this machine."""
    for path in (item.audio, item.faces, item.video):
        if path is not None:
            reason = reason.replace(str(path), path.name)
    return reason.rstrip(".")


def first_reason(left_out: Sequence[LeftOut]) -> str:
    """The first items that cannot be used, with their reasons, for a message."""
    shown = "; ".join(f"row {one.row} ({one.id}): {one.reason}" for one in left_out[:_SHOWN])
    return f"{'The first' if len(left_out) > _SHOWN else 'Namely'}: {shown}"


def _fingerprint(
    classes: Sequence[str],
    items: Sequence[Item],
    found: Sequence[CachedUtterance | LeftOut],
    parts: Mapping[str, Parts],
    origin: FeatureOrigin,
) -> str:
    digest = hashlib.sha256(json.dumps([list(classes), origin.vectors, origin.text_dim]).encode())
    for item, one in zip(items, found, strict=True):
        keys = None if isinstance(one, LeftOut) else {name: Path(to.path).stem for name, to in one.stored.items()}
        text = item.text if origin.vectors else None
        digest.update(json.dumps([item.id, item.label, keys, text], sort_keys=True).encode())
    for name, fold in parts.items():
        digest.update(json.dumps([name, *(getattr(fold, part).tolist() for part in ("train", "dev", "test"))]).encode())
    return digest.hexdigest()
