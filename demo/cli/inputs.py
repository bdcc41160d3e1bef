"""Which recordings a command was given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

_FILE_OR_SAMPLE = "Name a recording, or use --sample for the one that comes with Attune."


def one_recording(file: Path | None, sample: bool) -> Path:
    """The one recording that was named, or the sample."""
    return recordings([file] if file else [], sample)[0]


def recordings(files: Sequence[Path], sample: bool) -> list[Path]:
    """The recordings that were named, or the sample.

    Raises
    ------
    typer.BadParameter
        When there is neither, or both.
    AssetError
        When the sample is missing.
    """
    if bool(files) == sample:
        reason = "A recording and --sample were both given: choose one." if sample else _FILE_OR_SAMPLE
        raise typer.BadParameter(reason, param_hint="FILE")
    if not sample:
        return list(files)
    from engine.assets import sample_path

    return [sample_path()]
