"""Columns and tables: both the exported cells and the dictionary of the columns are made from them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

Cell: TypeAlias = str | int | float | bool | None
"""A value, None where there is none."""

Kind = Literal["time", "probability", "confidence", "number", "flag", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : its heading.
    kind : what its cells are.
    values : which there are, where it is not all of the kind.
    meaning : for the reader of the table, also what an empty cell means.
    value : takes the cell from a row's object.
    """

    name: str
    kind: Kind
    meaning: str
    value: Callable[[Any], Cell]
    values: str = ""

    @property
    def type(self) -> str:
        """Type of its values in Parquet."""
        return _TYPES[self.kind]

    @property
    def unit(self) -> str:
        """Unit of its values, "" where they have none."""
        return "s" if self.kind == "time" else ""

    @property
    def range(self) -> str:
        """Which values there are."""
        return self.values or _RANGES[self.kind]


_TYPES = {
    "time": "float64",
    "probability": "float32",
    "confidence": "float32",
    "number": "int32",
    "flag": "bool",
    "text": "string",
}
_RANGES = {
    "time": "0 or more",
    "probability": "0 to 1",
    "confidence": "0 to 1",
    "number": "0, 1, 2, ...",
    "flag": "1 or 0 in CSV, else true or false",
    "text": "any text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table to export.

    Attributes
    ----------
    name : of its files, without an ending.
    row_type : what a row is called in JSON lines.
    meaning : what a row stands for.
    columns : in order.
    items : an object for each row.
    """

    name: str
    row_type: str
    meaning: str
    columns: tuple[Column, ...]
    items: Sequence[Any]

    def rows(self) -> Iterator[list[Cell]]:
        """The cells of each row, in the order of the columns; numbers that are not finite are None."""
        for item in self.items:
            yield [_finite(column.value(item)) for column in self.columns]


def unique(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns with different names: a class that is called as another column gets a ``_`` behind its name."""
    found: dict[str, Column] = {}
    for one in columns:
        name = one.name
        while name in found:
            name += "_"
        found[name] = replace(one, name=name)
    return tuple(found.values())


def _finite(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
