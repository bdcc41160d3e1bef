"""Checkpoints: NAME.safetensors holds the weights, NAME.json everything else. Nothing is ever unpickled.

The JSON file holds a checksum of the weights, so that two files which do not belong together are noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import torch
from torch import Tensor

from engine.errors import AssetError, CheckpointError
from engine.files import write_atomically
from engine.models.authors import from_authors_state_dict
from engine.models.card import (
    MFCC_SETTINGS,
    CheckpointCard,
    Standardisation,
    check_features,
    from_json,
    to_json,
)
from engine.models.fusion import FusionModel
from engine.version import __version__

__all__ = [
    "MFCC_SETTINGS",
    "CheckpointCard",
    "Standardisation",
    "check_features",
    "checkpoint_bytes",
    "checkpoint_paths",
    "from_authors_state_dict",
    "load_checkpoint",
    "save_checkpoint",
    "software_versions",
    "weights_sha256",
]

_MAX_JSON_BYTES = 1 << 20


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
    weights_path, json_path = checkpoint_paths(path)
    if not weights_path.exists() and not json_path.exists():
        raise AssetError(
            f"there is no checkpoint {json_path.with_suffix('')}: expected {json_path.name} and "
            f"{weights_path.name} in {json_path.parent}"
        )
    try:
        config, card, checksum = from_json(_read_json(json_path))
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(json_path, error) from error
    with torch.device("meta"):  # shapes without memory, and without touching the random state
        model = FusionModel(config)
    try:
        state = _read_weights(weights_path, model.state_dict())
    except (OSError, ValueError) as error:
        raise _damaged(weights_path, error) from error
    model.load_state_dict(state, assign=True)
    if weights_sha256(model) != checksum:
        raise CheckpointError(
            f"{weights_path} does not hold the weights that {json_path.name} describes: it is damaged, or the two "
            "files come from different trainings. Copy both files again."
        )
    return model.eval(), card


def checkpoint_paths(path: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Paths of the weights and of the JSON file of a checkpoint.

    Examples
    --------
    >>> [one.name for one in checkpoint_paths("models/self")]
    ['self.safetensors', 'self.json']
    """
    path = Path(path)
    stem = path.stem if path.suffix in (".json", ".safetensors") else path.name
    return path.with_name(f"{stem}.safetensors"), path.with_name(f"{stem}.json")


def weights_sha256(model: torch.nn.Module) -> str:
    """Checksum over names, shapes and values of all weights, independent of any file format."""
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(f"{name} {value.dtype} {list(value.shape)}\n".encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _read_json(path: Path) -> object:
    with path.open("rb") as file:
        data = file.read(_MAX_JSON_BYTES + 1)
    if len(data) > _MAX_JSON_BYTES:
        raise ValueError(f"it is larger than {_MAX_JSON_BYTES // 1024} KiB, so it is no checkpoint's card")
    return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not a number that JSON can hold")


def _read_weights(path: Path, expected: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors of a safetensors file; names, shapes and types are compared before anything is loaded."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            found = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
            problems = [f"{name} is missing" for name in expected if name not in found]
            problems += [f"{name} is unexpected" for name in found if name not in expected]
            for name in expected.keys() & found.keys():
                shape, dtype = list(found[name].get_shape()), found[name].get_dtype()
                if shape != list(expected[name].shape) or dtype != "F32":
                    problems.append(f"{name} is {dtype} {shape}, expected F32 {list(expected[name].shape)}")
            if problems:
                rest = f" and {len(problems) - 8} more" if len(problems) > 8 else ""
                raise ValueError("; ".join(sorted(problems)[:8]) + rest)
            state = {name: file.get_tensor(name).clone() for name in expected}
    except SafetensorError as error:
        raise ValueError(f"not a complete safetensors file ({error})") from error
    for name, value in state.items():
        if not bool(value.isfinite().all()):
            raise ValueError(f"{name} holds values that are not finite")
    return state


def _damaged(path: Path, error: BaseException) -> CheckpointError:
    what = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be used: {error}"
    return CheckpointError(f"{path} {what}. Copy the checkpoint's two files again, or train it anew.")


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
