"""Means, two-tailed tests and their correction for many comparisons.

Where a figure is not defined (one run, no variance), a test says why instead of giving NaN.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]

_DIGITS = 12
"""Figures that agree to so many decimals are equal: what differs beyond is rounding, not measurement."""
_RUNS = "pair of runs with the same fold and seed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Mean and sample standard deviation (n - 1) of ``n`` values; None where too few define them."""

    n: int
    mean: float | None
    std: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean with its two-sided confidence interval from Student's t."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisTest:
    """Result of a two-tailed test.

    Attributes
    ----------
    n : how many values or pairs it used (of both samples together where they are not paired).
    statistic, p : None where the test is not defined.
    why : the reason for that, for a reader; empty otherwise.
    """

    n: int
    statistic: float | None = None
    p: float | None = None
    why: str = ""


def summarise(values: ArrayLike) -> Summary:
    """Mean and sample standard deviation.

    Examples
    --------
    >>> summarise([1.0, 2.0, 3.0])
    Summary(n=3, mean=2.0, std=1.0)
    >>> summarise([]).mean is None
    True
    """
    data = _as_values(values)
    if not len(data):
        return Summary(n=0, mean=None, std=None)
    std = float(data.std(ddof=1)) if len(data) > 1 else None
    return Summary(n=len(data), mean=float(data.mean()), std=std)


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> Interval | None:
    """Mean with a two-sided confidence interval; None with fewer than two values.

    Examples
    --------
    >>> one = mean_interval([1.0, 2.0, 3.0])
    >>> round(one.low, 3), round(one.high, 3)
    (-0.484, 4.484)
    """
    from scipy.special import stdtrit

    data = _as_values(values)
    if len(data) < 2:
        return None
    half = float(stdtrit(len(data) - 1, 0.5 + confidence / 2)) * float(data.std(ddof=1)) / math.sqrt(len(data))
    mean = float(data.mean())
    return Interval(n=len(data), mean=mean, low=mean - half, high=mean + half)


def paired_t(differences: ArrayLike, pair: str = _RUNS) -> HypothesisTest:
    """Two-tailed paired t-test: is the mean of the differences zero?

    ``pair`` is what one difference is of, for the reason where there are too few.

    Examples
    --------
    >>> round(paired_t([1.0, 2.0, 3.0]).p, 4)
    0.0742
    >>> paired_t([0.5, 0.5]).why
    'every pair differs by the same amount'
    """
    data = _as_values(differences)
    why = _pairs_flaw(data, pair)
    if not why and _constant(data):
        why = "every pair differs by the same amount"
    if why:
        return HypothesisTest(n=len(data), why=why)
    t = float(data.mean()) / (float(data.std(ddof=1)) / math.sqrt(len(data)))
    return HypothesisTest(n=len(data), statistic=t, p=_two_tailed(t, len(data) - 1))


def welch_t(first: ArrayLike, second: ArrayLike) -> HypothesisTest:
    """Two-tailed t-test of two independent samples without assuming equal variances.

    Source: Welch, Biometrika 34 (1947); degrees of freedom by Satterthwaite.

    Examples
    --------
    >>> round(welch_t([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]).p, 4)
    0.0213
    """
    a, b = _as_values(first), _as_values(second)
    n = len(a) + len(b)
    if min(len(a), len(b)) < 2:
        return HypothesisTest(n=n, why=_too_few(min(len(a), len(b)), "run in one of the two cells"))
    if _constant(a) and _constant(b):
        return HypothesisTest(n=n, why="the runs of each cell are all equal")
    error_a, error_b = float(a.var(ddof=1)) / len(a), float(b.var(ddof=1)) / len(b)
    error = error_a + error_b
    freedom = error**2 / (error_a**2 / (len(a) - 1) + error_b**2 / (len(b) - 1))
    t = (float(a.mean()) - float(b.mean())) / math.sqrt(error)
    return HypothesisTest(n=n, statistic=t, p=_two_tailed(t, freedom))


def wilcoxon(differences: ArrayLike) -> HypothesisTest:
    """Two-tailed Wilcoxon signed-rank test; pairs without a difference are left out.

    Exact for up to 50 pairs without ties, by the normal approximation otherwise (`scipy.stats.wilcoxon`).

    Examples
    --------
    >>> wilcoxon([1.0, 2.0, 3.0, 4.0, 5.0]).p
    0.0625
    >>> wilcoxon([0.0, 0.0]).why
    'no pair differs'
    """
    from scipy import stats

    data = _as_values(differences)
    why = _pairs_flaw(data, _RUNS)
    if why:
        return HypothesisTest(n=len(data), why=why)
    # Rounded, so that differences that are equal but for the last bit rank as ties.
    moved = np.round(data[np.round(data, _DIGITS) != 0], _DIGITS)
    ties = len(np.unique(np.abs(moved))) < len(moved)
    method = "exact" if len(moved) <= 50 and not ties else "approx"
    found = stats.wilcoxon(moved, alternative="two-sided", method=method)
    return HypothesisTest(n=len(data), statistic=float(found.statistic), p=min(1.0, float(found.pvalue)))


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjust p-values for their number, so that all statements together keep the level.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979). Tests without a p-value are no tests
    and do not count.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, 0.005, None])
    (0.03, 0.06, 0.06, 0.02, None)
    """
    defined = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, place) in enumerate(defined):
        largest = max(largest, min(1.0, (len(defined) - rank) * p))
        adjusted[place] = largest
    return tuple(adjusted)


def _as_values(values: ArrayLike) -> Values:
    return np.asarray(values, dtype=np.float64).reshape(-1)


def _constant(data: Values) -> bool:
    return bool(np.all(np.round(data - data[0], _DIGITS) == 0))


def _pairs_flaw(data: Values, pair: str) -> str:
    """Why pairs allow no test, or an empty text."""
    if len(data) < 2:
        return _too_few(len(data), pair)
    if np.all(np.round(data, _DIGITS) == 0):
        return "no pair differs"
    return ""


def _too_few(n: int, what: str) -> str:
    return f"{'only one' if n else 'no'} {what}"


def _two_tailed(t: float, freedom: float) -> float:
    from scipy.special import stdtr

    return min(1.0, 2.0 * float(stdtr(freedom, -abs(t))))
