"""One cell of an experiment's table: a model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from engine.config import FUSIONS, MODALITIES, Fusion, Modality
from engine.experiment.toml_table import TomlTable

if TYPE_CHECKING:
    from engine.models.fusion import FusionConfig

C = TypeVar("C", bound=str)

RUNS = "runs"
"""Folder of all runs, in that of the experiment."""

CELL_KEYS = ("name", "table", "fusion", "modalities", "pooling", "preset", "published")
"""What a cell of a plan may state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Figures that a paper states for a cell, in per cent."""

    balanced_accuracy: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of the table: a model.

    Attributes
    ----------
    name : what it is called in tables and folders; no two cells share it.
    fusion, modalities, pooling, preset : as in `engine.models.fusion.FusionConfig`.
    table : number of the paper's table it stands in, None for neither.
    published : the figures to stand beside, None where there are none.
    """

    name: str
    fusion: Fusion
    modalities: tuple[Modality, ...]
    pooling: Literal["statistical", "concatenate"] = "statistical"
    preset: Literal["paper", "temporal"] = "paper"
    table: int | None = None
    published: Published | None = None

    @property
    def slug(self) -> str:
        """Name of its folder."""
        return slug(self.name)

    @property
    def model(self) -> dict[str, object]:
        """What fixes its results: everything but names and published figures."""
        return {
            "fusion": self.fusion,
            "modalities": list(self.modalities),
            "pooling": self.pooling,
            "preset": self.preset,
        }

    def config(self, dims: Mapping[str, int], classes: int) -> FusionConfig:
        """Shape of its model on data with these features per frame and so many classes.

        Raises
        ------
        KeyError
            When the data lack one of its modalities.
        """
        from engine.models.fusion import FusionConfig

        return FusionConfig(
            fusion=self.fusion,
            pooling=self.pooling,
            preset=self.preset,
            modalities=self.modalities,
            dims={name: dims[name] for name in self.modalities},
            classes=classes,
        )


def run_folder(cell: Cell, fold: str, seed: int) -> Path:
    """Folder of a run, below that of the experiment."""
    return Path(RUNS, cell.slug, f"{slug(fold)}-seed{seed:02d}")


def slug(name: str) -> str:
    """A name as a folder may have it, on every system.

    Examples
    --------
    >>> slug("self A+V+T"), slug("Cross+Self")
    ('self-a-v-t', 'cross-self')
    """
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def read_cell(table: TomlTable) -> Cell:
    """A cell from its table in a plan.

    Raises
    ------
    ValueError
        When a value is not as expected.
    """
    names = table.names("modalities", len(MODALITIES))
    if not set(names) <= set(MODALITIES):
        raise table.wrong("modalities", f"a list of {', '.join(MODALITIES)}")
    cell = Cell(
        name=table.text("name"),
        fusion=cast(Fusion, table.choice("fusion", FUSIONS)),
        modalities=cast(tuple[Modality, ...], tuple(one for one in MODALITIES if one in names)),
        pooling=_choice(table, "pooling", ("statistical", "concatenate")),
        preset=_choice(table, "preset", ("paper", "temporal")),
        table=table.whole("table", 1, 99) if "table" in table else None,
        published=_published(table) if "published" in table else None,
    )
    if not 1 <= len(cell.slug) <= 80:
        raise table.wrong("name", "a name with letters or digits, of at most 80 characters")
    if cell.fusion != "self" and len(names) < 2:
        raise ValueError(f"{table.name('fusion')} is {cell.fusion}, which needs at least two modalities")
    return cell


def _published(table: TomlTable) -> Published:
    """Per cent: a share such as 0.587 is refused, since it would stand there as 0.6."""
    figures = table.inner("published", ("balanced_accuracy", "accuracy"))
    return Published(
        balanced_accuracy=figures.number("balanced_accuracy", 1, 100), accuracy=figures.number("accuracy", 1, 100)
    )


def _choice(table: TomlTable, key: str, options: tuple[C, ...]) -> C:
    """One of the options; the first where the key is left out."""
    return cast(C, table.choice(key, options)) if key in table else options[0]
