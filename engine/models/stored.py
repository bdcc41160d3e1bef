"""Checkpoints as they lie on the disk, read and checked without PyTorch.

NAME.safetensors holds the weights, NAME.json everything else; it holds a checksum of the weights, so that two files
which do not belong together are noticed. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import AssetError, CheckpointError
from engine.models.card import CheckpointCard, from_json
from engine.models.fusion_config import FusionConfig
from engine.models.weights import arrays_sha256, read_weights
from engine.types import FloatArray

_MAX_JSON_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stored:
    """A checkpoint that has been read: its shape, card and weights.

    Attributes
    ----------
    path : of NAME.json.
    config, card : its content.
    weights : every weight by its name in `engine.models.fusion.FusionModel`.
    checksum : of the weights.
    """

    path: Path
    config: FusionConfig
    card: CheckpointCard
    weights: Mapping[str, FloatArray]
    checksum: str

    def __repr__(self) -> str:
        return f"Stored({str(self.path)!r})"


def read_checkpoint(path: str | os.PathLike[str]) -> Stored:
    """Read a checkpoint.

    Parameters
    ----------
    path : NAME.json, NAME.safetensors, or NAME without an ending.

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
    try:
        weights = read_weights(weights_path, config)
    except (OSError, ValueError) as error:
        raise _damaged(weights_path, error) from error
    if arrays_sha256(weights.items()) != checksum:
        raise CheckpointError(
            f"{weights_path} does not hold the weights that {json_path.name} describes: it is damaged, or the two "
            "files come from different trainings. Copy both files again."
        )
    return Stored(path=json_path, config=config, card=card, weights=weights, checksum=checksum)


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


def _read_json(path: Path) -> object:
    with path.open("rb") as file:
        data = file.read(_MAX_JSON_BYTES + 1)
    if len(data) > _MAX_JSON_BYTES:
        raise ValueError(f"it is larger than {_MAX_JSON_BYTES // 1024} KiB, so it is no checkpoint's card")
    return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not a number that JSON can hold")


def _damaged(path: Path, error: BaseException) -> CheckpointError:
    what = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be used: {error}"
    return CheckpointError(f"{path} {what}. Copy the checkpoint's two files again, or train it anew.")
