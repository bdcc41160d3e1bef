"""Encoders: from the feature frames of one modality to 120-d hidden states.

Two of them, one per preset. ``PaperEncoder`` is exactly the published one, whose convolution mixes all
instants of the window. ``TemporalEncoder`` convolves along time and ignores padding, so that every
position of its output is an instant.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.gru import BiGRU


class PaperEncoder(nn.Module):
    """Kernel-1 convolution over the time axis as channels, then a bidirectional GRU, without masks.

    Source: Rajan, Brutti, Cavallaro, ICASSP 2022.

    Parameters
    ----------
    dim : features per frame.
    hidden : units per direction.
    steps : (frames in, positions out) of the convolution, or None for no convolution.
    input_dropout : dropout on the features, in training only.

    Shapes
    ------
    [b, frames in, dim] -> [b, positions out, 2 hidden]
    """

    def __init__(self, dim: int, hidden: int, steps: tuple[int, int] | None, input_dropout: float) -> None:
        super().__init__()
        self.conv = nn.Conv1d(steps[0], steps[1], kernel_size=1) if steps else None
        self.gru = BiGRU(dim, hidden)
        self.input_dropout = input_dropout

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """Hidden states of all positions; ``lengths`` is ignored, as the authors ignore padding."""
        x = F.dropout(x, self.input_dropout, self.training)
        if self.conv is not None:
            x = self.conv(x)
        return self.gru(x), None


class TemporalEncoder(nn.Module):
    """Standardise, convolve along time, then a bidirectional GRU; padding never leaks in.

    Parameters
    ----------
    dim : features per frame.
    hidden : units per direction.
    channels : channels of the convolutions, or 0 for no convolution.
    strides : stride of each convolution along time.
    input_dropout : dropout on the features, in training only.

    Shapes
    ------
    [b, t, dim] -> [b, ceil(t / product of strides), 2 hidden]
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, dim: int, hidden: int, channels: int, strides: tuple[int, ...], input_dropout: float) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("scale", torch.ones(dim))
        self.strides = strides if channels else ()
        sizes = [dim, *(channels for _ in self.strides)]
        kernels = [5 if stride > 1 else 3 for stride in self.strides]
        self.convs = nn.ModuleList(
            nn.Conv1d(size_in, size_out, kernel, stride, padding=kernel // 2)
            for size_in, size_out, kernel, stride in zip(sizes, sizes[1:], kernels, self.strides, strict=False)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(size) for size in sizes[1:])
        self.dropout = nn.Dropout(input_dropout)
        self.gru = BiGRU(sizes[-1], hidden)

    @torch.no_grad()
    def set_standardisation(self, mean: Tensor, std: Tensor) -> None:
        """Fix the statistics, [dim] each, that features are standardised with."""
        self.mean.copy_(mean)
        self.scale.copy_(1 / std.clamp_min(1e-6))

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """Hidden states, and how many of them are valid in each item; None when all are.

        ``lengths`` is [b], at least 1 each.
        """
        x = self.dropout((x - self.mean) * self.scale)
        for conv, norm, stride in zip(self.convs, self.norms, self.strides, strict=True):
            if lengths is not None:
                x = x * valid(lengths, x.shape[1])[:, :, None]
                lengths = (lengths + stride - 1) // stride
            x = conv(x.transpose(1, 2)).transpose(1, 2)
            x = self.dropout(F.gelu(norm(x)))
        return self.gru(x, lengths), lengths


def valid(lengths: Tensor, steps: int) -> Tensor:
    """Which of ``steps`` positions hold data. [b] -> [b, steps] bool.

    Examples
    --------
    >>> valid(torch.tensor([1, 3]), 3).int().tolist()
    [[1, 0, 0], [1, 1, 1]]
    """
    return torch.arange(steps, device=lengths.device)[None, :] < lengths[:, None]
