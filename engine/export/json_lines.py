"""All tables in one file of JSON lines: an object a line, whose ``type`` says what it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.export.columns import Cell, Kind, Table
from engine.export.findings import Findings
from engine.export.heading import heading


def write_json_lines(path: Path, findings: Findings, tables: Sequence[Table]) -> None:
    """Write a line on the recording, then a line for each row of each table; cells without a value are null.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_line({"type": "recording"} | heading(findings)))
        for table in tables:
            for row in table.rows():
                cells = zip(table.columns, row, strict=True)
                file.write(_line({"type": table.row_type} | {one.name: _exact(cell, one.kind) for one, cell in cells}))


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n"


def _exact(cell: Cell, kind: Kind) -> Cell:
    """The shortest number that is the same as a 32-bit float where the cell was one."""
    if kind in ("probability", "confidence") and isinstance(cell, float):
        return float(str(np.float32(cell)))
    return cell
