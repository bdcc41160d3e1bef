from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine.experiment.statistics import holm, mean_interval, paired_t, summarise, welch_t, wilcoxon

A = [58.1, 57.2, 60.4, 55.9, 59.3, 58.8, 61.0, 57.7]
B = [57.0, 57.5, 58.9, 55.1, 59.9, 57.1, 59.2, 56.8]
DIFFERENCES = [a - b for a, b in zip(A, B, strict=True)]


def test_mean_and_sample_standard_deviation() -> None:
    found = summarise([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])
    assert (found.n, found.mean) == (8, 5.0)
    assert found.std == pytest.approx(math.sqrt(32 / 7))
    assert summarise([3.5]).std is None
    assert summarise([]).mean is None


def test_interval_of_a_mean_by_hand() -> None:
    found = mean_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found is not None
    half = 2.7764451 * math.sqrt(2.5) / math.sqrt(5)  # t(0.975, 4) from a table
    assert (found.low, found.high) == pytest.approx((3 - half, 3 + half), abs=1e-6)
    assert mean_interval([1.0]) is None


def test_paired_t_equals_scipy() -> None:
    expected = stats.ttest_rel(A, B)
    found = paired_t(DIFFERENCES)
    assert (found.n, found.statistic, found.p) == (8, pytest.approx(expected.statistic), pytest.approx(expected.pvalue))


def test_welch_t_equals_scipy_also_for_unequal_sizes() -> None:
    expected = stats.ttest_ind(A, B[:5], equal_var=False)
    found = welch_t(A, B[:5])
    assert (found.n, found.statistic, found.p) == (
        13,
        pytest.approx(expected.statistic),
        pytest.approx(expected.pvalue),
    )


def test_wilcoxon_equals_scipy() -> None:
    assert wilcoxon(DIFFERENCES).p == pytest.approx(stats.wilcoxon(DIFFERENCES).pvalue)
    with_zero = [*DIFFERENCES, 0.0]
    assert wilcoxon(with_zero).p == pytest.approx(wilcoxon(DIFFERENCES).p)
    assert wilcoxon(with_zero).n == 9


def test_wilcoxon_by_hand() -> None:
    """Six differences, only the smallest is negative: W = 1, two of 64 sign patterns are as extreme, on both sides."""
    assert wilcoxon([-0.1, 0.2, 0.3, 0.4, 0.5, 0.6]).p == pytest.approx(4 / 64)


def test_differences_that_are_equal_but_for_the_last_bit_are_ties() -> None:
    noisy = [0.1 + 0.2, 0.3, -0.3, 0.5, 0.6]
    assert wilcoxon(noisy).p == wilcoxon([0.3, 0.3, -0.3, 0.5, 0.6]).p


def test_holm_by_hand() -> None:
    """Sorted: 0.005 x 4, 0.011 x 3, 0.02 x 2, 0.03 x 1, none below the one before it."""
    assert holm([0.02, 0.005, 0.03, 0.011]) == pytest.approx((0.04, 0.02, 0.04, 0.033))


def test_holm_never_exceeds_one_and_leaves_out_what_is_not_defined() -> None:
    assert holm([0.6, None, 0.7]) == (1.0, None, 1.0)
    assert holm([]) == ()
    assert holm([None]) == (None,)


@given(st.lists(st.floats(0, 1), max_size=12))
@settings(deadline=None)
def test_holm_keeps_the_order_and_lies_between_p_and_bonferroni(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    for p, after in zip(p_values, adjusted, strict=True):
        assert after is not None and p <= after <= max(p, min(1.0, p * len(p_values))) + 1e-12
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    sorted_after = [adjusted[place] for place in order]
    assert sorted_after == sorted(sorted_after, key=lambda one: one or 0.0)


@pytest.mark.parametrize(
    ("test", "values", "why"),
    [
        (paired_t, ([],), "no pair of runs with the same fold and seed"),
        (paired_t, ([0.4],), "only one pair of runs with the same fold and seed"),
        (paired_t, ([0.0, 0.0, 0.0],), "no pair differs"),
        (paired_t, ([0.1 + 0.2, 0.3, 0.3],), "every pair differs by the same amount"),
        (paired_t, ([0.4], "fold with runs of both cells"), "only one fold with runs of both cells"),
        (welch_t, ([1.0, 2.0], [1.0]), "only one run in one of the two cells"),
        (welch_t, ([1.0, 2.0], []), "no run in one of the two cells"),
        (welch_t, ([1.0, 1.0], [2.0, 2.0]), "the runs of each cell are all equal"),
        (wilcoxon, ([0.4],), "only one pair of runs with the same fold and seed"),
        (wilcoxon, ([0.0, 0.0],), "no pair differs"),
    ],
)
def test_what_is_not_defined_says_why_and_warns_nobody(test, values, why) -> None:  # type: ignore[no-untyped-def]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = test(*values)
    assert (found.p, found.statistic, found.why) == (None, None, why)


@pytest.mark.parametrize("values", [[1.0, 0.0], [0.3, 0.3, 0.3], [1e-3, 2e-3, -5.0], np.linspace(-1, 2, 51)])
def test_few_or_odd_values_give_a_p_value_without_a_warning(values: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = wilcoxon(values)
    assert found.p is not None and 0 < found.p <= 1
