"""The features that models were trained with, found where their checkpoints lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.assets import assets_folder
from engine.components import require_fit
from engine.config import Fusion
from engine.features.face_encoder import FaceEncoder, find_face_encoder, read_card
from engine.features.face_resnet import ResNet101Encoder
from engine.features.word_vectors import WordVectors
from engine.models.stored import Stored

ENCODER_FILES = ("face_encoder.onnx", "face_encoder.json", "face_encoder.safetensors")
"""Files of a face encoder that may lie beside the models that use it."""


def require_features(chosen: Mapping[Fusion, Stored], vectors: WordVectors) -> None:
    """Refuse models whose features are not here.

    Parameters
    ----------
    chosen : the models.
    vectors : the word vectors that run.

    Raises
    ------
    AssetError
        When their face encoder is missing.
    CheckpointError
        When they were trained on other word vectors or other sound features.
    """
    require_fit(chosen, _encoder(chosen), vectors)


def face_encoder_choice(chosen: Mapping[Fusion, Stored]) -> str | None:
    """The face encoder of some models as `engine.corpora.recipe.face_recipe` takes it; None where none sees faces."""
    first = _seeing(chosen)
    if first is None:
        return None
    if first.card.face_encoder == ResNet101Encoder.name:
        return "resnet101"
    beside = encoder_beside(first)
    return "bundled" if beside is None else str(beside)


def encoder_beside(stored: Stored) -> Path | None:
    """The ONNX file of a face encoder of the user's own, beside a checkpoint that was trained with it."""
    card = stored.path.parent / ENCODER_FILES[1]
    if stored.card.face_encoder is None or card.parent == assets_folder() or not card.is_file():
        return None
    return card.with_suffix(".onnx") if read_card(card).name == stored.card.face_encoder else None


def _encoder(chosen: Mapping[Fusion, Stored]) -> FaceEncoder | None:
    first = _seeing(chosen)
    return None if first is None else find_face_encoder(str(first.card.face_encoder), first.path.parent)


def _seeing(chosen: Mapping[Fusion, Stored]) -> Stored | None:
    return next((one for one in chosen.values() if one.card.face_encoder is not None), None)
