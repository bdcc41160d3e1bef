"""Writes the columns in docs/export.md from their definition in engine/export.

python -m tools.export_columns            write them anew
python -m tools.export_columns --check    exit with 1 where the page is not what is exported
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.config import MODALITIES
from engine.export.dictionary import dictionary
from engine.export.findings import Findings
from engine.export.tables import tables

PAGE = Path(__file__).parents[1] / "docs" / "export.md"
BEGIN, END = "<!-- columns: made by tools/export_columns.py -->", "<!-- end of columns -->"


def columns() -> str:
    """The dictionary with MODEL and EMOTION in place of models and classes."""
    anything = Findings(
        name="",
        media=None,
        duration_s=0.0,
        step_s=0.5,
        moments=(),
        utterances=(),
        annotations=(),
        fusions=("MODEL",),  # type: ignore[arg-type]
        labels=("EMOTION",),
        modalities=MODALITIES,  # type: ignore[arg-type]
    )
    return dictionary(tables(anything)).partition("\n")[2].strip().replace("\n## ", "\n### ")


def page(now: str) -> str:
    """The page with the columns as they are."""
    before, rest = now.split(BEGIN)
    return f"{before}{BEGIN}\n\n{columns()}\n\n{END}{rest.split(END)[1]}"


def main() -> int:
    """Write the page, or check it."""
    now = PAGE.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        return int(page(now) != now)
    PAGE.write_text(page(now), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
