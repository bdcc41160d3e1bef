"""What fixes the shape of a fusion model, without PyTorch: what runs models elsewhere needs no more of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.config import AUDIO_DIM, EMOTIONS, MAX_AUDIO_FRAMES, MAX_FACES, MAX_WORDS, Fusion, Modality

Preset = Literal["paper", "temporal"]
Pooling = Literal["statistical", "concatenate"]
Block = tuple[Modality, Modality]
"""Target and source of an attention block."""

MAX_FRAMES: Mapping[str, int] = {"audio": MAX_AUDIO_FRAMES, "video": MAX_FACES, "text": MAX_WORDS}
"""Frames that a window holds at most; the paper preset pads each modality to them."""

PAPER_STEPS: Mapping[str, tuple[int, int] | None] = {
    "audio": (MAX_AUDIO_FRAMES, 500),
    "video": (MAX_FACES, 25),
    "text": None,
}
"""Frames in and positions out of the convolution of the paper preset; None where there is none."""

TEMPORAL_STRIDES: dict[str, tuple[int, ...]] = {"audio": (2, 2, 2), "video": (1,), "text": ()}
"""Stride of each convolution of the temporal preset."""

TEMPORAL_CHANNELS: Mapping[str, int] = {"audio": 128, "video": 128, "text": 0}
"""Channels of these convolutions; 0 where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionConfig:
    """Everything that fixes the shape of a fusion model.

    Attributes
    ----------
    fusion : "self" (queries, keys and values of one modality), "cross" (every ordered pair), or "cross+self" (all of
        these blocks, each kind pooled by itself, both into one classifier).
    pooling : "statistical" (mean and standard deviation across the blocks of a kind) or "concatenate" (all of their
        vectors; the paper's "noSP").
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
    pooling: Pooling = "statistical"
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
        if self.fusion != "self" and len(self.modalities) < 2:
            raise ValueError("cross-attention needs at least two modalities")

    @property
    def kinds(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks of each kind of attention, self before cross; those of a kind are pooled together."""
        within = tuple((name, name) for name in self.modalities)
        between = tuple(
            (target, source) for target in self.modalities for source in self.modalities if target != source
        )
        return {"self": (within,), "cross": (between,), "cross+self": (within, between)}[self.fusion]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """(target, source) of every attention block."""
        return tuple(block for kind in self.kinds for block in kind)

    @property
    def pooled(self) -> int:
        """Length of what the blocks are pooled to."""
        sizes = [len(kind) if self.pooling == "concatenate" else min(len(kind), 2) for kind in self.kinds]
        return 2 * self.hidden * sum(sizes)


def block_name(target: str, source: str) -> str:
    """Name of an attention block: the target asks, the source is looked at.

    Examples
    --------
    >>> block_name("audio", "video")
    'audio_from_video'
    """
    return f"{target}_from_{source}"
