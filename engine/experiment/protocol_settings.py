"""The protocol of a cell: what its plan says, else what its preset does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from engine.config import MODALITIES
from engine.errors import DataError
from engine.experiment.cell import Cell
from engine.experiment.plan import Plan
from engine.experiment.toml_table import closest


def protocol_settings(plan: Plan, cell: Cell) -> dict[str, object]:
    """Every setting of the protocol for a cell: those of the plan, else those of the cell's preset.

    Raises
    ------
    DataError
        When the plan names a setting that there is not, or gives one that cannot be.
    """
    make = _joined_settings if plan.data.layout == "joined" else _fold_settings
    defaults = make(cell, {})
    for key, value in plan.protocol.items():
        if key not in defaults:
            raise DataError(f"plan {plan.name}: protocol.{key} is not known: {closest(key, list(defaults))}")
        if not _same_kind(value, defaults[key]):
            wanted = f"{type(defaults[key]).__name__}, such as {_plain(defaults[key])}"
            raise DataError(f"plan {plan.name}: protocol.{key} must be of the kind {wanted}, found {_plain(value)}")
    try:
        return make(cell, plan.protocol)
    except ValueError as error:
        raise DataError(f"plan {plan.name}, cell {cell.name}: {error}") from error


def _fold_settings(cell: Cell, changes: Mapping[str, object]) -> dict[str, object]:
    from engine.training.protocol import Protocol

    return asdict(Protocol.of(cell.preset, **changes))


def _joined_settings(cell: Cell, changes: Mapping[str, object]) -> dict[str, object]:
    from engine.training.joined import JoinedSettings

    if cell.preset != "temporal" or cell.modalities != MODALITIES or cell.pooling != "statistical":
        raise ValueError("joined corpora train models of all modalities, with preset temporal and statistical pooling")
    return asdict(JoinedSettings(**changes))  # type: ignore[arg-type]


def _same_kind(value: object, default: object) -> bool:
    if isinstance(default, float):
        return type(value) in (int, float)
    return type(value) is type(default)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)
