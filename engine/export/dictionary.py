"""The column dictionary that goes with exported tables, made from their definition."""

from __future__ import annotations

from collections.abc import Sequence

from engine.export.columns import Table

_INTRODUCTION = """\
# Columns

Times are seconds from the beginning of the recording, to a millisecond in CSV and exact elsewhere. Probabilities are
calibrated, to six decimals in CSV and exact 32-bit floats elsewhere. An empty cell (null in JSON lines and Parquet)
means that there is no value; it never means zero.

A text cell of a CSV file that a spreadsheet program would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab
or a line end) has an apostrophe in front, also where it begins with apostrophes followed by one of these. To get the
text back, take one apostrophe away from such cells. JSON lines and Parquet have every text as it is.
"""


def dictionary(tables: Sequence[Table]) -> str:
    """The dictionary of some tables as Markdown."""
    return _INTRODUCTION + "".join(f"\n{_section(one)}" for one in tables)


def _section(table: Table) -> str:
    rows = [
        "| "
        + " | ".join(_cell(cell) for cell in (f"`{one.name}`", one.type, one.unit, one.range, one.meaning))
        + " |\n"
        for one in table.columns
    ]
    head = "| column | type | unit | range | meaning |\n|---|---|---|---|---|\n"
    return (
        f"## {table.name}\n\n{table.meaning} In JSON lines its `type` is `{table.row_type}`.\n\n{head}{''.join(rows)}"
    )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
