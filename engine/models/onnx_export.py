"""From fusion models to ONNX graphs, checked against PyTorch."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import CheckpointError
from engine.files import write_atomically
from engine.models.checkpoint import weights_sha256
from engine.models.fusion import FusionModel
from engine.models.fusion_config import MAX_FRAMES, FusionConfig, block_name
from engine.models.onnx import CHECKSUM_KEY, OnnxBackend, output_names
from engine.tracing import trace_onnx

TOLERANCE = 1e-4
_EXAMPLE_FRAMES = {"audio": 37, "video": 5, "text": 7}
_CHECKED_FRAMES = ({"audio": 203, "video": 3, "text": 1}, {"audio": 1, "video": 1, "text": 11})


class _Graph(nn.Module):
    """A fusion model with tensors in and a tuple of tensors out."""

    def __init__(self, model: FusionModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        names = self.model.config.modalities
        present = tensors[len(names)] if len(tensors) > len(names) else None
        output = self.model(**dict(zip(names, tensors, strict=False)), present=present)
        return output.logits, *output.attention.values()


def export_onnx(model: FusionModel, path: str | os.PathLike[str]) -> Path:
    """Write a fusion model as one ONNX file that holds its weights, and check it against PyTorch.

    The file carries the checksum of the weights that it was made from. The model itself is not changed.

    Inputs
    ------
    audio [b, Ta, 120], video [b, Tv, Dv], text [b, Tt, Dt] : those of the model's modalities, f32. Any b and
        lengths in the temporal preset, any b and the maximum lengths in the paper preset.
    present [s, modalities] bool : temporal preset only. An absent modality has any one frame. s is b, or any number
        where b is one.

    Outputs
    -------
    logits [s, classes], and per attention block "target_from_source" [s, heads, Tq, Tk]

    Raises
    ------
    AssetError
        When the package onnx is not installed.
    CheckpointError
        When ONNX Runtime and PyTorch differ by more than 1e-4.
    OutputError
        When the file cannot be written.
    """
    model = copy.deepcopy(model).cpu().eval()
    path = Path(path)
    content = _convert(model)
    require_equal(model, OnnxBackend(content, model.config))
    write_atomically(path, lambda temporary: temporary.write_bytes(content))
    return path


def traced_onnx(model: FusionModel) -> OnnxBackend:
    """A fusion model as an ONNX graph in memory, checked against PyTorch.

    Raises
    ------
    AssetError
        When the package onnx is not installed.
    CheckpointError
        When ONNX Runtime and PyTorch differ by more than 1e-4.
    """
    model = copy.deepcopy(model).cpu().eval()
    backend = OnnxBackend(_convert(model), model.config)
    require_equal(model, backend)
    return backend


def require_equal(model: FusionModel, backend: OnnxBackend) -> float:
    """Run both over items of several lengths, with modalities absent; returns the largest difference of any output.

    Raises
    ------
    CheckpointError
        When they differ by more than 1e-4.
    """
    return max(_compare(model, backend, frames) for frames in _CHECKED_FRAMES)


def _convert(model: FusionModel) -> bytes:
    """Trace a model into an ONNX graph that says which weights it was made from."""
    inputs, present = _random_inputs(model.config, _EXAMPLE_FRAMES)
    if model.config.preset == "temporal":
        inputs["present"] = present
    traced = trace_onnx(_Graph(model), inputs, output_names(model.config), _free_axes(model.config))
    import onnx

    proto = onnx.load_from_string(traced)
    entry = proto.metadata_props.add()
    entry.key, entry.value = CHECKSUM_KEY, weights_sha256(model)
    content: bytes = proto.SerializeToString()
    return content


def _free_axes(config: FusionConfig) -> dict[str, dict[int, str]]:
    """Names of the axes that may have any length, by input and output."""
    axes = {name: {0: "batch"} for name in (*config.modalities, *output_names(config))}
    if config.preset == "temporal":
        # One window with several subsets of its modalities is encoded once.
        axes |= {name: {0: "subsets"} for name in ("present", *output_names(config))}
        for name in config.modalities:
            axes[name][1] = f"{name}_frames"
        for target, source in config.blocks:
            axes[block_name(target, source)] |= {2: f"{target}_positions", 3: f"{source}_positions"}
    return axes


def _random_inputs(config: FusionConfig, frames: Mapping[str, int]) -> tuple[dict[str, Tensor], Tensor]:
    """Two items of noise, the second one with a modality absent."""
    generator = torch.Generator().manual_seed(0)
    count = MAX_FRAMES if config.preset == "paper" else frames
    inputs: dict[str, Tensor] = {
        name: torch.randn(2, count[name], config.dims[name], generator=generator) for name in config.modalities
    }
    present = torch.ones(2, len(config.modalities), dtype=torch.bool)
    present[1, 0] = False
    return inputs, present


def _compare(model: FusionModel, backend: OnnxBackend, frames: Mapping[str, int]) -> float:
    inputs, present = _random_inputs(model.config, frames)
    with torch.no_grad():
        expected = model(**inputs, present=present)
    logits, maps = backend.run({name: x.numpy() for name, x in inputs.items()}, present.numpy())
    pairs = [(logits, expected.logits), *((maps[name], weights) for name, weights in expected.attention.items())]
    worst = max(float(np.abs(ours - theirs.numpy()).max()) for ours, theirs in pairs)
    if not all(np.allclose(ours, theirs.numpy(), rtol=TOLERANCE, atol=TOLERANCE) for ours, theirs in pairs):
        raise CheckpointError(f"the exported graph differs from the model by {worst:.2g}: nothing was written")
    return worst
