"""From the bytes of pictures to what networks in PyTorch take."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Normalise(nn.Module):
    """Levels less their mean, over their spread, with the channels in front.

    Parameters
    ----------
    mean, std : of every channel, or one for all, in levels of 0..255.

    Shapes
    ------
    input : [n, h, w, channels] u8
    output : [n, channels, h, w] f32
    """

    def __init__(self, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the normalised pictures."""
        values: Tensor = (pictures.float() - self.get_buffer("mean")) / self.get_buffer("std")
        return values.permute(0, 3, 1, 2)
