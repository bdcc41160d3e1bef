"""The items of a manifest for a model that is there already: its classes, its features, no folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.config import MODALITIES, Modality
from engine.corpora.cached_utterances import CachedUtterance, CachedUtterances
from engine.corpora.gather import OnItem
from engine.corpora.manifest import Item, read_manifest
from engine.corpora.manifest_dataset import LeftOut, first_reason, utterance_of
from engine.corpora.media import extract_media
from engine.corpora.recipe import face_recipe
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.features.word_vectors import WordVectors


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledItems:
    """Items that can be learned from.

    Attributes
    ----------
    items : those that can be used, in the order of the manifest.
    utterances : their features.
    left_out : those that cannot, and why.
    modalities : what any of them has.
    """

    items: tuple[Item, ...]
    utterances: CachedUtterances
    left_out: tuple[LeftOut, ...]
    modalities: tuple[Modality, ...]


def open_items(
    path: Path,
    classes: Sequence[str],
    *,
    use: Sequence[str],
    dims: Mapping[str, int],
    face_encoder: str | None,
    vectors: WordVectors | None,
    mfcc: Mapping[str, object],
    cache: Path | None = None,
    jobs: int | None = None,
    on_item: OnItem = lambda done, total, item, reason: None,
) -> LabelledItems:
    """Read a manifest, and extract the features that are not in the cache.

    Parameters
    ----------
    path : the manifest.
    classes : what a label may be.
    use : modalities that count.
    dims : features per frame of every modality of the models, also of those that do not count.
    face_encoder : "bundled", "resnet101" or the path of an ONNX file; None where no face counts.
    vectors : the word vectors; None where no words count.
    mfcc : settings of the audio features.
    cache : folder of extracted features; None for the one among the user's caches.
    jobs : processes that extract features; None for one for each core, 0 for none but this one.
    on_item : is told after each item: how many are done, of how many, its id, and why it cannot be used, or None.

    Raises
    ------
    DataError
        When the manifest is not as expected, a label is none of the classes, or no item can be used.
    AssetError
        When a network is missing.
    OutputError
        When the cache cannot be written.
    """
    items = read_manifest(path, use, classes)
    face = face_recipe(face_encoder) if face_encoder is not None and "video" in use else None
    extracted = extract_media(items, mfcc, face, cache=cache, jobs=jobs, on_item=on_item)
    found = [utterance_of(item, one, vectors) for item, one in zip(items, extracted, strict=True)]
    left_out = tuple(one for one in found if isinstance(one, LeftOut))
    if len(left_out) == len(items):
        raise DataError(f"none of the {len(items)} items of {path} can be used. {first_reason(left_out)}")
    usable = [(item, one) for item, one in zip(items, found, strict=True) if isinstance(one, CachedUtterance)]
    utterances = [one for _, one in usable]
    return LabelledItems(
        items=tuple(item for item, _ in usable),
        utterances=CachedUtterances(utterances, dims),
        left_out=left_out,
        modalities=tuple(name for name in MODALITIES if name in use and any(_has(one, name) for one in utterances)),  # type: ignore[misc]
    )


def _has(one: CachedUtterance, modality: str) -> bool:
    if modality == "text":
        return one.text is not None and len(one.text) > 0
    return modality in one.stored
