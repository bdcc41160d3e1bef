"""A fusion model as it lies on a graphics card."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from engine.models.encoders import TemporalEncoder, valid
from engine.models.fusion import Encoded, FusionModel
from engine.models.gru import BiGRU
from engine.models.held_gru import HeldGRU


class Resident(nn.Module):
    """A copy of a fusion model that never waits for the processor, with its large products in another precision.

    Features are standardised, and vectors are pooled and classified, in single precision: that is little work, and it
    is where half precision would lose most.

    Parameters
    ----------
    model : stays as it is.
    dtype : of encoders and attention.
    """

    def __init__(self, model: FusionModel, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self.config = model.config
        self.dtype = dtype
        for name, encoder in self.model.encoders.items():
            if isinstance(encoder, TemporalEncoder):
                self.register_buffer(f"{name}_mean", encoder.mean.clone())
                self.register_buffer(f"{name}_scale", encoder.scale.clone())
                encoder.mean.zero_()
                encoder.scale.fill_(1)
                if type(encoder.gru) is BiGRU:
                    encoder.gru = HeldGRU(encoder.gru).requires_grad_(False)  # type: ignore[assignment]
        for part in (self.model.encoders, self.model.attention, getattr(self.model, "absent", None)):
            if part is not None:
                part.to(dtype)

    def encode(self, name: str, x: Tensor, length: Tensor) -> tuple[Tensor, Tensor | None]:
        """Hidden states of one modality, and how many of them are valid.

        Shapes
        ------
        x : [b, t, dim] f32; length : [b], 0 where the modality is absent. The paper preset ignores it.
        """
        if self.config.preset == "paper":
            return self.model.encode_one(name, x.to(self.dtype))
        x = (x - self.get_buffer(f"{name}_mean")) * self.get_buffer(f"{name}_scale")
        # Where a feature hardly varies, standardised zeros can be beyond half precision and what shuts a gate.
        x = x.masked_fill(~valid(length, x.shape[1])[:, :, None], 0)
        return self.model.encode_one(name, x.to(self.dtype), length)

    def finish(
        self, states: Mapping[str, Tensor], counts: Mapping[str, Tensor | None]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Logits [b, classes] and attention [b, heads, Tq, Tk] by block, f32, from what `encode` has found."""
        vectors, maps = self.model.attend(Encoded(dict(states), dict(counts)))
        logits = self.model.classify({name: vector.float() for name, vector in vectors.items()})
        return logits, {name: weights.float() for name, weights in maps.items()}
