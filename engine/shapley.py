"""How much each modality contributes to an answer: exact Shapley values over all subsets of the three."""

from __future__ import annotations

from math import factorial

import numpy as np

from engine.config import MODALITIES
from engine.types import FloatArray, TimeArray


def shapley_values(values: FloatArray | TimeArray) -> TimeArray:
    """Shapley value of each modality.

    Parameters
    ----------
    values : [8, ...] the value of every subset; bit k of the row says whether MODALITIES[k] is in it.

    Returns
    -------
    [3, ...] f64; they add up to ``values[7] - values[0]``, and a modality that changes nothing has exactly 0.

    Notes
    -----
    Shapley, "A value for n-person games" (1953): the mean over all orders in which the modalities may come of what
    each adds when it comes.

    Examples
    --------
    >>> alone = np.array([0.1, 0.4, 0.1, 0.4, 0.1, 0.4, 0.1, 0.4])  # only the voice matters
    >>> shapley_values(alone).round(6).tolist()
    [0.3, 0.0, 0.0]
    """
    count = len(MODALITIES)
    if len(values) != 1 << count:
        raise ValueError(f"the values of all {1 << count} subsets are needed, got {len(values)}")
    exact = np.asarray(values, np.float64)
    shares = np.zeros((count, *exact.shape[1:]))
    for k in range(count):
        for subset in range(1 << count):
            if not subset >> k & 1:
                size = subset.bit_count()
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                shares[k] += weight * (exact[subset | 1 << k] - exact[subset])
    return shares
