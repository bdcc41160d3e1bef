"""Tables as CSV (RFC 4180) in UTF-8, safe to open in a spreadsheet program."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from engine.export.columns import Cell, Column, Table

_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet program may take for a formula, also in the wide letters of East Asian scripts."""


def write_csv_table(path: Path, table: Table) -> None:
    """Write a table with its heading; lines end with CR LF, cells without a value are empty.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([harmless(column.name) for column in table.columns])
        for row in table.rows():
            writer.writerow([_written(cell, column) for cell, column in zip(row, table.columns, strict=True)])


def harmless(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet program would calculate it; see `original`.

    >>> harmless("=1+1"), harmless("'cause"), harmless("'=1")
    ("'=1+1", "'cause", "''=1")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """The text that `harmless` was given.

    >>> [original(harmless(text)) for text in ("=1", "'=1", "'cause", "-")]
    ['=1', "'=1", "'cause", '-']
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _written(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.{_DECIMALS[column.kind]}f}"
    return harmless(cell) if isinstance(cell, str) else str(cell)


_DECIMALS = {"time": 3, "probability": 6, "confidence": 4}
"""As the tables of ``attune analyze`` have them."""
