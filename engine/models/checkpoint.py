"""Checkpoints from and to models: NAME.safetensors and NAME.json; see `engine.models.stored`."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import torch

from engine.errors import CheckpointError
from engine.files import write_atomically
from engine.models.card import CheckpointCard, from_json, to_json
from engine.models.fusion import FusionModel
from engine.models.stored import Stored, checkpoint_paths, read_checkpoint
from engine.models.weights import arrays_sha256
from engine.version import __version__


def save_checkpoint(folder: str | os.PathLike[str], name: str, model: FusionModel, card: CheckpointCard) -> Path:
    """Write NAME.safetensors and NAME.json into a folder, which is made if needed.

    Each file appears complete or not at all. The card is checked against the model first.

    Returns
    -------
    Path
        Of NAME.json.

    Raises
    ------
    CheckpointError
        When the card contradicts the model, or holds what JSON cannot.
    OutputError
        When the files cannot be written.
    """
    if not name or Path(name).name != name:
        raise CheckpointError(f"a checkpoint's name is a plain file name without a folder, not {name!r}")
    try:
        weights, about = checkpoint_bytes(model, card)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"the card of checkpoint {name!r} cannot be saved: {error}") from error
    weights_path, json_path = checkpoint_paths(Path(folder) / name)
    write_atomically(weights_path, lambda path: path.write_bytes(weights))
    write_atomically(json_path, lambda path: path.write_bytes(about))
    return json_path


def checkpoint_bytes(model: FusionModel, card: CheckpointCard) -> tuple[bytes, bytes]:
    """Content of NAME.safetensors and of NAME.json.

    Raises
    ------
    ValueError, TypeError
        When the card contradicts the model, or holds what JSON cannot.
    """
    from safetensors.torch import save

    state = {key: value.detach().cpu().contiguous() for key, value in model.state_dict().items()}
    card = replace(card, versions={**software_versions(), **card.versions})
    content = to_json(model.config, card, weights_sha256(model))
    text = json.dumps(content, indent=2, allow_nan=False, default=_plain) + "\n"
    from_json(json.loads(text))
    return save(state), text.encode()


def load_checkpoint(path: str | os.PathLike[str]) -> tuple[FusionModel, CheckpointCard]:
    """Read a checkpoint.

    Parameters
    ----------
    path : NAME.json, NAME.safetensors, or NAME without an ending.

    Returns
    -------
    model, card
        The model on the CPU in evaluation mode.

    Raises
    ------
    AssetError
        When there is no such checkpoint.
    CheckpointError
        When one of the files is missing, unreadable, damaged, or does not belong to the other.
    """
    stored = read_checkpoint(path)
    return build_model(stored), stored.card


def build_model(stored: Stored) -> FusionModel:
    """The model of a checkpoint that has been read, on the CPU in evaluation mode."""
    with torch.random.fork_rng(devices=()):  # initial weights are drawn, and replaced
        model = FusionModel(stored.config)
    model.load_state_dict({name: torch.tensor(value) for name, value in stored.weights.items()})
    return model.eval()


def weights_sha256(model: torch.nn.Module) -> str:
    """Checksum over names, shapes and values of all weights, independent of any file format."""
    return arrays_sha256((name, value.detach().cpu().numpy()) for name, value in model.state_dict().items())


def software_versions() -> dict[str, str]:
    """Versions of what makes a checkpoint."""
    return {
        "attune": __version__,  # not of its metadata, which a checkout that is not installed lacks
        "python": platform.python_version(),
        "safetensors": metadata.version("safetensors"),
        "torch": str(torch.__version__),
    }


def _plain(value: object) -> object:
    """Numbers and arrays of numpy and torch as plain Python."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")
