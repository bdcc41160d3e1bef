"""The labelled items that models are corrected on: opened, checked, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.config import MODALITIES, Fusion, Modality
from engine.corpora.gather import OnItem
from engine.corpora.labelled_items import LabelledItems, open_items
from engine.corpora.manifest import Item, manifest_modalities, read_manifest
from engine.corpora.manifest_dataset import LeftOut, first_reason
from engine.errors import DataError
from engine.features.word_vectors import WordVectors
from engine.models.stored import Stored
from engine.training.adapt.features import face_encoder_choice, require_features
from engine.training.adapt.parts import Parts, make_parts

LEAST_ITEMS = 20
"""Fewer items say nothing of what is held out."""


def open_material(
    chosen: Mapping[Fusion, Stored],
    manifest: Path,
    labels: Sequence[str],
    *,
    vectors: WordVectors,
    use: Sequence[Modality] | None,
    cache: Path | None,
    jobs: int | None,
    on_item: OnItem,
) -> LabelledItems:
    """Features of the items of a manifest, as some models take them.

    Parameters
    ----------
    chosen : the models.
    manifest : the labelled items.
    labels : their classes.
    vectors, use, cache, jobs, on_item : see `engine.training.adapt.run.correct_models`.

    Raises
    ------
    DataError
        When the manifest is not as expected, or what can be used of it is too little.
    AssetError, CheckpointError
        When the features that the models were trained with are not here.
    """
    counted = _modalities(manifest, chosen, use)
    listed = read_manifest(manifest, counted, labels)
    _require_enough(manifest, listed, labels)  # also here, before features are extracted, which takes long
    make_parts(listed, 2)
    require_features(chosen, vectors)
    dims = {name: dim for one in chosen.values() for name, dim in one.config.dims.items()}
    mfcc = next((one.card.mfcc for one in chosen.values() if one.card.mfcc), {})
    found = open_items(
        manifest,
        labels,
        use=counted,
        dims=dims,
        face_encoder=face_encoder_choice(chosen),
        vectors=vectors if "text" in counted else None,
        mfcc=dict(mfcc),
        cache=cache,
        jobs=jobs,
        on_item=on_item,
    )
    for fusion, one in chosen.items():
        if not set(one.config.modalities) & set(found.modalities):
            raise DataError(
                f"no item of {manifest} has {' or '.join(one.config.modalities)}, which is all that the {fusion} model "
                "takes: choose the other with --fusion, or name one checkpoint with --from"
            )
    _require_enough(manifest, found.items, labels, found.left_out)
    return found


def notes_on(
    found: LabelledItems, labels: Sequence[str], chosen: Mapping[Fusion, Stored], parts: Parts
) -> tuple[str, ...]:
    """What a user should know of some items, and of figures that rest on them."""
    notes = [f"Held out were {parts.note}."]
    unseen = sorted(set(labels) - {labels[item.label] for item in found.items})
    if unseen:
        notes.append(f"Nothing is labelled {', '.join(unseen)}: how the models tell these was not measured.")
    lacking = [
        name
        for name in MODALITIES
        if name not in found.modalities and any(name in one.config.modalities for one in chosen.values())
    ]
    if lacking:
        notes.append(f"No item has {' or '.join(lacking)}: what the models make of it was neither taught nor measured.")
    if any(item.split for item in found.items):
        notes.append("The column split was not looked at: every item is learned from, and held out in its turn.")
    if found.left_out:
        total = len(found.items) + len(found.left_out)
        notes.append(f"{len(found.left_out)} of {total} items were left out. {first_reason(found.left_out)}.")
    return tuple(notes)


def _modalities(
    manifest: Path, chosen: Mapping[Fusion, Stored], use: Sequence[Modality] | None
) -> tuple[Modality, ...]:
    """The modalities that count: of the manifest, of some model, and asked for."""
    there = manifest_modalities(manifest)
    taken = {name for one in chosen.values() for name in one.config.modalities}
    both = tuple(name for name in MODALITIES if name in there and name in taken and (use is None or name in use))
    if not both:
        raise DataError(
            f"{manifest} has {', '.join(there)}, and the models take {', '.join(m for m in MODALITIES if m in taken)}: "
            "there is nothing that both have and --use names"
        )
    return both


def _require_enough(
    manifest: Path, items: Sequence[Item], labels: Sequence[str], left_out: Sequence[LeftOut] = ()
) -> None:
    count, kinds = len(items), {labels[item.label] for item in items}
    more = f" {len(left_out)} were left out. {first_reason(left_out)}" if left_out else ""
    if len(kinds) < 2:
        raise DataError(
            f"{manifest} has the label {kinds.pop()} alone: a model that learned from it would say nothing else. Label "
            f"other emotions too.{more}"
        )
    if count < LEAST_ITEMS:
        raise DataError(
            f"{manifest} has {count} items that can be used: it takes {LEAST_ITEMS}, since a part of them is held out "
            f"to see whether the models become better. Label more.{more}"
        )
