"""The self- and cross-attention fusion models, in both presets.

Rajan, Brutti, Cavallaro, "Is cross-attention preferable to self-attention for multi-modal emotion
recognition?", ICASSP 2022.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.config import AUDIO_DIM, EMOTIONS, MAX_AUDIO_FRAMES, MAX_FACES, Fusion, Modality
from engine.models.attention import AttentionBlock, mean_over_time, statistical_pooling
from engine.models.encoders import PaperEncoder, TemporalEncoder

Preset = Literal["paper", "temporal"]

_PAPER_STEPS: dict[str, tuple[int, int] | None] = {
    "audio": (MAX_AUDIO_FRAMES, 500),
    "video": (MAX_FACES, 25),
    "text": None,
}
TEMPORAL_STRIDES: dict[str, tuple[int, ...]] = {"audio": (2, 2, 2), "video": (1,), "text": ()}
_TEMPORAL_CHANNELS = {"audio": 128, "video": 128, "text": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionConfig:
    """Everything that fixes the shape of a fusion model.

    Attributes
    ----------
    fusion : "self" (queries, keys and values of one modality) or "cross" (every ordered pair).
    preset : "paper" (exactly as published) or "temporal" (positions are instants, padding is masked).
    modalities : which streams the model has, in the order audio, video, text.
    dims : features per frame of each modality.
    hidden : GRU units per direction.
    heads : attention heads.
    attention_dropout, head_dropout : dropout in attention and before the classifier (temporal only).
    input_dropout : dropout on the features of each modality.
    classes : number of emotions.
    """

    fusion: Fusion = "self"
    preset: Preset = "temporal"
    modalities: tuple[Modality, ...] = ("audio", "video", "text")
    dims: Mapping[str, int] = field(default_factory=lambda: {"audio": AUDIO_DIM, "video": 256, "text": 50})
    hidden: int = 60
    heads: int = 6
    attention_dropout: float = 0.1
    head_dropout: float = 0.2
    input_dropout: Mapping[str, float] = field(default_factory=lambda: {"audio": 0.0, "video": 0.0, "text": 0.25})
    classes: int = len(EMOTIONS)

    def __post_init__(self) -> None:
        if self.fusion == "cross" and len(self.modalities) < 2:
            raise ValueError("cross-attention needs at least two modalities")

    @property
    def blocks(self) -> tuple[tuple[Modality, Modality], ...]:
        """(target, source) of every attention block."""
        if self.fusion == "self":
            return tuple((name, name) for name in self.modalities)
        return tuple((target, source) for target in self.modalities for source in self.modalities if target != source)


@dataclass(frozen=True, slots=True)
class FusionOutput:
    """Result of a fusion model.

    Attributes
    ----------
    logits : [b, classes]
    attention : per block, named "target_from_source", the weights [b, heads, Tq, Tk]
    """

    logits: Tensor
    attention: dict[str, Tensor]


class FusionModel(nn.Module):
    """Encoders, attention blocks, mean over time, pooling across blocks, classifier.

    In the temporal preset a modality that is absent is replaced, after its encoder, by one learned
    token: it stands as the only position, so a cross block still asks with it and looks at what is there.

    Shapes
    ------
    audio : [b, Ta, dims["audio"]], video : [b, Tv, dims["video"]], text : [b, Tt, dims["text"]]
    lengths : per modality [b], frames that hold data; 0 where the modality is absent. None: all do.
    present : [b, number of modalities] bool, in the order of ``modalities``; for callers without padding.
    """

    def __init__(self, config: FusionConfig) -> None:
        super().__init__()
        self.config = config
        self.encoders = nn.ModuleDict({name: _encoder(config, name) for name in config.modalities})
        width = 2 * config.hidden
        self.attention = nn.ModuleDict(
            {
                block_name(*block): AttentionBlock(width, config.heads, config.attention_dropout)
                for block in config.blocks
            }
        )
        pooled = width if len(config.blocks) == 1 else 2 * width
        self.concat_linear = nn.Linear(pooled, config.hidden)
        self.classifier = nn.Linear(config.hidden, config.classes)
        if config.preset == "temporal":
            self.absent = nn.ParameterDict({name: nn.Parameter(torch.randn(width) * 0.1) for name in config.modalities})

    def forward(
        self,
        *,
        audio: Tensor | None = None,
        video: Tensor | None = None,
        text: Tensor | None = None,
        lengths: Mapping[str, Tensor] | None = None,
        present: Tensor | None = None,
    ) -> FusionOutput:
        """Return logits and attention; shapes are those of the class."""
        inputs: Mapping[str, Tensor | None] = {"audio": audio, "video": video, "text": text}
        hidden: dict[str, Tensor] = {}
        valid: dict[str, Tensor | None] = {}
        for index, name in enumerate(self.config.modalities):
            x = inputs[name]
            if x is None:
                raise ValueError(f"this model needs {name}")
            length = lengths[name] if lengths is not None else None
            here = present[:, index] if present is not None else None if length is None else length > 0
            hidden[name], valid[name] = self._encode(name, x, length, here)
        vectors: list[Tensor] = []
        maps: dict[str, Tensor] = {}
        for target, source in self.config.blocks:
            block = block_name(target, source)
            y, maps[block] = self.attention[block](hidden[target], hidden[source], valid[source])
            vectors.append(mean_over_time(y, valid[target]))
        x = self.concat_linear(statistical_pooling(torch.stack(vectors, dim=1)))  # [b, hidden]
        if self.config.preset == "temporal":
            x = F.dropout(F.gelu(x), self.config.head_dropout, self.training)
        return FusionOutput(self.classifier(x), maps)

    def _encode(self, name: str, x: Tensor, length: Tensor | None, here: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Hidden states of one modality with the learned token where it is absent, and their lengths."""
        h, valid = self.encoders[name](x, None if length is None else length.clamp_min(1))
        if self.config.preset == "temporal" and here is not None:
            # Attention over equal positions is attention over one, so the token may fill all of them.
            h = torch.where(here[:, None, None], h, self.absent[name])
        return h, valid


def block_name(target: str, source: str) -> str:
    """Name of an attention block: the target asks, the source is looked at.

    Examples
    --------
    >>> block_name("audio", "video")
    'audio_from_video'
    """
    return f"{target}_from_{source}"


def _encoder(config: FusionConfig, name: str) -> nn.Module:
    dim, dropout = config.dims[name], config.input_dropout.get(name, 0.0)
    if config.preset == "paper":
        return PaperEncoder(dim, config.hidden, _PAPER_STEPS[name], dropout)
    return TemporalEncoder(dim, config.hidden, _TEMPORAL_CHANNELS[name], TEMPORAL_STRIDES[name], dropout)
