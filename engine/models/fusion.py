"""The self- and cross-attention fusion models, in both presets.

Rajan, Brutti, Cavallaro, "Is cross-attention preferable to self-attention for multi-modal emotion
recognition?", ICASSP 2022.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.attention import AttentionBlock, statistical_pooling
from engine.models.encoders import PaperEncoder, TemporalEncoder
from engine.models.fusion_config import PAPER_STEPS, TEMPORAL_CHANNELS
from engine.models.fusion_config import TEMPORAL_STRIDES as TEMPORAL_STRIDES
from engine.models.fusion_config import Block as Block
from engine.models.fusion_config import FusionConfig as FusionConfig
from engine.models.fusion_config import Pooling as Pooling
from engine.models.fusion_config import Preset as Preset
from engine.models.fusion_config import block_name as block_name


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


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoders make of a batch.

    Attributes
    ----------
    states : per modality the hidden states [b, positions, 2 hidden].
    valid : per modality how many positions of each item hold data [b]; None where all do.
    """

    states: dict[str, Tensor]
    valid: dict[str, Tensor | None]


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
        self.concat_linear = nn.Linear(config.pooled, config.hidden)
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
        maps: bool = True,
    ) -> FusionOutput:
        """Return logits and attention; shapes are those of the class. Without ``maps`` there is no attention."""
        inputs: Mapping[str, Tensor | None] = {"audio": audio, "video": video, "text": text}
        vectors, attention = self.attend(self.encode(inputs, lengths, present), maps=maps)
        return FusionOutput(self.classify(vectors), attention)

    def encode(
        self, inputs: Mapping[str, Tensor | None], lengths: Mapping[str, Tensor] | None, present: Tensor | None = None
    ) -> Encoded:
        """Hidden states of every modality; shapes are those of the class."""
        hidden: dict[str, Tensor] = {}
        valid: dict[str, Tensor | None] = {}
        for index, name in enumerate(self.config.modalities):
            x = inputs.get(name)
            if x is None:
                raise ValueError(f"this model needs {name}")
            length = lengths[name] if lengths is not None else None
            here = present[:, index] if present is not None else None
            hidden[name], valid[name] = self.encode_one(name, x, length, here)
        return Encoded(hidden, valid)

    def encode_one(
        self, name: str, x: Tensor, length: Tensor | None = None, here: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Hidden states of one modality, and how many of them are valid; shapes are those of the class."""
        if here is None and length is not None:
            here = length > 0
        h, valid = self.encoders[name](x, None if length is None else length.clamp_min(1))
        if self.config.preset == "temporal" and here is not None:
            # Attention over equal positions is attention over one, so the token may fill all of them.
            h = torch.where(here[:, None, None], h, self.absent[name])
        return h, valid

    def attend(self, encoded: Encoded, *, maps: bool = True) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Per block the mean over time of what it attends to [b, 2 hidden], and its weights [b, heads, Tq, Tk]."""
        vectors: dict[str, Tensor] = {}
        attention: dict[str, Tensor] = {}
        for target, source in self.config.blocks:
            block = block_name(target, source)
            vectors[block], weights = self.attention[block](
                encoded.states[target], encoded.states[source], encoded.valid[target], encoded.valid[source], maps=maps
            )
            if weights is not None:
                attention[block] = weights
        return vectors, attention

    def classify(self, vectors: Mapping[str, Tensor]) -> Tensor:
        """Logits [b, classes] of the blocks' vectors, [b, 2 hidden] each."""
        pooled = []
        for kind in self.config.kinds:
            stacked = torch.stack([vectors[block_name(*block)] for block in kind], dim=1)  # [b, blocks, 2 hidden]
            statistical = self.config.pooling == "statistical"
            pooled.append(statistical_pooling(stacked) if statistical else stacked.flatten(1))
        x = self.concat_linear(torch.cat(pooled, dim=1))  # [b, hidden]
        if self.config.preset == "temporal":
            x = F.dropout(F.gelu(x), self.config.head_dropout, self.training)
        logits: Tensor = self.classifier(x)
        return logits


def _encoder(config: FusionConfig, name: str) -> nn.Module:
    dim, dropout = config.dims[name], config.input_dropout.get(name, 0.0)
    if config.preset == "paper":
        return PaperEncoder(dim, config.hidden, PAPER_STEPS[name], dropout)
    return TemporalEncoder(dim, config.hidden, TEMPORAL_CHANNELS[name], TEMPORAL_STRIDES[name], dropout)
