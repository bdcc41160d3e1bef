"""How far two fusions agree, over time. No painting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.shown import History
from engine.config import FUSIONS, Fusion
from engine.types import FloatArray, TimeArray


@dataclass(frozen=True, slots=True)
class Agreement:
    """Per point of the history.

    Attributes
    ----------
    times_s : [n].
    alike : [n] f32, 1 minus the total variation distance of both distributions, 0..1; NaN where one is missing.
    same_top : [n], whether both name the same emotion as the most probable.
    """

    times_s: TimeArray
    alike: FloatArray
    same_top: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Points at which both have an answer, [n]."""
        return np.isfinite(self.alike)

    @property
    def share(self) -> float | None:
        """Share of the moments at which both name the same emotion; None where there are none."""
        known = self.known
        return float(self.same_top[known].mean()) if known.any() else None


def alike(a: FloatArray, b: FloatArray) -> FloatArray:
    """1 minus the total variation distance of distributions: the probability that they have in common.

    Shapes
    ------
    [..., k], [..., k] -> [...]

    Examples
    --------
    >>> float(alike(np.array([0.5, 0.5]), np.array([1.0, 0.0])))
    0.5
    """
    shared: FloatArray = 1 - np.abs(a - b).sum(axis=-1) / 2
    return shared


def pair_of(fusions: Iterable[Fusion]) -> tuple[Fusion, Fusion] | None:
    """The two models that are compared: self- and cross-attention where both run, else the first two; None of one.

    >>> pair_of(["cross", "cross+self"]), pair_of(["self"])
    (('cross', 'cross+self'), None)
    """
    chosen = set(fusions)
    running = [one for one in FUSIONS if one in chosen]
    return (running[0], running[1]) if len(running) > 1 else None


def agreement_of(history: History) -> Agreement | None:
    """Agreement of two models over a history; None where only one of them runs."""
    pair = pair_of(history.probabilities)
    if pair is None:
        return None
    first, second = (history.probabilities[one] for one in pair)
    known = np.isfinite(first[:, 0]) & np.isfinite(second[:, 0])
    tops = np.nan_to_num(first).argmax(axis=1) == np.nan_to_num(second).argmax(axis=1)
    return Agreement(history.times_s, alike(first, second), tops & known)
