"""Small random models and windows that the tests of models share."""

from __future__ import annotations

from pathlib import Path

import torch

from engine.config import Fusion, Modality
from engine.models.card import CheckpointCard
from engine.models.checkpoint import save_checkpoint
from engine.models.fusion import FusionConfig, FusionModel, Preset
from engine.models.onnx_export import export_onnx
from tests.models.torch_free import FACE_DIM, FEATURES, TEXT_DIM
from tests.models.torch_free import make_window as make_window

ALL: tuple[Modality, ...] = ("audio", "video", "text")


def make_model(fusion: Fusion = "self", preset: Preset = "temporal", modalities=ALL) -> FusionModel:
    """A small model with random weights, whose statistics and learned tokens differ from their initial values."""
    torch.manual_seed(0)
    dims = {"audio": 120, "video": FACE_DIM, "text": TEXT_DIM}
    config = FusionConfig(
        fusion=fusion, preset=preset, modalities=modalities, dims={name: dims[name] for name in modalities}, hidden=12
    )
    model = FusionModel(config).eval()
    if preset == "temporal":
        for encoder in model.encoders.values():
            encoder.set_standardisation(torch.randn(encoder.mean.shape), torch.rand(encoder.mean.shape) + 0.5)
    return model


def make_card(modalities=ALL, **changes) -> CheckpointCard:
    """The card that goes with :func:`make_model`."""
    video, text = "video" in modalities, "text" in modalities
    values = {
        "face_encoder": FEATURES["face_encoder"] if video else None,
        "face_dim": FACE_DIM if video else None,
        "vectors": FEATURES["vectors"] if text else None,
        "text_dim": TEXT_DIM if text else None,
        "temperature": 1.5,
        "unsure_threshold": 0.4,
        "training": {"data": ["noise"]},
        "figures": {"accuracy": 0.5},
    }
    return CheckpointCard(**(values | changes))


def make_bundle(folder: Path, preset: Preset = "temporal", modalities=ALL, onnx: bool = True, **changes) -> Path:
    """A folder with the checkpoints "self" and "cross", as training leaves it."""
    for fusion in ("self", "cross"):
        model = make_model(fusion, preset, modalities)
        save_checkpoint(folder, fusion, model, make_card(modalities, **changes))
        if onnx:
            export_onnx(model, folder / f"{fusion}.onnx")
    return folder
