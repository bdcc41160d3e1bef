"""Open a manifest of media files as a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.config import AUDIO_DIM, MODALITIES
from engine.corpora.division import divide
from engine.corpora.extraction import Extracted, MediaExtractor
from engine.corpora.feature_cache import FeatureCache
from engine.corpora.gather import OnItem, default_jobs, extract_items
from engine.corpora.manifest import Item, manifest_labels, read_manifest
from engine.corpora.manifest_dataset import ManifestDataset, assemble
from engine.corpora.recipe import FaceRecipe, Settings, face_recipe
from engine.corpora.utterances import FeatureOrigin
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.features.word_vectors import WordVectors


def _ignore(done: int, total: int, item: str, reason: str | None) -> None:
    """Nobody wants to know."""


def open_manifest(
    path: Path,
    *,
    modalities: Sequence[str] | None = None,
    cache: Path | None = None,
    jobs: int | None = None,
    folds: int = 5,
    face_encoder: str = "bundled",
    track_hz: float | None = None,
    vectors: str | None = None,
    on_item: OnItem = _ignore,
) -> ManifestDataset:
    """Open a manifest as a data set; features that are not in the cache are extracted first.

    Parameters
    ----------
    path : the manifest; see `engine.corpora.manifest.read_manifest`.
    modalities : which to use; None for those that it has.
    cache : folder of extracted features; None for the one among the user's caches.
    jobs : processes that extract features; None for one for each core, 0 for none but this one.
    folds : how many folds to make where the manifest names no split or fold.
    face_encoder : "bundled", "resnet101" or the path of an ONNX file.
    track_hz : media rate at which the face of a video is followed; None for that of sessions.
    vectors : word vectors as `load_word_vectors` takes them; None for the default ones.
    on_item : is told after each item: how many are done, of how many, its id, and why it cannot be used, or None.

    Raises
    ------
    DataError
        When the manifest is not as expected, or what can be used of it is too little.
    AssetError
        When a network or the word vectors are missing.
    OutputError
        When the cache cannot be written.
    ValueError
        When there is no such modality.
    """
    if modalities is not None and (not modalities or set(modalities) - set(MODALITIES)):
        raise ValueError(f"modalities must be some of {', '.join(MODALITIES)}, got {modalities!r}")
    use = tuple(name for name in MODALITIES if modalities is None or name in modalities)
    classes = manifest_labels(path, use)
    if len(classes) < 2:
        raise DataError(f"{path} has the label {classes[0]} alone: there is nothing to tell apart")
    items = read_manifest(path, use, classes)
    division = divide(path, items, folds)
    use = _used(path, items, use, modalities)
    face = _face(face_encoder, track_hz) if "video" in use else None
    words = _load_vectors(vectors) if "text" in use else None
    mfcc = _mfcc_settings() if "audio" in use else {}
    extracted = extract_media(items, mfcc, face, cache=cache, jobs=jobs, on_item=on_item)
    dims = {"audio": AUDIO_DIM, "video": face.dim if face else 0, "text": words.dim if words else 0}
    origin = FeatureOrigin(
        face_encoder=face.name if face else None,
        face_dim=face.dim if face else None,
        vectors=words.name if words else None,
        text_dim=words.dim if words else None,
        mfcc=mfcc,
    )
    return assemble(path, classes, items, division, extracted, words, {name: dims[name] for name in use}, origin)


def extract_media(
    items: Sequence[Item],
    mfcc: Mapping[str, object],
    face: FaceRecipe | None,
    *,
    cache: Path | None,
    jobs: int | None,
    on_item: OnItem,
) -> list[Extracted]:
    """Features of items out of their files, as `extract_items`.

    Parameters
    ----------
    mfcc, face : how voices and faces become features; see `Settings`.
    cache, jobs : where they are kept, and how many processes extract; None for the usual.
    """
    return extract_items(
        items,
        Settings(mfcc, face),
        FeatureCache(default_cache() if cache is None else cache),
        partial(MediaExtractor, face),
        jobs=default_jobs() if jobs is None else jobs,
        on_item=on_item,
    )


def default_cache() -> Path:
    """Folder of extracted features among the user's caches."""
    from engine.features.vector_cache import cache_folder

    return cache_folder() / "features"


def _used(path: Path, items: Sequence[Item], use: Sequence[str], asked: Sequence[str] | None) -> tuple[str, ...]:
    """The modalities that occur; all that were asked for must."""
    has = {
        "audio": any(item.audio is not None for item in items),
        "video": any(item.faces is not None or item.video is not None for item in items),
        "text": any(item.text is not None for item in items),
    }
    missing = [name for name in use if not has[name]]
    if missing and asked is not None:
        raise DataError(f"no row of {path} has {' or '.join(missing)}: fill the column, or leave the modality out")
    if len(missing) == len(use):
        raise DataError(f"no row of {path} has audio, faces, video or text")
    return tuple(name for name in use if has[name])


def _face(encoder: str, track_hz: float | None) -> FaceRecipe:
    return face_recipe(encoder) if track_hz is None else face_recipe(encoder, track_hz)


def _load_vectors(choice: str | None) -> WordVectors:
    from engine.features.word_vectors import load_word_vectors

    return load_word_vectors(choice)


def _mfcc_settings() -> dict[str, object]:
    from engine.models.card import MFCC_SETTINGS

    return dict(MFCC_SETTINGS)
