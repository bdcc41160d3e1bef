"""What source positions receive, against attention spelled out."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.models import received as module
from engine.models.received import received


def spelled_out(query: Tensor, key: Tensor, shares: Tensor, padding: Tensor | None) -> Tensor:
    scores = query @ key.transpose(2, 3)
    if padding is not None:
        scores = scores.masked_fill(padding[:, None, None], -math.inf)
    return (shares[:, None, :, None] * scores.softmax(dim=-1)).sum(dim=2)


def random_case(items: int, heads: int, targets: int, sources: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    random = torch.Generator().manual_seed(seed)
    query = torch.randn(items, heads, targets, 3, dtype=torch.float64, generator=random).requires_grad_()
    key = torch.randn(items, heads, sources, 3, dtype=torch.float64, generator=random).requires_grad_()
    shares = torch.rand(items, targets, dtype=torch.float64, generator=random)
    return query, key, shares / shares.sum(dim=1, keepdim=True), torch.randn(items, heads, sources, generator=random)


@given(
    sizes=st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 7), st.integers(1, 7)),
    masked=st.booleans(),
    block=st.sampled_from([1, 30, 1 << 18]),
    seed=st.integers(0, 1000),
)
@settings(max_examples=80, deadline=None)
def test_is_the_mean_of_attention(sizes: tuple[int, int, int, int], masked: bool, block: int, seed: int) -> None:
    query, key, shares, weights = random_case(*sizes, seed)
    padding = torch.rand(sizes[0], sizes[3]) < 0.5 if masked else None
    if padding is not None:
        padding[:, 0] = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK_VALUES", block)
        found = received(query, key, shares, padding)
        gradients = torch.autograd.grad((found * weights).sum(), [query, key])
    expected = spelled_out(query, key, shares, padding)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-13)
    wanted = torch.autograd.grad((expected * weights).sum(), [query, key])
    torch.testing.assert_close(gradients, wanted, rtol=0, atol=1e-13)


def test_gradients_after_dropout_are_those_of_finite_differences() -> None:
    query, key, shares, _ = random_case(2, 2, 4, 5, 1)

    def run(query: Tensor, key: Tensor) -> Tensor:
        torch.manual_seed(3)
        return received(query, key, shares, None, 0.4)

    assert torch.autograd.gradcheck(run, (query, key))


def test_dropout_keeps_the_mean_and_drops_the_share_asked_for() -> None:
    torch.manual_seed(0)
    targets, sources = 400, 500
    shares = torch.full((4, targets), 1 / targets)
    flat = torch.zeros(4, 2, targets, 1), torch.zeros(4, 2, sources, 1)  # every weight is 1 / sources
    times = received(*flat, shares, None, 0.1) * sources
    assert times.mean().item() == pytest.approx(1, abs=2e-3)
    # The mean over targets of independent ones with variance p / (1 - p).
    assert times.std().item() == pytest.approx(math.sqrt(0.1 / 0.9 / targets), rel=0.05)


def test_the_seed_decides() -> None:
    query, key, shares, _ = random_case(3, 2, 6, 7, 2)
    found = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        found.append(received(query, key, shares, None, 0.5))
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])


def test_single_precision_is_close() -> None:
    query, key, shares, _ = random_case(2, 6, 50, 60, 4)
    found = received(query.float(), key.float(), shares.float())
    torch.testing.assert_close(found.double(), spelled_out(query, key, shares, None), rtol=0, atol=1e-7)


def test_refuses_other_devices_and_probabilities() -> None:
    query, key, shares, _ = random_case(1, 1, 2, 2, 5)
    with pytest.raises(ValueError, match="on the processor"):
        received(query.to("meta"), key.to("meta"), shares.to("meta"))
    with pytest.raises(ValueError, match="below 1"):
        received(query, key, shares, None, 1.0)
