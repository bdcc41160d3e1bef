"""Import of weights that use the parameter names of the authors' public code."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from engine.config import MODALITIES, Fusion
from engine.errors import CheckpointError
from engine.models.fusion import FusionConfig, FusionModel, block_name

_MODULE_PREFIX = "module."  # torch.nn.DataParallel puts it before every name


def from_authors_state_dict(state_dict: Mapping[str, Tensor], fusion: Fusion) -> FusionModel:
    """Build the paper preset from a state dict of the authors' public models.

    The names are those of github.com/smartcameras/SelfCrossAttn: ``text_encoder``, ``video_conv``,
    ``video_encoder``, ``audio_conv``, ``audio_encoder``, ``concat_linear`` and ``classifier``; for self-attention
    ``mha_t``, ``mha_v`` and ``mha_a``; for cross-attention ``mha_{source}_{target}``, so ``mha_v_t`` asks with
    the text and looks at the video. Features per frame, hidden units and classes are read off the tensors'
    shapes. The ``module.`` prefix of ``torch.nn.DataParallel`` is dropped.

    Parameters
    ----------
    state_dict : parameter names and tensors, as loaded by the caller. Load files that are not your own with
        ``torch.load(path, map_location="cpu", weights_only=True)``.
    fusion : "self" or "cross", which of the authors' two models the weights belong to.

    Returns
    -------
    FusionModel
        On the CPU, in float32 and evaluation mode. Called as ``model(text=[b, 128, 300], video=[b, 32, 2048],
        audio=[b, 1000, 120])`` its result has ``.logits`` [b, classes] and ``.attention``.

    Raises
    ------
    CheckpointError
        Names parameters that are missing, unexpected or of another shape.
    """
    if fusion not in ("self", "cross"):
        raise CheckpointError(f'fusion must be "self" or "cross", not {fusion!r}')
    tensors = _tensors(state_dict)
    names = authors_names(FusionConfig(fusion=fusion, preset="paper"))
    _check_names(tensors, set(names.values()), fusion)
    with torch.device("meta"):
        model = FusionModel(_read_config(tensors, fusion))
    state = {}
    problems = []
    for name, empty in model.state_dict().items():
        tensor = tensors[names[name]]
        if tensor.shape != empty.shape:
            problems.append(f"{names[name]} is {list(tensor.shape)}, expected {list(empty.shape)}")
        state[name] = tensor.detach().to("cpu", torch.float32, copy=True)
    if problems:
        raise CheckpointError("these weights do not fit the published architecture: " + "; ".join(problems))
    model.load_state_dict(state, assign=True)
    return model.eval()


def authors_names(config: FusionConfig) -> dict[str, str]:
    """The authors' name of every parameter of a paper-preset model, by the name it has here.

    Examples
    --------
    >>> authors_names(FusionConfig(fusion="cross", preset="paper"))["attention.text_from_video.in_proj_bias"]
    'mha_v_t.in_proj_bias'
    """
    with torch.device("meta"):
        ours = FusionModel(config).state_dict()
    prefixes = {"concat_linear.": "concat_linear.", "classifier.": "classifier."}
    for name in config.modalities:
        prefixes[f"encoders.{name}.gru."] = f"{name}_encoder."
        prefixes[f"encoders.{name}.conv."] = f"{name}_conv."
    for target, source in config.blocks:
        letters = target[0] if target == source else f"{source[0]}_{target[0]}"
        prefixes[f"attention.{block_name(target, source)}."] = f"mha_{letters}."
    names = {}
    for key in ours:
        prefix = next(one for one in prefixes if key.startswith(one))
        names[key] = prefixes[prefix] + key.removeprefix(prefix)
    return names


def _tensors(state_dict: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The entries without the DataParallel prefix; refuses what is no floating-point tensor."""
    if not isinstance(state_dict, Mapping):
        raise CheckpointError(f"a state dict maps names to tensors; this is a {type(state_dict).__name__}")
    tensors = {}
    for name, value in state_dict.items():
        if not (isinstance(name, str) and isinstance(value, Tensor) and value.is_floating_point()):
            raise CheckpointError(
                f"a state dict maps names to floating-point tensors, but {name!r} is a {type(value).__name__}; "
                'if the file holds more than weights, pass the part that does, such as file["state_dict"]'
            )
        tensors[name.removeprefix(_MODULE_PREFIX)] = value
    return tensors


def _check_names(found: Mapping[str, Tensor], expected: set[str], fusion: str) -> None:
    missing, unexpected = sorted(expected - set(found)), sorted(set(found) - expected)
    problems = []
    if missing:
        problems.append("missing: " + ", ".join(missing))
    if unexpected:
        problems.append("unexpected: " + ", ".join(unexpected))
    if problems:
        raise CheckpointError(
            f"these are not the weights of the authors' {fusion}-attention model; " + "; ".join(problems)
        )


def _read_config(tensors: Mapping[str, Tensor], fusion: Fusion) -> FusionConfig:
    """Read sizes off the shapes of tensors whose names are already checked."""
    sizes = {f"{name}_encoder.weight_ih_l0": 2 for name in MODALITIES}
    sizes |= {"text_encoder.weight_hh_l0": 2, "classifier.bias": 1}
    for name, dimensions in sizes.items():
        if tensors[name].ndim != dimensions or 0 in tensors[name].shape:
            raise CheckpointError(
                f"{name} is {list(tensors[name].shape)}, expected {dimensions} dimensions, none of them empty"
            )
    config = FusionConfig(
        fusion=fusion,
        preset="paper",
        dims={name: tensors[f"{name}_encoder.weight_ih_l0"].shape[1] for name in MODALITIES},
        hidden=tensors["text_encoder.weight_hh_l0"].shape[1],
        classes=tensors["classifier.bias"].shape[0],
    )
    if 2 * config.hidden % config.heads:
        raise CheckpointError(
            f"the published model has {config.heads} heads, which do not divide the {2 * config.hidden} dimensions of "
            "text_encoder.weight_hh_l0"
        )
    return config
