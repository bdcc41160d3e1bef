"""Writing the report of an experiment into its folder."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from engine.experiment.report.content import evaluate
from engine.experiment.report.csv_tables import as_csv, cell_rows, cost_table, run_rows
from engine.experiment.report.load import load_results
from engine.experiment.report.markdown import render_markdown
from engine.experiment.report.page import render_page
from engine.files import write_atomically

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiles:
    """Where the report is.

    Attributes
    ----------
    page : HTML, whole in itself.
    markdown : the same in plain text.
    table, runs, cost : CSV, a row for each cell, each run, each cell and device.
    done, expected : how many runs of the plan it is made from.
    verdict : the paragraph under the title.
    """

    page: Path
    markdown: Path
    table: Path
    runs: Path
    cost: Path
    done: int
    expected: int
    verdict: str


def write_report(folder: Path, out: Path | None = None) -> ReportFiles:
    """Evaluate the runs of an experiment that are done and write the report.

    The same records give the same bytes. A run that finishes meanwhile is in the report or not.

    Parameters
    ----------
    folder : of an experiment, as `attune experiment run` fills it
    out : folder for the report; None for the same one

    Raises
    ------
    DataError
        When the folder holds no experiment, or records that cannot stand together.
    OutputError
        When a file cannot be written; older ones are then as they were.
    """
    content = evaluate(load_results(folder))
    results, place = content.results, folder if out is None else out
    files = ReportFiles(
        page=place / "report.html",
        markdown=place / "report.md",
        table=place / "table.csv",
        runs=place / "runs.csv",
        cost=place / "cost.csv",
        done=len(results.runs),
        expected=results.expected,
        verdict=content.verdict,
    )
    texts = {
        files.table: as_csv(cell_rows(results)),
        files.runs: as_csv(run_rows(results)),
        files.cost: as_csv(cost_table(content)),
        files.markdown: render_markdown(content),
        files.page: render_page(content),
    }
    for path, text in texts.items():
        write_atomically(path, lambda draft, text=text: draft.write_bytes(text.encode("utf-8")))  # type: ignore[misc]
    log.info("report of %d of %d runs in %s", files.done, files.expected, files.page)
    return files
