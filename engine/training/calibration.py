"""How far to trust a model: temperature scaling, and the probability under which it is unsure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.training.dev import softmax

SURE_ACCURACY = 0.85
"""Share of right answers that a top probability must promise on dev to count as sure."""


def fit_temperature(logits: Sequence[np.ndarray], labels: Sequence[np.ndarray]) -> float:
    """Temperature with the least mean negative log-likelihood, every trial counting the same.

    Source: Guo et al., "On calibration of modern neural networks", ICML 2017.

    Parameters
    ----------
    logits : per trial [n, k]
    labels : per trial [n] int

    Examples
    --------
    >>> overconfident = np.array([[8.0, 0.0], [8.0, 0.0], [8.0, 0.0], [8.0, 0.0]])
    >>> fit_temperature([overconfident], [np.array([0, 0, 0, 1])]) > 5
    True
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        return float(
            np.mean(
                [
                    -np.log(softmax(one / np.exp(log_temperature))[np.arange(len(true)), true] + 1e-12).mean()
                    for one, true in zip(logits, labels, strict=True)
                ]
            )
        )

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def unsure_threshold(probabilities: np.ndarray, labels: np.ndarray, wanted: float) -> float:
    """Least top probability (in steps of 0.01) over which a share ``wanted`` of the answers is right.

    Parameters
    ----------
    probabilities : [n, k]
    labels : [n] int
    wanted : share in 0..1

    Examples
    --------
    >>> unsure_threshold(np.array([[0.6, 0.4], [0.9, 0.1], [0.8, 0.2]]), np.array([1, 0, 0]), 1.0)
    0.61
    """
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    for percent in range(100):
        over = top >= percent / 100
        if over.any() and right[over].mean() >= wanted:
            return percent / 100
    return 1.0
