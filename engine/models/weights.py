"""The weights of a fusion model as arrays: which there must be, reading them, and their checksum. Without PyTorch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from engine.models.fusion_config import PAPER_STEPS, TEMPORAL_CHANNELS, TEMPORAL_STRIDES, FusionConfig, block_name
from engine.types import Array, FloatArray

Shape = tuple[int, ...]


def expected_shapes(config: FusionConfig) -> dict[str, Shape]:
    """Name and shape of every weight of a model, as `engine.models.fusion.FusionModel` has them.

    Examples
    --------
    >>> shapes = expected_shapes(FusionConfig(modalities=("text",), dims={"text": 50}))
    >>> len(shapes), shapes["encoders.text.gru.weight_ih_l0"], shapes["classifier.bias"]
    (19, (180, 50), (7,))
    """
    width = 2 * config.hidden
    shapes: dict[str, Shape] = {}
    for name in config.modalities:
        encoder = _paper_encoder if config.preset == "paper" else _temporal_encoder
        shapes |= {f"encoders.{name}.{key}": shape for key, shape in encoder(config, name).items()}
    for block in config.blocks:
        before = f"attention.{block_name(*block)}"
        shapes |= {f"{before}.in_proj_weight": (3 * width, width), f"{before}.in_proj_bias": (3 * width,)}
        shapes |= _layer(f"{before}.out_proj", width, width)
    shapes |= _layer("concat_linear", config.hidden, config.pooled)
    shapes |= _layer("classifier", config.classes, config.hidden)
    if config.preset == "temporal":
        shapes |= {f"absent.{name}": (width,) for name in config.modalities}
    return shapes


def read_weights(path: Path, config: FusionConfig) -> dict[str, FloatArray]:
    """Weights of a safetensors file; names, shapes and types are compared before anything is loaded.

    Raises
    ------
    OSError, ValueError
        When the file cannot be read, is damaged, or does not hold the weights of such a model.
    """
    from safetensors import SafetensorError, safe_open

    expected = expected_shapes(config)
    try:
        with safe_open(path, framework="numpy") as file:
            found = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
            problems = [f"{name} is missing" for name in expected if name not in found]
            problems += [f"{name} is unexpected" for name in found if name not in expected]
            for name in expected.keys() & found.keys():
                shape, dtype = tuple(found[name].get_shape()), found[name].get_dtype()
                if shape != expected[name] or dtype != "F32":
                    problems.append(f"{name} is {dtype} {list(shape)}, expected F32 {list(expected[name])}")
            if problems:
                rest = f" and {len(problems) - 8} more" if len(problems) > 8 else ""
                raise ValueError("; ".join(sorted(problems)[:8]) + rest)
            weights: dict[str, FloatArray] = {name: file.get_tensor(name) for name in expected}
    except SafetensorError as error:
        raise ValueError(f"not a complete safetensors file ({error})") from error
    for name, value in weights.items():
        if not np.isfinite(value).all():
            raise ValueError(f"{name} holds values that are not finite")
    return weights


def arrays_sha256(arrays: Iterable[tuple[str, Array]]) -> str:
    """Checksum over names, types, shapes and values, independent of any file format and of the order.

    Types are written as PyTorch calls them, so that a model and its arrays have the same checksum.

    Examples
    --------
    >>> arrays_sha256([("bias", np.zeros(2, np.float32))])[:8]
    '25afa8cb'
    """
    digest = hashlib.sha256()
    for name, value in sorted(arrays, key=lambda one: one[0]):
        digest.update(f"{name} torch.{value.dtype} {list(value.shape)}\n".encode())
        digest.update(np.ascontiguousarray(value).data if value.size else b"")
    return digest.hexdigest()


def convolutions(weights: Mapping[str, FloatArray], config: FusionConfig) -> dict[str, FloatArray]:
    """What the paper preset's convolutions make of the frames, [positions, frames] by modality; else empty."""
    if config.preset != "paper":
        return {}
    keys = {name: f"encoders.{name}.conv.weight" for name in config.modalities}
    return {name: weights[key][:, :, 0].copy() for name, key in keys.items() if key in weights}


def _paper_encoder(config: FusionConfig, name: str) -> dict[str, Shape]:
    steps = PAPER_STEPS[name]
    shapes: dict[str, Shape] = {}
    if steps is not None:
        shapes = {"conv.weight": (steps[1], steps[0], 1), "conv.bias": (steps[1],)}
    return shapes | _gru(config.dims[name], config.hidden)


def _temporal_encoder(config: FusionConfig, name: str) -> dict[str, Shape]:
    size = config.dims[name]
    shapes: dict[str, Shape] = {"mean": (size,), "scale": (size,)}
    channels = TEMPORAL_CHANNELS[name]
    for index, stride in enumerate(TEMPORAL_STRIDES[name] if channels else ()):
        shapes |= {
            f"convs.{index}.weight": (channels, size, 5 if stride > 1 else 3),
            f"convs.{index}.bias": (channels,),
        }
        shapes |= {f"norms.{index}.weight": (channels,), f"norms.{index}.bias": (channels,)}
        size = channels
    return shapes | _gru(size, config.hidden)


def _gru(dim: int, hidden: int) -> dict[str, Shape]:
    """Both directions of a GRU."""
    one = {"weight_ih_l0": (3 * hidden, dim), "weight_hh_l0": (3 * hidden, hidden)}
    biases = {"bias_ih_l0": (3 * hidden,), "bias_hh_l0": (3 * hidden,)}
    return {f"gru.{key}{end}": shape for end in ("", "_reverse") for key, shape in {**one, **biases}.items()}


def _layer(name: str, size_out: int, size_in: int) -> dict[str, Shape]:
    return {f"{name}.weight": (size_out, size_in), f"{name}.bias": (size_out,)}
