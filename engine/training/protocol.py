"""How models are trained: the paper's protocol, its settings, and what each preset makes of them.

Source: Rajan, Brutti, Cavallaro, ICASSP 2022, and their public code.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from engine.models.fusion import FusionConfig, Preset
from engine.training.limits import check_limits

_LIMITS = {
    "learning_rate": (1e-9, 1e3),
    "batch": (1, 10**6),
    "rate_patience": (0, 10**6),
    "rate_factor": (1e-6, 0.999),
    "stop_patience": (1, 10**6),
    "max_epochs": (1, 10**6),
} | dict.fromkeys(("audio_dropout", "video_dropout", "text_dropout", "head_dropout"), (0, 0.99))


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How a model is trained.

    Attributes
    ----------
    learning_rate, batch : of Adam.
    rate_patience, rate_factor : after more than this many epochs without a better validation loss (PyTorch's
        ``ReduceLROnPlateau``), the learning rate is multiplied by the factor.
    stop_patience : training ends after this many epochs without a better validation accuracy.
    max_epochs : training ends at the latest after so many.
    standardise : features are standardised with the statistics of the training utterances. The authors compute a
        scaler and discard its result.
    masks : padding is masked. The authors do not; the paper preset cannot, since its positions are mixtures of the
        whole window.
    audio_dropout, video_dropout, text_dropout : dropout on the features of each modality.
    head_dropout : dropout before the classifier; the paper preset has none.
    """

    learning_rate: float = 1e-3
    batch: int = 32
    rate_patience: int = 10
    rate_factor: float = 0.1
    stop_patience: int = 10
    max_epochs: int = 1000
    standardise: bool
    masks: bool
    audio_dropout: float
    video_dropout: float
    text_dropout: float = 0.25
    head_dropout: float

    def __post_init__(self) -> None:
        check_limits(self, _LIMITS)

    @classmethod
    def of(cls, preset: Preset, **changes: object) -> Protocol:
        """The protocol of a preset, with changes: the authors' quirks for "paper", sound choices for "temporal".

        Raises
        ------
        ValueError
            When the preset cannot be trained like this.

        Examples
        --------
        >>> Protocol.of("paper").standardise, Protocol.of("temporal", batch=64).batch
        (False, 64)
        """
        paper = preset == "paper"
        defaults: dict[str, object] = {
            "standardise": not paper,
            "masks": not paper,
            "audio_dropout": 0.0 if paper else 0.1,
            "video_dropout": 0.0 if paper else 0.1,
            "head_dropout": 0.0 if paper else 0.3,
        }
        unknown = changes.keys() - {one.name for one in fields(cls)}
        if unknown:
            raise ValueError(f"the protocol has no setting {', '.join(sorted(unknown))}")
        protocol = cls(**(defaults | changes))  # type: ignore[arg-type]
        if paper and protocol.masks:
            raise ValueError("the paper preset has no masks: its positions are mixtures of the whole window")
        if paper and protocol.head_dropout:
            raise ValueError("the paper preset has no dropout before its classifier")
        return protocol


def shape(config: FusionConfig, protocol: Protocol) -> FusionConfig:
    """The shape of a model with the dropouts of a protocol."""
    dropout = {"audio": protocol.audio_dropout, "video": protocol.video_dropout, "text": protocol.text_dropout}
    return replace(
        config,
        input_dropout={name: dropout[name] for name in config.modalities},
        head_dropout=protocol.head_dropout,
    )
