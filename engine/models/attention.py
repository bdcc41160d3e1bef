"""Multi-head attention between two modalities (or within one) that hands out its weights."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.encoders import valid


class AttentionBlock(nn.Module):
    """Scaled dot-product attention with several heads, as ``torch.nn.MultiheadAttention`` computes it.

    Parameters have that class's names and shapes. It is spelled out here because the weights of every
    head are a result, and because it exports to one plain ONNX graph.

    Source: Vaswani et al., NeurIPS 2017.

    Shapes
    ------
    target : [b, Tq, dim], source : [b, Tk, dim] -> output [b, Tq, dim], weights [b, heads, Tq, Tk]
    """

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        if dim % heads:
            raise ValueError(f"the {heads} heads of attention must divide its {dim} dimensions")
        self.heads = heads
        self.dropout = dropout
        self.in_proj_weight = nn.Parameter(torch.empty(3 * dim, dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * dim))
        self.out_proj = nn.Linear(dim, dim)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)

    def forward(
        self, target: Tensor, source: Tensor, source_lengths: Tensor | None = None, hide: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attend from every target position to the valid source positions.

        ``hide`` [b, Tk] bool takes further source positions away; where none is left, the weights are zero.
        """
        query, key, value = self.in_proj_weight.chunk(3)
        query_bias, key_bias, value_bias = self.in_proj_bias.chunk(3)
        q = self._split(F.linear(target, query, query_bias))  # [b, heads, Tq, dim / heads]
        k = self._split(F.linear(source, key, key_bias))  # [b, heads, Tk, dim / heads]
        v = self._split(F.linear(source, value, value_bias))
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[-1])  # [b, heads, Tq, Tk]
        if source_lengths is not None:
            scores = scores.masked_fill(~valid(source_lengths, scores.shape[-1])[:, None, None, :], -math.inf)
        if hide is not None:
            scores = scores.masked_fill(hide[:, None, None, :], -math.inf)
        weights = scores.softmax(dim=-1)
        if hide is not None:
            weights = weights.nan_to_num(0.0)  # softmax over nothing
        mixed = F.dropout(weights, self.dropout, self.training) @ v  # [b, heads, Tq, dim / heads]
        output: Tensor = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return output, weights

    def _split(self, x: Tensor) -> Tensor:
        heads: Tensor = x.unflatten(-1, (self.heads, x.shape[-1] // self.heads))  # type: ignore[no-untyped-call]
        return heads.transpose(1, 2)


def mean_over_time(x: Tensor, lengths: Tensor | None = None) -> Tensor:
    """Mean over the valid positions. [b, t, d] -> [b, d]."""
    if lengths is None:
        return x.mean(dim=1)
    keep = valid(lengths, x.shape[1])[:, :, None]
    return (x * keep).sum(dim=1) / lengths[:, None]


def statistical_pooling(vectors: Tensor) -> Tensor:
    """Standard deviation and mean across blocks, in the authors' order.

    One block alone (a uni-modal model) is passed on as it is.

    Shapes
    ------
    [b, blocks, d] -> [b, 2 d], or [b, d] for one block
    """
    if vectors.shape[1] == 1:
        return vectors[:, 0]
    std, mean = torch.std_mean(vectors, dim=1)
    return torch.cat([std, mean], dim=1)
