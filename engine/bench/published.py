"""The published fusion models, made of PyTorch's own parts: what Attune's are measured against.

Rajan, Brutti, Cavallaro, "Is cross-attention preferable to self-attention for multi-modal emotion recognition?",
ICASSP 2022: convolutions of width 1 with the time axis as channels, GRUs, attention with its weights, and statistical
pooling.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DIMS: Mapping[str, int] = {"audio": 120, "video": 2048, "text": 300}
"""Length of a frame of each modality."""

STEPS: Mapping[str, tuple[int, int]] = {"audio": (1000, 500), "video": (32, 25), "text": (128, 128)}
"""Frames of each modality, padded, and positions after its convolution; words have none."""

CLASSES = 7
"""With so many the two models have the published numbers of parameters, 1,645,892 and 1,820,132."""

_HIDDEN, _HEADS = 60, 6


class PublishedModel(nn.Module):
    """The tri-modal self- or cross-attention model.

    Parameters
    ----------
    fusion : "self" has three blocks of attention, "cross" one for each ordered pair of modalities.
    classes : how many emotions.

    Examples
    --------
    >>> [sum(p.numel() for p in PublishedModel(fusion).parameters()) for fusion in ("self", "cross")]
    [1645892, 1820132]
    """

    def __init__(self, fusion: Literal["self", "cross"] = "self", classes: int = CLASSES) -> None:
        super().__init__()
        width = 2 * _HIDDEN
        pairs = [(target, source) for target in DIMS for source in DIMS if (target == source) == (fusion == "self")]
        self.blocks = {
            target if target == source else f"{target}_from_{source}": (target, source) for target, source in pairs
        }
        self.conv = nn.ModuleDict({name: nn.Conv1d(*STEPS[name], 1) for name in ("audio", "video")})
        self.gru = nn.ModuleDict(
            {name: nn.GRU(dim, _HIDDEN, bidirectional=True, batch_first=True) for name, dim in DIMS.items()}
        )
        self.attention = nn.ModuleDict(
            {name: nn.MultiheadAttention(width, _HEADS, dropout=0.1) for name in self.blocks}
        )
        self.pooled = nn.Linear(2 * width, _HIDDEN)
        self.classifier = nn.Linear(_HIDDEN, classes)

    def convolve(self, name: str, x: Tensor) -> Tensor:
        """[b, steps, dim] to [b, positions, dim]."""
        convolved: Tensor = self.conv[name](x) if name in self.conv else F.dropout(x, 0.25, self.training)
        return convolved

    def encode(self, name: str, x: Tensor) -> Tensor:
        """[b, steps, dim] to [positions, b, 120]."""
        hidden: Tensor = self.gru[name](self.convolve(name, x))[0]
        return hidden.transpose(0, 1)

    def attend(self, block: str, hidden: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Mean over time of a block [b, 120], and its weights [b, Tq, Tk]."""
        target, source = self.blocks[block]
        seen, weights = self.attention[block](hidden[target], hidden[source], hidden[source])
        return seen.mean(dim=0), weights

    def forward(self, **inputs: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Logits [b, classes] and the attention weights of every block, of inputs [b, steps, dim] by modality."""
        hidden = {name: self.encode(name, x) for name, x in inputs.items()}
        found = {block: self.attend(block, hidden) for block in self.blocks}
        std, mean = torch.std_mean(torch.stack([vector for vector, _ in found.values()], dim=1), dim=1)
        logits: Tensor = self.classifier(self.pooled(torch.cat([std, mean], dim=1)))
        return logits, {block: weights for block, (_, weights) in found.items()}


class PublishedStep:
    """One step of both published models over one padded utterance, in eager PyTorch.

    Parameters
    ----------
    device : as PyTorch calls it. On a processor PyTorch works on one thread from then on.
    """

    def __init__(self, device: str) -> None:
        torch.set_num_threads(1)
        generator = torch.Generator().manual_seed(0)
        self._models = [PublishedModel(fusion).to(device).eval() for fusion in ("self", "cross")]
        self._inputs = {
            name: torch.randn(1, STEPS[name][0], dim, generator=generator).to(device) for name, dim in DIMS.items()
        }

    def __call__(self) -> list[object]:
        """Probabilities and weights of both models, on the processor."""
        results: list[object] = []
        with torch.inference_mode():
            for model in self._models:
                logits, weights = model(**self._inputs)
                results.append((logits.softmax(dim=1).cpu().numpy(), [one.cpu().numpy() for one in weights.values()]))
        return results
