"""Correct models on the labelled items of a manifest, and measure what that brings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.config import Fusion, Modality
from engine.corpora.apart import by_recording
from engine.corpora.extraction import one_torch_thread
from engine.corpora.gather import OnItem
from engine.corpora.labelled_items import LabelledItems
from engine.corpora.utterances import IntArray
from engine.features.word_vectors import WordVectors
from engine.models.checkpoint import build_model
from engine.models.chosen import shared_labels
from engine.models.fusion import FusionModel
from engine.models.stored import Stored
from engine.training.adapt.comparison import Comparison, compare
from engine.training.adapt.fit import Learner, Parent
from engine.training.adapt.held_out import HeldOut, cross_validate
from engine.training.adapt.material import notes_on, open_material
from engine.training.adapt.parts import Parts, make_parts
from engine.training.adapt.recipe import AdaptationRecipe

OnEpoch = Callable[[Fusion, int, int], None]
"""Is told after each epoch: of which model, how many are done, and of how many at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedModel:
    """One model before and after.

    Attributes
    ----------
    parent : the checkpoint that it began with.
    model : learned from all items.
    held_out : cross-validated answers, classes in the order of `Correction.labels`.
    comparison : of these.
    """

    parent: Stored
    model: FusionModel
    held_out: HeldOut
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Models corrected on the same items.

    Attributes
    ----------
    models : by kind.
    together : the mean of their probabilities before and after, as windows show it; that of the one where one runs.
    recipe : how they learned.
    manifest : name of the manifest, without its folder.
    labels : the classes.
    counts : items of each label.
    modalities : what any item has.
    items, recordings, speakers : how many there are; speakers as far as the manifest names them.
    parts : of the cross-validation.
    notes : what a user should know of the items and the figures.
    """

    models: Mapping[Fusion, CorrectedModel]
    together: Comparison
    recipe: AdaptationRecipe
    manifest: str
    labels: tuple[str, ...]
    counts: Mapping[str, int]
    modalities: tuple[Modality, ...]
    items: int
    recordings: int
    speakers: int
    parts: Parts
    notes: tuple[str, ...]

    @property
    def better(self) -> bool:
        """Whether the new models are recommended."""
        return self.together.better


def correct_models(
    chosen: Mapping[Fusion, Stored],
    manifest: Path,
    recipe: AdaptationRecipe,
    *,
    vectors: WordVectors,
    use: Sequence[Modality] | None = None,
    cache: Path | None = None,
    jobs: int | None = None,
    on_item: OnItem = lambda done, total, item, reason: None,
    on_epoch: OnEpoch = lambda fusion, done, total: None,
) -> Correction:
    """Correct every one of some models. Nothing is written but extracted features.

    Parameters
    ----------
    chosen : where they begin; they know the same classes.
    manifest : the labelled items; see `engine.corpora.manifest.read_manifest`.
    recipe : how they learn.
    vectors : the word vectors that run.
    use : modalities that count; None for those that manifest and models have.
    cache, jobs, on_item : see `engine.corpora.labelled_items.open_items`.
    on_epoch : is told after each epoch.

    Raises
    ------
    DataError
        When the manifest is not as expected, or what can be used of it is too little.
    AssetError, CheckpointError
        When the features that the models were trained with are not here.
    OutputError
        When extracted features cannot be kept.
    """
    labels = shared_labels(chosen)
    found = open_material(chosen, manifest, labels, vectors=vectors, use=use, cache=cache, jobs=jobs, on_item=on_item)
    truth = found.utterances.labels
    parts = make_parts(found.items, recipe.parts)
    with one_torch_thread():
        models = {
            fusion: _correct(fusion, one, recipe, found, truth, labels, parts, on_epoch)
            for fusion, one in chosen.items()
        }
    before, after = ([getattr(one.held_out, when) for one in models.values()] for when in ("before", "after"))
    counts = Counter(labels[label] for label in truth.tolist())
    return Correction(
        models=models,
        together=compare(np.mean(before, axis=0), np.mean(after, axis=0), truth),
        recipe=recipe,
        manifest=manifest.name,
        labels=labels,
        counts={name: counts[name] for name in labels},
        modalities=found.modalities,
        items=len(found.items),
        recordings=len(by_recording(found.items)),
        speakers=len({item.speaker for item in found.items} - {None}),
        parts=parts,
        notes=notes_on(found, labels, chosen, parts),
    )


def _correct(
    fusion: Fusion,
    stored: Stored,
    recipe: AdaptationRecipe,
    found: LabelledItems,
    truth: IntArray,
    labels: Sequence[str],
    parts: Parts,
    on_epoch: OnEpoch,
) -> CorrectedModel:
    parent = Parent(build_model(stored), stored.card)
    own = np.array([stored.card.labels.index(labels[label]) for label in truth.tolist()], dtype=np.int64)
    total, done = (parts.count + 1) * recipe.epochs, 0

    def count() -> None:
        nonlocal done
        done += 1
        on_epoch(fusion, done, total)

    held = cross_validate(parent, recipe, found.utterances, own, parts, count)
    learner = Learner(parent, replace(recipe, epochs=max(held.epochs, 1)), found.utterances, np.arange(len(own)), own)
    if held.epochs:
        for _ in learner.epochs():
            count()
    on_epoch(fusion, total, total)
    order = [stored.card.labels.index(name) for name in labels]
    held = replace(held, before=held.before[:, order], after=held.after[:, order])
    return CorrectedModel(
        parent=stored,
        model=learner.model.eval(),
        held_out=held,
        comparison=compare(held.before, held.after, truth),
    )
