"""What a checkpoint says about itself: its configuration, features, calibration and origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType

from engine.config import AUDIO_DIM, AUDIO_HOP_S, EMOTIONS, FUSIONS, MODALITIES, SAMPLE_RATE_HZ
from engine.errors import CheckpointError
from engine.models.fusion_config import FusionConfig
from engine.models.json_fields import JsonFields

FORMAT = "attune-fusion"
FORMAT_VERSION = 1

MFCC_SETTINGS: Mapping[str, object] = MappingProxyType(
    {
        "rate_hz": SAMPLE_RATE_HZ,
        "coefficients": AUDIO_DIM // 3,
        "window": "hamming",
        "window_s": 0.025,
        "hop_s": AUDIO_HOP_S,
        "derivatives": 2,
        "derivative_width": 9,
    }
)
"""How the audio features of this version of Attune are computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardisation:
    """Statistics of the training data that features are standardised with, [dim] each."""

    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointCard:
    """Everything about a checkpoint except its weights and its shape.

    Attributes
    ----------
    face_encoder, face_dim : name and embedding dimension of the face encoder, None without video.
    vectors, text_dim : name and dimension of the word vectors, None without text.
    mfcc : settings of the audio features, empty without audio.
    labels : the classes in the order of the logits.
    temperature : the logits are divided by it before the softmax.
    temperatures : the same where just some modalities are present, by their names joined with "+", such as
        "audio+text"; ``temperature`` holds for what is not listed.
    unsure_threshold : a top probability below it is shown as "unsure".
    standardisation : per modality, for models of the paper preset that were trained on standardised
        features; those of the temporal preset carry theirs among their weights.
    training : data, recipe and licences it was trained with; anything that JSON can hold.
    figures : what was measured, and on what; anything that JSON can hold.
    versions : versions of the software that made it; filled in when it is saved.
    """

    face_encoder: str | None
    face_dim: int | None
    vectors: str | None
    text_dim: int | None
    mfcc: Mapping[str, object] = field(default_factory=lambda: dict(MFCC_SETTINGS))
    labels: tuple[str, ...] = EMOTIONS
    temperature: float = 1.0
    temperatures: Mapping[str, float] = field(default_factory=dict)
    unsure_threshold: float = 0.0
    standardisation: Mapping[str, Standardisation] = field(default_factory=dict)
    training: Mapping[str, object] = field(default_factory=dict)
    figures: Mapping[str, object] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def temperature_of(self, present: Iterable[str]) -> float:
        """The temperature where these modalities are present.

        Examples
        --------
        >>> card = CheckpointCard(
        ...     face_encoder=None, face_dim=None, vectors=None, text_dim=None, temperatures={"audio": 2}
        ... )
        >>> card.temperature_of(["audio"]), card.temperature_of(["audio", "text"])
        (2, 1.0)
        """
        here = set(present)
        return self.temperatures.get("+".join(name for name in MODALITIES if name in here), self.temperature)


def check_features(card: CheckpointCard, *, face_encoder: str, face_dim: int, vectors: str, text_dim: int) -> None:
    """Refuse a checkpoint that was trained on other features than those that run.

    Raises
    ------
    CheckpointError
        With one line per difference.
    """
    differences = []
    if card.face_encoder is not None and (card.face_encoder, card.face_dim) != (face_encoder, face_dim):
        differences.append(
            f"face encoder: trained with {card.face_encoder} ({card.face_dim}-d), running {face_encoder} ({face_dim}-d)"
        )
    if card.vectors is not None and (card.vectors, card.text_dim) != (vectors, text_dim):
        differences.append(
            f"word vectors: trained with {card.vectors} ({card.text_dim}-d), running {vectors} ({text_dim}-d)"
        )
    for key in sorted({*card.mfcc, *MFCC_SETTINGS} if card.mfcc else ()):
        trained, running = card.mfcc.get(key, "nothing"), MFCC_SETTINGS.get(key, "nothing")
        if trained != running:
            differences.append(f"audio features, {key}: trained with {trained}, running {running}")
    if differences:
        lines = "\n".join(f"  {line}" for line in differences)
        raise CheckpointError(
            f"the checkpoint does not fit the features that run:\n{lines}\n"
            "Choose the features it was trained with, or a checkpoint that was trained with these."
        )


def to_json(config: FusionConfig, card: CheckpointCard, weights_sha256: str) -> dict[str, object]:
    """The content of NAME.json."""
    about = asdict(card) | {"mfcc": dict(card.mfcc), "temperatures": dict(card.temperatures)}
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "weights_sha256": weights_sha256,
        "config": asdict(config) | {"dims": dict(config.dims), "input_dropout": dict(config.input_dropout)},
        **about,
    }


def from_json(value: object) -> tuple[FusionConfig, CheckpointCard, str]:
    """Read the content of NAME.json; returns configuration, card and the checksum of the weights.

    Raises
    ------
    ValueError
        When anything has another type or range than it may have.
    """
    top = JsonFields(value, "")
    if top.text("format") != FORMAT:
        raise ValueError(f"format must be {FORMAT!r}")
    if top.whole("format_version", 1, 10**6) != FORMAT_VERSION:
        raise ValueError(f"format_version must be {FORMAT_VERSION}; this file is from another version of Attune")
    config = _config(top.fields("config"))
    card = CheckpointCard(
        face_encoder=top.optional_text("face_encoder"),
        face_dim=top.optional_whole("face_dim", 1, _MAX_DIM),
        vectors=top.optional_text("vectors"),
        text_dim=top.optional_whole("text_dim", 1, _MAX_DIM),
        mfcc=dict(top.fields("mfcc").value),
        labels=top.texts("labels", 100),
        temperature=top.number("temperature", 1e-3, 1e3),
        temperatures=_temperatures(top, config),
        unsure_threshold=top.number("unsure_threshold", 0, 1),
        standardisation=_standardisation(top.fields("standardisation"), config),
        training=dict(top.fields("training").value),
        figures=dict(top.fields("figures").value),
        versions=top.fields("versions").all_texts(),
    )
    _check_together(config, card)
    return config, card, top.text("weights_sha256")


_MAX_DIM = 8192


def _config(data: JsonFields) -> FusionConfig:
    expected = {one.name for one in fields(FusionConfig)}
    if set(data.value) | {"pooling"} != expected:  # files of version 0.1 have no pooling: there was one only
        raise ValueError(f"config must have exactly the entries {', '.join(sorted(expected))}")
    modalities = data.texts("modalities", len(MODALITIES))
    if not modalities or modalities != tuple(name for name in MODALITIES if name in modalities):
        raise ValueError(f"config.modalities must be some of {', '.join(MODALITIES)}, in this order")
    dims, dropout = data.fields("dims"), data.fields("input_dropout")
    config = FusionConfig(
        fusion=data.choice("fusion", FUSIONS),  # type: ignore[arg-type]
        pooling=data.choice("pooling", ("statistical", "concatenate"))  # type: ignore[arg-type]
        if "pooling" in data.value
        else "statistical",
        preset=data.choice("preset", ("paper", "temporal")),  # type: ignore[arg-type]
        modalities=modalities,  # type: ignore[arg-type]
        dims={name: dims.whole(name, 1, _MAX_DIM) for name in MODALITIES if name in dims.value or name in modalities},
        hidden=data.whole("hidden", 1, 1024),
        heads=data.whole("heads", 1, 64),
        attention_dropout=data.number("attention_dropout", 0, 0.99),
        head_dropout=data.number("head_dropout", 0, 0.99),
        input_dropout={name: dropout.number(name, 0, 0.99) for name in MODALITIES if name in dropout.value},
        classes=data.whole("classes", 2, 100),
    )
    if 2 * config.hidden % config.heads:
        raise ValueError(f"config.heads must divide twice config.hidden, found {config.heads} and {config.hidden}")
    return config


def _temperatures(top: JsonFields, config: FusionConfig) -> dict[str, float]:
    if "temperatures" not in top.value:  # files of version 0.1
        return {}
    data = top.fields("temperatures")
    for key in data.value:
        names = key.split("+")
        if names != [name for name in config.modalities if name in names]:
            raise ValueError(f"temperatures.{key} does not name modalities of this model, in order, joined by +")
    return {key: data.number(key, 1e-3, 1e3) for key in data.value}


def _standardisation(data: JsonFields, config: FusionConfig) -> dict[str, Standardisation]:
    found: dict[str, Standardisation] = {}
    for name in data.value:
        if name not in config.modalities or config.preset != "paper":
            raise ValueError(f"standardisation.{name} does not belong to this model")
        part = data.fields(name)
        mean, std = part.numbers("mean", -1e9, 1e9), part.numbers("std", 1e-9, 1e9)
        if not len(mean) == len(std) == config.dims[name]:
            raise ValueError(f"standardisation.{name} must have {config.dims[name]} values of mean and std")
        found[name] = Standardisation(mean=mean, std=std)
    return found


def _check_together(config: FusionConfig, card: CheckpointCard) -> None:
    """Configuration and card must not contradict each other."""
    if len(set(card.labels)) != config.classes or len(card.labels) != config.classes:
        raise ValueError(f"labels must be {config.classes} different names, found {len(card.labels)}")
    for name, source, dim in (
        ("video", card.face_encoder, card.face_dim),
        ("text", card.vectors, card.text_dim),
    ):
        wanted = config.dims[name] if name in config.modalities else None
        if dim != wanted or (source is None) != (wanted is None):
            raise ValueError(f"config has {wanted or 'no'} features of {name}, but the card names {source} with {dim}")
    if "audio" in config.modalities and not card.mfcc:
        raise ValueError("config has features of audio, but mfcc is empty")
