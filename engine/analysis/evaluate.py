"""Score the models on labelled items."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.analysis.palette import MODALITY_NAMES
from engine.config import MODALITIES, Fusion
from engine.corpora.item import Material, build_window, read_item
from engine.corpora.manifest import COLUMNS, Item
from engine.errors import DataError, SourceError
from engine.metrics import Scores, score
from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.components import Components

_CHUNK = 64
"""Items whose faces are encoded together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An item that could not be scored, and why."""

    id: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """An item with the probabilities [k] of each fusion model over the classes ``labels``."""

    item: Item
    probabilities: dict[Fusion, FloatArray]
    labels: tuple[str, ...]

    @property
    def mean(self) -> FloatArray:
        """Mean over the fusion models, [k]."""
        mean: FloatArray = np.mean(list(self.probabilities.values()), axis=0, dtype=np.float32)
        return mean


def predict_items(
    items: Iterable[Item], components: Components, track_hz: float, batch: int = _CHUNK
) -> Iterator[Scored | Skipped]:
    """Predict every item, in order; those that cannot be read come as `Skipped`.

    Parameters
    ----------
    items : what to predict; their labels are numbers of the predictor's classes
    components : face tracker, face encoder, word vectors and predictor
    track_hz : media rate at which a face is followed in a video
    batch : items whose faces are encoded together
    """
    waiting = iter(items)
    while chunk := list(islice(waiting, batch)):
        read = [_read(item, components, track_hz) for item in chunk]
        materials = [one for one in read if isinstance(one, Material)]
        embeddings = iter(_encode(materials, components))
        for item, one in zip(chunk, read, strict=True):
            if isinstance(one, Skipped):
                yield one
                continue
            window = build_window(one, next(embeddings), components.vectors)
            if not window.present:
                yield Skipped(id=item.id, row=item.row, reason="no word of the text has a word vector")
                continue
            outcomes = components.predictor.predict(window)
            if len(outcomes) < len(components.predictor.fusions):
                lacking = [name for name in components.predictor.fusions if name not in outcomes]
                reason = f"there is nothing in it that the {' and the '.join(lacking)} model uses"
                yield Skipped(id=item.id, row=item.row, reason=reason)
                continue
            probabilities = {name: one.probabilities for name, one in outcomes.items()}
            yield Scored(item=item, probabilities=probabilities, labels=components.predictor.labels)


def _read(item: Item, components: Components, track_hz: float) -> Material | Skipped:
    used = components.predictor.modalities
    unused = {column: None for name in MODALITIES if name not in used for column in COLUMNS[name]}  # type: ignore[index]
    left = replace(item, **unused)  # type: ignore[arg-type]
    if left.empty and not item.empty:
        reason = f"it has nothing that the models use: {', '.join(MODALITY_NAMES[name] for name in used)}"
        return Skipped(id=item.id, row=item.row, reason=reason)
    try:
        return read_item(left, components.face_tracker, track_hz)
    except (SourceError, DataError) as error:
        return Skipped(id=item.id, row=item.row, reason=str(error))


def _encode(materials: Sequence[Material], components: Components) -> list[FloatArray]:
    """Encoded faces of each item, [n, d] each, in a few large calls."""
    crops = [crop for one in materials for crop in one.crops]
    parts = [np.zeros((0, components.face_dim), np.float32)]
    if components.face_encoder is not None:
        parts += [components.face_encoder.encode(crops[at : at + _CHUNK]) for at in range(0, len(crops), _CHUNK)]
    embeddings = np.concatenate(parts)
    counts = np.cumsum([len(one.crops) for one in materials])
    return list(np.split(embeddings, counts[:-1])) if materials else []


def report(results: Sequence[Scored | Skipped]) -> dict[str, object]:
    """Figures of merit as JSON values.

    With one fusion model the figures are its own; with several they are of the mean of their
    probabilities, and ``by_fusion`` holds the figures of each.

    Raises
    ------
    DataError
        When no item could be scored.
    """
    scored = [one for one in results if isinstance(one, Scored)]
    skipped = [one for one in results if isinstance(one, Skipped)]
    if not scored:
        first = f" The first: row {skipped[0].row}: {skipped[0].reason}" if skipped else ""
        raise DataError(f"none of the {len(skipped)} items could be scored.{first}")
    labels = np.array([one.item.label for one in scored])
    names = scored[0].labels
    out = scores_as_json(score(np.array([one.mean for one in scored]), labels), names)
    fusions = list(scored[0].probabilities)
    if len(fusions) > 1:
        out["by_fusion"] = {
            name: scores_as_json(score(np.array([one.probabilities[name] for one in scored]), labels), names)
            for name in fusions
        }
    out["fusion"] = fusions[0] if len(fusions) == 1 else "both" if fusions == ["self", "cross"] else ", ".join(fusions)
    out["skipped"] = [{"id": one.id, "row": one.row, "reason": one.reason} for one in skipped]
    return out


def scores_as_json(scores: Scores, labels: Sequence[str]) -> dict[str, object]:
    """Figures of merit as JSON values; the recall of a class with no item is null."""
    return {
        "n": scores.n,
        "labels": list(labels),
        "accuracy": scores.accuracy,
        "balanced_accuracy": scores.balanced_accuracy,
        "macro_f1": scores.macro_f1,
        "ece": scores.ece,
        "recall": {
            name: None if math.isnan(value) else value for name, value in zip(labels, scores.recall, strict=True)
        },
        "confusion": _integers(scores.confusion),
    }


def _integers(counts: NDArray[np.int64]) -> list[list[int]]:
    return [[int(value) for value in row] for row in counts]


def prediction_rows(results: Sequence[Scored | Skipped]) -> Iterator[list[str]]:
    """Rows of the predictions table: heading, then id, label, top and a probability for each class.

    With several fusion models the probabilities are their mean, followed by those of each.
    """
    scored = [one for one in results if isinstance(one, Scored)]
    fusions: list[Fusion] = list(scored[0].probabilities) if scored else []
    several = fusions if len(fusions) > 1 else []
    labels = scored[0].labels if scored else ()
    yield ["id", "label", "top", *labels, *(f"{fusion}_{name}" for fusion in several for name in labels)]
    for one in scored:
        values = [one.mean, *(one.probabilities[fusion] for fusion in several)]
        top = labels[int(one.mean.argmax())]
        yield [one.item.id, labels[one.item.label], top, *(f"{value:.6f}" for row in values for value in row)]
