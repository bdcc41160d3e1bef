"""Cross-validation of a correction: what it makes of items that it did not learn from, and how long it should learn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.corpora.utterances import IntArray, UtteranceSet
from engine.training.adapt.fit import Learner, Parent, calibrated_logits
from engine.training.adapt.parts import Parts
from engine.training.adapt.recipe import AdaptationRecipe
from engine.training.dev import softmax
from engine.types import FloatArray

_PRIOR_SPREAD = 0.25
"""Standard deviation, in the logarithm, of how far a few items may move the temperature."""

_FACTORS = np.exp(np.linspace(np.log(0.25), np.log(4), 113))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Cross-validated answers.

    Attributes
    ----------
    before, after : probabilities of every item by the parent, and by a model that learned from other parts alone; its
        epochs and temperature were chosen without the item's own part, too. [n, classes]
    course : mean negative log-likelihood of held-out items after each epoch, before any change of the temperature;
        the first is the parent's. [epochs + 1]
    epochs : what the course says is best for a model of all items; 0 says that learning does not help.
    factor : what the parent's temperatures are multiplied by.
    """

    before: FloatArray
    after: FloatArray
    course: FloatArray
    epochs: int
    factor: float


def cross_validate(
    parent: Parent,
    recipe: AdaptationRecipe,
    utterances: UtteranceSet,
    labels: IntArray,
    parts: Parts,
    on_epoch: Callable[[], None] = lambda: None,
) -> HeldOut:
    """Hold every part out once.

    How long a model learns, and its temperature, are chosen on held-out items. For the estimate they are chosen for
    each part on the others, so that no item has a say in its own figures.

    Parameters
    ----------
    parent : where each model begins.
    recipe : how it learns.
    utterances, labels : the items, [n], the labels in the order of the parent's logits.
    parts : what is held out together.
    on_epoch : is told after every epoch.
    """
    course = np.zeros((recipe.epochs + 1, len(labels), parent.model.config.classes), np.float32)
    for part in range(parts.count):
        learned, held = parts.held_out(part)
        course[0, held] = calibrated_logits(parent.model, parent, utterances, held)
        learner = Learner(parent, recipe, utterances, learned, labels)
        for number, model in enumerate(learner.epochs(), start=1):
            course[number, held] = calibrated_logits(model, parent, utterances, held)
            on_epoch()
    losses = np.stack([_losses(logits, labels) for logits in course])
    after = np.zeros_like(course[0])
    for part in range(parts.count):
        others, held = parts.held_out(part)
        best = _best_epoch(losses[:, others])
        after[held] = softmax(course[best, held] / _best_factor(course[best, others], labels[others]))
    epochs = _best_epoch(losses)
    return HeldOut(
        before=softmax(course[0]),
        after=after,
        course=losses.mean(axis=1),
        epochs=epochs,
        factor=_best_factor(course[epochs], labels),
    )


def _losses(logits: np.ndarray, labels: IntArray) -> FloatArray:
    """Negative log-likelihood of each item, [n]; what is not finite counts as very bad."""
    with np.errstate(all="ignore"):
        chances = softmax(logits.astype(np.float64))[np.arange(len(labels)), labels]
    losses: FloatArray = -np.log(np.maximum(np.nan_to_num(chances), 1e-12))
    return losses


def _best_epoch(losses: FloatArray) -> int:
    """The epoch with the least mean loss, smoothed over its neighbours; 0 where none is better than the beginning.

    Parameters
    ----------
    losses : [epochs + 1, n]

    Examples
    --------
    >>> _best_epoch(np.array([[1.0], [0.8], [0.5], [0.6], [0.9]])), _best_epoch(np.array([[0.4], [0.5], [0.6]]))
    (2, 0)
    """
    mean = losses.mean(axis=1)
    padded = np.concatenate([mean[:1], mean, mean[-1:]])
    smooth = np.convolve(padded, np.full(3, 1 / 3), mode="valid")
    best = int(smooth[1:].argmin()) + 1 if len(mean) > 1 else 0
    return best if best and mean[best] < mean[0] else 0


def _best_factor(logits: np.ndarray, labels: IntArray) -> float:
    """What to multiply the temperature by, with a preference for 1 that few items do not overcome."""
    scores = [
        float(_losses(logits / factor, labels).sum()) + 0.5 * (np.log(factor) / _PRIOR_SPREAD) ** 2
        for factor in _FACTORS
    ]
    return float(_FACTORS[int(np.argmin(scores))])
