"""Puts what ``attune bench --json`` wrote into the documentation.

    attune bench --json docs/performance/bench.json
    python -m benchmarks.figures docs/performance/bench.json docs/performance.md

Replaces what is between the marks "figures" of the page by tables of all stages, with the machine and the versions.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from demo.cli.bench_table import bar_text, duration, figure
from engine.bench.record import BUSY_SHARE, FORMAT
from engine.bench.rows import Bar
from engine.files import write_atomically
from engine.machine import Machine

_MARKS = re.compile(r"(<!-- figures -->\n).*(<!-- end of figures -->)", re.DOTALL)
_SHOWN = ("python", "numpy", "onnxruntime", "torch", "torchvision", "facenet-pytorch", "librosa", "ctranslate2")


def render(record: dict[str, Any]) -> str:
    """All stages as Markdown."""
    if record.get("format") != FORMAT:
        raise SystemExit("this is not what `attune bench --json` writes")
    machine = Machine(**record["machine"] | {"graphics": tuple(record["machine"]["graphics"])})
    versions = ", ".join(f"{name} {record['versions'][name]}" for name in _SHOWN if name in record["versions"])
    parts = [f"{machine.title}. Measured {record['written'][:10]} with {versions}.\n"]
    return "\n".join([*parts, *(_stage(one) for one in record["stages"])])


def _stage(stage: dict[str, Any]) -> str:
    lines = [
        f"### `attune bench {stage['name']}`: {stage['about']}\n",
        "| what | p50 | p95 | p99 | processor | baseline | ratio | by processor | bar |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_row(row) for row in stage["rows"]),
        "",
    ]
    against = [f"against {row['against']}" for row in stage["rows"] if row["against"]]
    notes = [*against, *(note for row in stage["rows"] for note in row["notes"])]
    share = stage["others_share"]
    if share is not None and share > BUSY_SHARE:
        notes.append(f"other processes had {share:.0%} of the processor time: trust only the ratios by processor time")
    if stage["error"]:
        notes.append(f"not finished: {stage['error']}")
    lines += [f"{'; '.join(dict.fromkeys(notes)).rstrip('.')}.\n"] if notes else []
    return "\n".join(lines)


def _row(row: dict[str, Any]) -> str:
    ours, baseline = row["ours"], row["baseline"]
    if ours is None:
        figures = [figure(row["value"], row["unit"]), "", "", "", "", "", ""]
    else:
        processor = ours["processor_mean_s"]
        figures = [
            duration(ours["p50_s"]),
            *(duration(ours[name]) if ours["count"] > 1 else "" for name in ("p95_s", "p99_s")),
            "" if processor is None else duration(processor),
            "" if baseline is None else duration(baseline[f"{row['ratio_of']}_s"]),
            "" if row["ratio"] is None else f"**{row['ratio']:.1f}x**",
            "" if row["processor_ratio"] is None else f"{row['processor_ratio']:.1f}x",
        ]
    bar = (
        ""
        if row["bar"] is None
        else f"{bar_text(Bar(**row['bar']), row['unit'])}: {'met' if row['met'] else 'not met'}"
    )
    return f"| {' | '.join([row['what'], *figures, bar])} |"


def main() -> None:
    """Rewrite the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("record", type=Path, help="JSON of attune bench")
    parser.add_argument("page", type=Path, help="Markdown with the marks")
    chosen = parser.parse_args()
    tables = render(json.loads(chosen.record.read_text(encoding="utf-8")))
    page = chosen.page.read_text(encoding="utf-8")
    if not _MARKS.search(page):
        raise SystemExit(f"{chosen.page} lacks the marks <!-- figures --> and <!-- end of figures -->")
    text = _MARKS.sub(lambda found: f"{found[1]}{tables}{found[2]}", page)
    write_atomically(chosen.page, lambda draft: draft.write_text(text, encoding="utf-8"))


if __name__ == "__main__":
    main()
