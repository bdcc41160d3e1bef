"""Which checkpoints run: those of a folder, or those that were named one by one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.assets import assets_folder
from engine.config import EMOTIONS, FUSIONS, Fusion, SessionConfig
from engine.errors import AssetError, CheckpointError
from engine.models.stored import Stored, checkpoint_paths, read_checkpoint

RUN_NAME = "model"
"""Name of the checkpoint in the folder of a run of an experiment."""


def load_chosen(config: SessionConfig) -> dict[Fusion, Stored]:
    """Load the checkpoints that a session asks for.

    ``config.models`` are checkpoints (NAME.json, NAME.safetensors, or NAME) or folders of runs (with model.json). Else
    those of the folder run that are named as ``config.fusions``; where these are self and cross, those of the two that
    a folder of the user's own has, and also the checkpoint "cross+self" that lies beside them, or alone.

    Raises
    ------
    AssetError
        When a checkpoint is missing.
    CheckpointError
        When one is damaged, holds another model than its name says, when two are of the same kind, or know different
        classes.
    """
    chosen = _named(config.models) if config.models else _of_folder(config)
    shared_labels(chosen)
    return chosen


def shared_labels(chosen: Mapping[Fusion, Stored]) -> tuple[str, ...]:
    """The classes that all of these models know, in the order in which they are shown.

    The bundle's seven have their own order; others are in that of the first model.

    Raises
    ------
    CheckpointError
        When they are not the same in every model.
    """
    first, *others = chosen.values()
    for one in others:
        if set(one.card.labels) != set(first.card.labels):
            raise CheckpointError(
                f"{first.path} knows the classes {', '.join(first.card.labels)}, but {one.path} knows "
                f"{', '.join(one.card.labels)}: such models do not run side by side. Choose one of them"
            )
    return EMOTIONS if set(first.card.labels) == set(EMOTIONS) else first.card.labels


def checkpoint_at(path: str | Path) -> Path:
    """NAME.json of a checkpoint, or of the one in the folder of a run.

    Raises
    ------
    AssetError
        When a folder holds no run.
    """
    place = Path(path).expanduser()
    if place.is_dir():
        inside = checkpoint_paths(place / RUN_NAME)[1]
        if not inside.is_file():
            raise AssetError(
                f"{place} holds no {inside.name}: name a checkpoint, or the folder of one run of an experiment"
            )
        return inside
    return checkpoint_paths(place.with_suffix("") if place.suffix == ".onnx" else place)[1]


def _named(paths: tuple[str, ...]) -> dict[Fusion, Stored]:
    found: dict[Fusion, Stored] = {}
    for path in paths:
        one = read_checkpoint(checkpoint_at(path))
        fusion = one.config.fusion
        if fusion in found:
            raise CheckpointError(
                f"{found[fusion].path} and {one.path} are both {fusion}-attention models: give one of each kind at most"
            )
        found[fusion] = one
    return {fusion: found[fusion] for fusion in FUSIONS if fusion in found}


def _of_folder(config: SessionConfig) -> dict[Fusion, Stored]:
    folder = assets_folder() if config.model_dir is None else Path(config.model_dir).expanduser()
    found: dict[Fusion, Stored] = {}
    own = config.model_dir is not None
    for fusion in _names(folder, tuple(dict.fromkeys(config.fusions)), own):
        one = read_checkpoint(checkpoint_paths(folder / fusion)[1])
        if one.config.fusion != fusion:
            raise CheckpointError(
                f"{one.path} must hold a {fusion}-attention model; it holds one of {one.config.fusion}-attention"
            )
        found[fusion] = one
    return found


def _names(folder: Path, wanted: tuple[Fusion, ...], own: bool) -> tuple[Fusion, ...]:
    """Names of the checkpoints of a folder that run; a folder of the user's ``own`` may lack one of self and cross."""
    if set(wanted) != {"self", "cross"}:
        return wanted
    both = checkpoint_paths(folder / "cross+self")[1].is_file()
    there = tuple(name for name in wanted if any(one.is_file() for one in checkpoint_paths(folder / name)))
    here = there if own and there else wanted if there or not both else ()
    return (*here, "cross+self") if both else here
