"""A bidirectional GRU that trains fast on the processor, where small operations rule the time of PyTorch's."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.models.recurrence import Recurrence


class BiGRU(nn.GRU):
    """One layer of gated recurrent units in both directions of time.

    Parameters, their initialisation and the result are those of
    ``nn.GRU(dim, hidden, bidirectional=True, batch_first=True)``, so weights can be exchanged. Where gradients are
    recorded on the processor it computes them in its own way; everywhere else it is that class.

    Source: Cho et al., EMNLP 2014, in the variant of PyTorch and cuDNN (the reset gate acts after the product).

    Parameters
    ----------
    dim : features per frame.
    hidden : units per direction.

    Shapes
    ------
    [b, t, dim] -> [b, t, 2 hidden]

    Examples
    --------
    >>> BiGRU(3, 4)(torch.zeros(2, 5, 3)).shape
    torch.Size([2, 5, 8])
    """

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__(dim, hidden, bidirectional=True, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:  # type: ignore[override]
        """Hidden states of all positions.

        With ``lengths`` ([b], 1 to t each) the backward direction starts at the last valid frame of each item, and
        the states on padding are zero. Values on padding must be finite, and change nothing.
        """
        if self._records_on_processor(x):
            weights = self._stacked()
            steps = None if lengths is None else lengths.to(x.device, torch.int64)
            return Recurrence.apply(x, steps, *weights)  # type: ignore[no-any-return]
        if lengths is None:
            return super().forward(x)[0]
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, _ = super().forward(packed)
        return pad_packed_sequence(states, batch_first=True, total_length=x.shape[1])[0]

    def _records_on_processor(self, x: Tensor) -> bool:
        return (
            torch.is_grad_enabled()
            and x.device.type == "cpu"
            and x.dtype == self.weight_ih_l0.dtype
            and x.dtype in (torch.float32, torch.float64)
            and x.numel() > 0
            and not torch.jit.is_tracing()  # type: ignore[attr-defined, no-untyped-call]
            and (x.requires_grad or any(weight.requires_grad for weight in self.parameters()))
        )

    def _stacked(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Both directions' weights: input [2, 3 hidden, dim], state [2, 3 hidden, hidden], biases [2, 3 hidden]."""
        pairs = [
            torch.stack([getattr(self, name), getattr(self, f"{name}_reverse")])
            for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        ]
        return pairs[0], pairs[1], pairs[2], pairs[3]
