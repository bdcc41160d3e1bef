"""What an experiment runs: cells x folds x seeds, on which data, by which protocol."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from engine.errors import DataError
from engine.experiment.cell import CELL_KEYS, Cell, Published, read_cell, slug
from engine.experiment.toml_table import TomlTable, closest

__all__ = ["Cell", "DataPlan", "Layout", "Plan", "Published", "ReportPlan", "parse_plan", "read_plan", "slug"]

Layout = Literal["folds", "manifest", "joined"]
LAYOUTS: tuple[Layout, ...] = ("folds", "manifest", "joined")
Setting = str | int | float | bool
"""Value of a setting of the protocol."""

ALPHA = 0.05
"""Level of significance where a plan states none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPlan:
    """Which data, and what the files do not say of themselves.

    Attributes
    ----------
    layout : "folds" (the published folds of features), "manifest" (media files and their labels) or "joined" (three
        corpora joined by class).
    classes : names of the labels 0, 1, ...; empty where the data name them.
    face_encoder, vectors : what made the features of faces and words, None where the data say.
    counts : items per class over all splits of a fold; where they fit, the labels are named by them.
    """

    layout: Layout
    classes: tuple[str, ...] = ()
    face_encoder: str | None = None
    vectors: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPlan:
    """What the report tests.

    Attributes
    ----------
    alpha : level of significance.
    compare : pairs of cells to compare with two-tailed tests.
    """

    alpha: float = ALPHA
    compare: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An experiment.

    Attributes
    ----------
    name, title : for files and for headings.
    seeds : every cell is trained with each.
    folds : names of the folds to run, None for all that the data have.
    protocol : settings of `engine.training.protocol.Protocol` that differ from those of the preset.
    text : the file it was read from.
    """

    name: str
    title: str
    seeds: tuple[int, ...]
    folds: tuple[str, ...] | None
    data: DataPlan
    cells: tuple[Cell, ...]
    protocol: Mapping[str, Setting] = field(default_factory=dict)
    report: ReportPlan = field(default_factory=ReportPlan)
    text: str = field(default="", compare=False, repr=False)

    def cell(self, name: str) -> Cell:
        """The cell of this name; KeyError where there is none."""
        for one in self.cells:
            if one.name == name:
                return one
        raise KeyError(name)


def read_plan(path: Path) -> Plan:
    """Read and check a plan.

    Raises
    ------
    DataError
        When the file cannot be read, or a key or value in it is not as expected.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a mark
        return parse_plan(text)
    except OSError as error:
        raise DataError(f"cannot read the plan {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no plan: it is not text in UTF-8") from error
    except ValueError as error:  # tomllib's errors too
        raise DataError(f"{path}: {error}") from error


def parse_plan(text: str) -> Plan:
    """A plan from the text of its file.

    Raises
    ------
    ValueError
        When it is not TOML, or a key or value is not as expected.
    """
    known = ("name", "title", "seeds", "folds", "data", "protocol", "report", "cells")
    top = TomlTable(tomllib.loads(text), "", known)
    folds = None if top.value.get("folds", "all") == "all" else top.names("folds")
    cells = tuple(read_cell(one) for one in top.inners("cells", CELL_KEYS))
    names = [one.name for one in cells]
    for index, one in enumerate(cells):
        same = next((other.name for other in cells[:index] if other.slug == one.slug), None)
        if same is not None:
            raise ValueError(f"cells {same!r} and {one.name!r} would share the folder {one.slug}: rename one of them")
    return Plan(
        name=top.text("name"),
        title=top.text("title") if "title" in top else top.text("name"),
        seeds=top.wholes("seeds", 0, 2**31 - 1),
        folds=folds,
        data=_data(top.inner("data", ("layout", "classes", "face_encoder", "vectors", "counts"))),
        cells=cells,
        protocol=_protocol(top),
        report=_report(top.inner("report", ("alpha", "compare")), names),
        text=text,
    )


def _data(table: TomlTable) -> DataPlan:
    counts = table.value.get("counts", {})
    inner = table.inner("counts", list(counts) if isinstance(counts, dict) else ())
    return DataPlan(
        layout=cast(Layout, table.choice("layout", LAYOUTS)),
        classes=table.names("classes", 100) if "classes" in table else (),
        face_encoder=table.text("face_encoder") if "face_encoder" in table else None,
        vectors=table.text("vectors") if "vectors" in table else None,
        counts={name: inner.whole(name, 1, 10**9) for name in inner.value},
    )


def _protocol(top: TomlTable) -> dict[str, Setting]:
    found = top.value.get("protocol", {})
    table = top.inner("protocol", list(found) if isinstance(found, dict) else ())
    settings: dict[str, Setting] = {}
    for key, value in table.value.items():
        if not isinstance(value, str | int | float | bool):
            raise table.wrong(key, "a number, a text, true or false")
        settings[key] = value
    return settings


def _report(table: TomlTable, cells: list[str]) -> ReportPlan:
    pairs = table.value.get("compare", [])
    if not isinstance(pairs, list):
        raise table.wrong("compare", "a list of pairs of cells")
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or pair[0] == pair[1]:
            raise ValueError(f"{table.name('compare')} must be a list of pairs of different cells, found {pair}")
        for name in pair:
            if name not in cells:
                raise ValueError(
                    f"{table.name('compare')} names {name!r}, which is no cell: {closest(str(name), cells)}"
                )
    alpha = table.number("alpha", 1e-9, 0.5) if "alpha" in table else ALPHA
    return ReportPlan(alpha=alpha, compare=tuple((first, second) for first, second in pairs))
