"""What every source position receives of the attention, without holding the attention weights of a whole batch.

A mean over time of attention's output needs of the weights only their mean over the targets. So a few maps at a time
are computed, dropped out of, summed and forgotten, and computed again for the gradients. They stay in the cache, which
on the processor takes a fraction of the time that writing and reading all of them does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

BLOCK_VALUES = 1 << 18
"""Attention weights that are worked on at once: 1 MB in single precision."""

_LEVELS = 1 << 16
"""Dropout draws 16 bits for each weight, so its probability is a multiple of 1 / 65536."""


def received(query: Tensor, key: Tensor, shares: Tensor, padding: Tensor | None = None, dropout: float = 0.0) -> Tensor:
    """Mean over targets of softmax(query key^T), after dropout.

    Random numbers come from a generator that is seeded from PyTorch's.

    Parameters
    ----------
    query : [b, heads, Tq, d], divided by sqrt(d).
    key : [b, heads, Tk, d]
    shares : weight of each target in the mean [b, Tq], summing to one; no gradient.
    padding : True where a source position holds no data [b, Tk], or None.
    dropout : probability of dropping an attention weight.

    Returns
    -------
    [b, heads, Tk]

    Raises
    ------
    ValueError
        When the tensors are not on the processor or the probability is not in 0 to 1.

    Examples
    --------
    >>> received(torch.zeros(1, 1, 2, 3), torch.zeros(1, 1, 4, 3), torch.full((1, 2), 0.5)).tolist()
    [[[0.25, 0.25, 0.25, 0.25]]]
    """
    if query.device.type != "cpu":
        raise ValueError(f"received attention is computed on the processor, got tensors on {query.device}")
    if not 0 <= dropout < 1:
        raise ValueError(f"a probability of dropout is at least 0 and below 1, got {dropout}")
    seed = int(torch.randint(1 << 62, ())) if dropout else 0
    result: Tensor = _Received.apply(query, key, shares, padding, round(dropout * _LEVELS), seed)
    return result


class _Received(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, query: Tensor, key: Tensor, shares: Tensor, padding: Tensor | None, dropped: int, seed: int
    ) -> Tensor:
        """See `received`; ``dropped`` of 65536 weights are dropped."""
        items, heads, targets, _ = query.shape
        q, k = query.flatten(0, 1), key.flatten(0, 1)  # [b * heads, t, d]
        each = shares.to(q.dtype).repeat_interleave(heads, 0)[:, None]  # [b * heads, 1, Tq]
        blocked = None if padding is None else padding.repeat_interleave(heads, 0)[:, None]  # [b * heads, 1, Tk]
        bits = np.random.SFC64(seed) if dropped else None
        kept = torch.empty(len(q), targets, k.shape[1], dtype=torch.uint8) if dropped else None
        result = q.new_empty(len(q), 1, k.shape[1])
        for part, weights, room in _blocks(q, k):
            _attend(q[part], k[part], None if blocked is None else blocked[part], weights)
            if bits is not None and kept is not None:
                _draw(bits, dropped, kept[part])
                weights.mul_(room.copy_(kept[part]))
            torch.bmm(each[part], weights, out=result[part])
        ctx.save_for_backward(q, k, each, blocked, kept)
        ctx.scale, ctx.shape = _LEVELS / (_LEVELS - dropped), (items, heads)
        scaled: Tensor = result * ctx.scale
        return scaled.view(items, heads, -1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_result: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients of query and key."""
        q, k, each, blocked, kept = ctx.saved_tensors
        d_received = (d_result * ctx.scale).flatten(0, 1)[:, None]  # [b * heads, 1, Tk]
        shares = each.transpose(1, 2)  # [b * heads, Tq, 1]
        d_q, d_k, shared = torch.empty_like(q), torch.empty_like(k), q * shares
        for part, weights, room in _blocks(q, k):
            _attend(q[part], k[part], None if blocked is None else blocked[part], weights)
            if kept is None:
                torch.mul(weights, d_received[part], out=room)
            else:
                room.copy_(kept[part]).mul_(d_received[part]).mul_(weights)
            room.addcmul_(weights, room.sum(dim=2, keepdim=True), value=-1)  # of the scores, [n, Tq, Tk]
            torch.bmm(room, k[part], out=d_q[part])
            torch.bmm(room.transpose(1, 2), shared[part], out=d_k[part])
        d_query, d_key = d_q * shares, d_k
        return d_query.view(*ctx.shape, *d_q.shape[1:]), d_key.view(*ctx.shape, *d_k.shape[1:]), None, None, None, None


def _blocks(q: Tensor, k: Tensor) -> Iterator[tuple[slice, Tensor, Tensor]]:
    """Consecutive maps, and room for their weights and as much again, [n, Tq, Tk]."""
    targets, sources = q.shape[1], k.shape[1]
    count = min(len(q), max(1, BLOCK_VALUES // max(1, targets * sources)))
    weights, room = (q.new_empty(count, targets, sources) for _ in range(2))
    for begin in range(0, len(q), count):
        end = min(begin + count, len(q))
        yield slice(begin, end), weights[: end - begin], room[: end - begin]


def _attend(q: Tensor, k: Tensor, blocked: Tensor | None, weights: Tensor) -> None:
    """Attention weights [n, Tq, Tk], written to ``weights``."""
    torch.bmm(q, k.transpose(1, 2), out=weights)
    if blocked is not None:
        weights.masked_fill_(blocked, -torch.inf)
    torch.softmax(weights, dim=2, out=weights)


def _draw(bits: np.random.SFC64, dropped: int, kept: Tensor) -> None:
    """Fill in, with 0 or 1, which weights are kept."""
    flat = kept.numpy().reshape(-1)
    words = bits.random_raw(-(-flat.size // 4)).view(np.uint16)[: flat.size]
    np.greater_equal(words, dropped, out=flat.view(np.bool_))
