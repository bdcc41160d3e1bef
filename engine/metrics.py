"""Figures of merit of a classifier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores over labelled items.

    Attributes
    ----------
    n : number of items.
    accuracy : share of items whose top class is right (the paper's "UWA").
    balanced_accuracy : mean recall over the classes that occur (the paper's "WA").
    macro_f1 : mean F1 over the classes that occur in labels or predictions.
    loss : mean negative log-likelihood in nats.
    ece : expected calibration error, 15 equal-width bins (Guo et al., ICML 2017).
    recall : recall per class; NaN for a class with no item.
    confusion : [k, k] counts, rows true, columns predicted.
    """

    n: int
    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    loss: float
    ece: float
    recall: tuple[float, ...]
    confusion: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faithfulness:
    """Whether an attention block says what the answer rests on: deletion and insertion curves, means over utterances.

    Attributes
    ----------
    fractions : shares of the positions that are hidden (deletion) or shown alone (insertion), rising from 0 to 1.
    deletion, insertion : probability of the answer, the most attended positions first.
    deletion_random, insertion_random : the same in random order.
    deletion_gain : area between random and attended deletion; above 0, the map says more than chance.
    insertion_gain : area between attended and random insertion; likewise.
    deletion_gain_ci, insertion_gain_ci : their 95 % intervals.
    n : utterances measured.
    """

    fractions: tuple[float, ...]
    deletion: tuple[float, ...]
    deletion_random: tuple[float, ...]
    insertion: tuple[float, ...]
    insertion_random: tuple[float, ...]
    deletion_gain: float
    insertion_gain: float
    deletion_gain_ci: tuple[float, float]
    insertion_gain_ci: tuple[float, float]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What one epoch, counted from 1, came to.

    Losses are mean cross-entropies in nats; NaN where training ran away.
    """

    epoch: int
    learning_rate: float
    train_loss: float
    dev_loss: float
    dev_accuracy: float
    dev_balanced_accuracy: float


def score(probabilities: NDArray[np.floating], labels: NDArray[np.integer], bins: int = 15) -> Scores:
    """Score class probabilities against labels.

    Parameters
    ----------
    probabilities : [n, k], rows sum to one
    labels : [n] int
    bins : number of confidence bins of the calibration error

    Raises
    ------
    ValueError
        When there is no item.

    Examples
    --------
    >>> import numpy as np
    >>> s = score(np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]), np.array([0, 1, 1]))
    >>> round(s.accuracy, 3), s.balanced_accuracy
    (0.667, 0.75)
    """
    n, k = probabilities.shape
    if n == 0:
        raise ValueError("nothing to score: no item is left")
    predicted = probabilities.argmax(axis=1)
    confusion = np.zeros((k, k), dtype=np.int64)
    np.add.at(confusion, (labels, predicted), 1)
    hits = np.diag(confusion).astype(float)
    true, guessed = confusion.sum(axis=1), confusion.sum(axis=0)
    with np.errstate(invalid="ignore"):
        recall = hits / true
        f1 = 2 * hits / (true + guessed)
    return Scores(
        n=n,
        accuracy=float(hits.sum() / n),
        balanced_accuracy=float(np.nanmean(recall)),
        macro_f1=float(np.nanmean(f1)),
        loss=float(-np.log(np.maximum(probabilities[np.arange(n), labels], 1e-12)).mean()),
        ece=calibration_error(probabilities, labels, bins),
        recall=tuple(float(value) for value in recall),
        confusion=confusion,
    )


def calibration_error(probabilities: NDArray[np.floating], labels: NDArray[np.integer], bins: int = 15) -> float:
    """Expected calibration error: mean gap between confidence and accuracy over confidence bins."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(right[index == b].mean()) - float(confidence[index == b].mean())) * float((index == b).mean())
        for b in range(bins)
        if (index == b).any()
    ]
    return float(sum(gaps))
