"""A bidirectional GRU over padded items whose every step is the same work, whatever their lengths."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.encoders import valid
from engine.models.gru import BiGRU
from engine.models.recurrence import HOLD

_ALIGNED = 8  # features; half precision is fast at multiples of it


class HeldGRU(nn.GRU):
    """A trained `BiGRU` for graphics cards: equal to it, without packing.

    Packing needs the lengths on the processor, so the card would be waited for, and no CUDA graph could be recorded.
    Here one feature more says what is padding, and its weight shuts the update gates there: a state stays as it is,
    to the bit, so the backward direction meets its last valid frame with the zero it began with.

    Shapes
    ------
    [b, t, dim], lengths [b] or None -> [b, t, 2 hidden]
    """

    def __init__(self, gru: BiGRU) -> None:
        self.dim = gru.input_size
        wide = (self.dim + 1 + _ALIGNED - 1) // _ALIGNED * _ALIGNED
        super().__init__(wide, gru.hidden_size, bidirectional=True, batch_first=True)
        with torch.no_grad():
            for name, trained in gru.named_parameters():
                own = getattr(self, name)
                if own.shape != trained.shape:  # the input's
                    own.zero_()
                    own[gru.hidden_size : 2 * gru.hidden_size, self.dim] = HOLD
                    own = own[:, : self.dim]
                own.copy_(trained)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:  # type: ignore[override]
        """Hidden states of all positions; those on padding are zero. Values on padding must be finite."""
        there = None if lengths is None else valid(lengths, x.shape[1])[:, :, None].to(x.dtype)
        x = F.pad(x, (0, self.input_size - self.dim))
        if there is None:
            return super().forward(x)[0]
        x[:, :, self.dim : self.dim + 1] = 1 - there
        states: Tensor = super().forward(x)[0]
        return states * there
