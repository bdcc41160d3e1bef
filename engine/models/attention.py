"""Multi-head attention between two modalities (or within one) that hands out its weights."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.encoders import valid
from engine.models.received import received


class AttentionBlock(nn.Module):
    """Scaled dot-product attention with several heads and the mean of its output over time.

    Up to that mean it is what ``torch.nn.MultiheadAttention`` computes, with that class's parameter names and shapes.
    It is spelled out here because the weights of every head are a result, because it exports to one plain ONNX graph,
    and because the mean can be taken of the weights: the output of single positions is never needed.

    Source: Vaswani et al., NeurIPS 2017.

    Shapes
    ------
    target : [b, Tq, dim], source : [b, Tk, dim] -> mean output [b, dim], weights [b, heads, Tq, Tk]
    """

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        if dim % heads:
            raise ValueError(f"the {heads} heads of attention must divide its {dim} dimensions")
        self.heads = heads
        self.width = dim // heads
        self.dropout = dropout
        self.in_proj_weight = nn.Parameter(torch.empty(3 * dim, dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * dim))
        self.out_proj = nn.Linear(dim, dim)
        nn.init.xavier_uniform_(self.in_proj_weight)
        nn.init.zeros_(self.out_proj.bias)

    def forward(
        self,
        target: Tensor,
        source: Tensor,
        target_lengths: Tensor | None = None,
        source_lengths: Tensor | None = None,
        *,
        maps: bool = True,
    ) -> tuple[Tensor, Tensor | None]:
        """Attend from every target position to the valid source positions; the mean is over valid targets.

        Without ``maps`` there are no weights in the result, and on the processor none are kept.
        """
        query, key, _ = self.in_proj_weight.chunk(3)
        query_bias, key_bias, _ = self.in_proj_bias.chunk(3)
        q = self._split(F.linear(target, query, query_bias), target) / math.sqrt(self.width)
        k = self._split(F.linear(source, key, key_bias), source)  # [b, heads, Tk, dim / heads]
        if not maps and q.device.type == "cpu":
            padding = None if source_lengths is None else ~valid(source_lengths, k.shape[2])
            mean = received(q, k, time_shares(target, target_lengths), padding, self.dropout if self.training else 0.0)
            return self.project(mean, self.values(source)), None
        scores = q @ k.transpose(2, 3)  # [b, heads, Tq, Tk]
        if source_lengths is not None:
            scores = scores.masked_fill(~valid(source_lengths, scores.shape[-1])[:, None, None, :], -math.inf)
        weights = scores.softmax(dim=-1)
        mean = mean_over_time(F.dropout(weights, self.dropout, self.training), target_lengths)  # [b, heads, Tk]
        output = self.project(mean, self.values(source)) if self.training else self.mix(mean, source)
        return output, weights if maps else None

    def project(self, received: Tensor, values: Tensor) -> Tensor:
        """Mean output of what each source position receives. [b, heads, Tk], [b, heads, Tk, d] -> [b, heads d]."""
        output: Tensor = self.out_proj((received[:, :, None, :] @ values).flatten(1))
        return output

    def mix(self, received: Tensor, source: Tensor) -> Tensor:
        """`project`, where what a head receives adds up to one: it mixes first, and so projects one vector a head.

        Shapes
        ------
        received : [b, heads, Tk], source : [b, Tk, dim] -> [b, heads d]
        """
        weight = self.in_proj_weight.chunk(3)[2].view(self.heads, self.width, -1)  # [heads, d, dim]
        bias = self.in_proj_bias.chunk(3)[2].view(self.heads, 1, self.width)
        mixed = (received @ source)[:, :, None, :] @ weight.transpose(1, 2) + bias  # [b, heads, 1, d]
        output: Tensor = self.out_proj(mixed.flatten(1))
        return output

    def values(self, source: Tensor) -> Tensor:
        """What is mixed by the weights. [b, Tk, dim] -> [b, heads, Tk, dim / heads]."""
        return self._split(F.linear(source, self.in_proj_weight.chunk(3)[2], self.in_proj_bias.chunk(3)[2]), source)

    def _split(self, x: Tensor, like: Tensor) -> Tensor:
        """One matrix per head. [b, t, dim] -> [b, heads, t, dim / heads].

        The sizes are asked of ``like`` [b, t, dim], which several projections share: a traced graph then asks once.
        """
        return x.reshape(like.shape[0], like.shape[1], self.heads, self.width).transpose(1, 2)


def mean_over_time(x: Tensor, lengths: Tensor | None = None) -> Tensor:
    """Mean over the valid positions. [b, ..., t, d] -> [b, ..., d]; lengths [b]."""
    if lengths is None:
        return x.mean(dim=-2)
    shares = time_shares(x, lengths)
    shape = (len(shares), *(1 for _ in x.shape[1:-2]), 1, x.shape[-2])
    return (shares.reshape(shape) @ x).squeeze(-2)


def time_shares(x: Tensor, lengths: Tensor | None = None) -> Tensor:
    """Weight of each position in the mean over the valid ones. [b, ..., t, d] -> [b, t]."""
    if lengths is None:
        return x.new_full((x.shape[0], x.shape[-2]), 1 / x.shape[-2])
    return valid(lengths, x.shape[-2]).to(x.dtype) / lengths[:, None]


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
