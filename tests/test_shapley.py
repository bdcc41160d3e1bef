"""Shapley shares add up, are fair, and match the orders they are defined over."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.shapley import shapley_values

VALUES = st.lists(st.floats(0, 1), min_size=8, max_size=8).map(np.array)


@given(VALUES)
def test_they_are_the_mean_over_all_orders(values: np.ndarray) -> None:
    expected = np.zeros(3)
    for order in permutations(range(3)):
        subset = 0
        for k in order:
            expected[k] += (values[subset | 1 << k] - values[subset]) / 6
            subset |= 1 << k
    assert np.allclose(shapley_values(values), expected, atol=1e-12)


@given(VALUES)
def test_they_add_up_to_what_all_three_change(values: np.ndarray) -> None:
    assert shapley_values(values).sum() == pytest.approx(values[7] - values[0], abs=1e-12)


def test_other_numbers_of_subsets_are_refused() -> None:
    with pytest.raises(ValueError, match="8 subsets"):
        shapley_values(np.zeros(4))
