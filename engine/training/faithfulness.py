"""Whether attention says what the answer rests on: deletion and insertion curves.

Positions of the source are hidden from one block, the most attended first, and the probability of the answer is
followed; random orders are the comparison. A map that means something loses the answer sooner than chance when its
favourite positions go (deletion), and finds it sooner when they alone are there (insertion).

Source: Petsiuk, Das, Saenko, "RISE", BMVC 2018, for the curves; DeYoung et al., "ERASER", ACL 2020, for the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.metrics import Faithfulness
from engine.models.attention import AttentionBlock, time_shares
from engine.models.encoders import valid
from engine.models.fusion import Encoded, FusionModel, block_name

FRACTIONS = tuple(round(0.1 * k, 1) for k in range(11))
"""Shares of the positions that are hidden (deletion) or shown (insertion)."""

RANDOM_ORDERS = 4
_ITEMS = 200

Inputs = tuple[Mapping[str, Tensor], Mapping[str, Tensor] | None]
"""Inputs and lengths of a batch, as a fusion model takes them."""


@torch.no_grad()
def measure_faithfulness(model: FusionModel, batches: Iterable[Inputs], seed: int = 0) -> dict[str, Faithfulness]:
    """Curves of every block over some utterances; blocks for which fewer than two fit are left out.

    Only what the block itself receives changes: the encoders, and what other blocks see, stay as they are.
    """
    model.eval()
    generator = torch.Generator().manual_seed(seed)
    curves: dict[str, list[NDArray[np.float64]]] = {}
    for inputs, lengths in batches:
        encoded = model.encode(inputs, lengths)
        vectors, maps = model.attend(encoded)
        for target, source in model.config.blocks:
            fits = _usable(encoded, lengths, target, source)
            if fits.any():
                block = block_name(target, source)
                found = _curves(model, encoded, vectors, maps[block], (target, source), generator)
                curves.setdefault(block, []).append(found[fits.cpu().numpy()])
    joined = {block: np.concatenate(parts) for block, parts in curves.items()}
    return {block: _summary(found) for block, found in joined.items() if len(found) >= 2}


def spread_rows(n: int) -> NDArray[np.int64]:
    """At most 200 of n items, spread evenly over them.

    Examples
    --------
    >>> spread_rows(3).tolist(), len(spread_rows(1000))
    ([0, 1, 2], 200)
    """
    return np.linspace(0, n - 1, min(_ITEMS, n)).round().astype(np.int64)


def _usable(encoded: Encoded, lengths: Mapping[str, Tensor] | None, target: str, source: str) -> Tensor:
    """Which utterances have both modalities and a choice of positions. [b] bool."""
    steps = encoded.states[source].shape[1]
    here = torch.full((len(encoded.states[source]),), steps >= 2)
    if lengths is not None:
        here &= (lengths[target] > 0).cpu() & (lengths[source] > 0).cpu()
    counts = encoded.valid[source]
    return here if counts is None else here & (counts >= 2).cpu()


def _curves(
    model: FusionModel,
    encoded: Encoded,
    vectors: Mapping[str, Tensor],
    weights: Tensor,
    pair: tuple[str, str],
    generator: torch.Generator,
) -> NDArray[np.float64]:
    """Probability of the answer. [b, 2 (deletion, insertion), 1 + RANDOM_ORDERS, fractions]."""
    target, source = pair
    block = block_name(target, source)
    attention = cast(AttentionBlock, model.attention[block])
    rows = time_shares(encoded.states[target], encoded.valid[target])  # [b, Tq]
    importance = torch.einsum("bq,bhqk->bk", rows, weights)
    masks = _masks(importance, encoded.valid[source], generator)  # [b, k, variants]
    # Attention over what is left is the old weights, scaled to one again: no softmax has to be taken anew.
    totals = weights @ masks[:, None]  # [b, heads, Tq, variants]
    scaled = torch.where(totals > 0, rows[:, None, :, None] / totals, 0.0)
    received = weights.transpose(2, 3) @ scaled * masks[:, None]  # [b, heads, k, variants]
    values = attention.values(encoded.states[source])
    answer = model.classify(vectors).argmax(dim=1)
    probabilities = [
        model.classify({**vectors, block: attention.project(received[..., v], values)})
        .softmax(dim=1)
        .gather(1, answer[:, None])
        for v in range(masks.shape[2])
    ]
    found = torch.cat(probabilities, dim=1).double().cpu().numpy()
    return found.reshape(len(found), 2, 1 + RANDOM_ORDERS, len(FRACTIONS))


def _masks(importance: Tensor, counts: Tensor | None, generator: torch.Generator) -> Tensor:
    """Which positions may be looked at, 1 or 0, for every curve, order and fraction. [b, k] -> [b, k, variants]."""
    b, steps = importance.shape
    count = torch.full((b,), steps) if counts is None else counts.cpu()
    there = valid(count, steps)
    noise = torch.rand(RANDOM_ORDERS, b, steps, generator=generator)
    orders = torch.cat([importance.cpu()[None], noise]).masked_fill(~there, -1.0)
    ranks = orders.argsort(dim=2, descending=True, stable=True).argsort(dim=2)  # 0 for the first to go
    first = torch.round(torch.tensor(FRACTIONS)[:, None] * count).long()  # [fractions, b]
    chosen = ranks[:, None] < first[None, :, :, None]  # [orders, fractions, b, k]
    both = torch.stack([there & ~chosen, there & chosen])  # [2, orders, fractions, b, k]
    return both.flatten(0, 2).permute(1, 2, 0).to(importance)


def _summary(found: NDArray[np.float64]) -> Faithfulness:
    """[n, 2, 1 + RANDOM_ORDERS, fractions] -> means over the utterances."""
    attended, chance = found[:, :, 0], found[:, :, 1:].mean(axis=2)  # [n, 2, fractions]
    areas = np.trapezoid(chance - attended, FRACTIONS, axis=2)  # [n, 2]
    deletion, insertion = areas[:, 0], -areas[:, 1]
    return Faithfulness(
        fractions=FRACTIONS,
        deletion=_numbers(attended[:, 0]),
        deletion_random=_numbers(chance[:, 0]),
        insertion=_numbers(attended[:, 1]),
        insertion_random=_numbers(chance[:, 1]),
        deletion_gain=float(deletion.mean()),
        deletion_gain_ci=_interval(deletion),
        insertion_gain=float(insertion.mean()),
        insertion_gain_ci=_interval(insertion),
        n=len(found),
    )


def _numbers(curves: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in curves.mean(axis=0))


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    half = 1.96 * float(values.std(ddof=1)) / len(values) ** 0.5
    return float(values.mean()) - half, float(values.mean()) + half
