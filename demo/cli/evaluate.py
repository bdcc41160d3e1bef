"""``attune evaluate``: figures of merit on labelled items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from demo.cli.guard import wrong_usage
from demo.cli.loading import loaded
from demo.cli.progress import progress_bar
from engine.config import EMOTIONS, MODALITIES, Modality
from engine.files import make_folder, replacing
from engine.replaceable import require_replaceable, require_two_files

if TYPE_CHECKING:
    from engine.config import SessionConfig

_LETTERS: dict[str, Modality] = {"a": "audio", "v": "video", "t": "text"}
_FIGURES = (b'{\n  "n": ',)
_PREDICTIONS = (b"id,label,top,",)
"""What the files of the results begin with."""


def evaluate_manifest(
    manifest: Path, out: Path, config: SessionConfig, *, use: str, predictions: Path | None = None
) -> None:
    """Score the items of a manifest, write the figures and print them.

    Raises
    ------
    DataError
        When the manifest is not as expected, or none of its items can be scored.
    OutputError
        When a result cannot be written, or would take the place of something else.
    """
    modalities = parse_use(use)
    require_replaceable(out, _FIGURES)
    if predictions is not None:
        require_two_files(out, predictions, "--json and --predictions")
        require_replaceable(predictions, _PREDICTIONS)
    from engine.corpora.manifest import read_manifest

    items = read_manifest(manifest, modalities, known_labels(config))
    for path in (out, predictions):
        if path is not None:
            make_folder(path.parent)
    from engine.analysis.evaluate import predict_items, prediction_rows, report
    from engine.analysis.tables import write_csv

    results = []
    needs_tracker = any(one.video and not one.faces for one in items)
    with loaded(config, audio=False, video=needs_tracker) as components, progress_bar(counted=True) as bar:
        task = bar.add_task("evaluating", total=len(items))
        for one in predict_items(items, components, config.track_hz):
            results.append(one)
            bar.advance(task)
        models = dict(components.predictor.info)
    figures = report(results) | {"use": list(modalities), "models": models}
    with replacing(out) as path:
        path.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if predictions is not None:
        with replacing(predictions) as path:
            write_csv(path, prediction_rows(results))
    print_figures(figures)


def known_labels(config: SessionConfig) -> tuple[str, ...]:
    """The classes of the models, before anything that takes long is loaded.

    Raises
    ------
    AssetError, CheckpointError
        When a model of the user's own cannot be used.
    """
    if config.model_dir is None and not config.models:
        return EMOTIONS
    from engine.models.chosen import load_chosen, shared_labels

    return shared_labels(load_chosen(config))


def parse_use(text: str) -> tuple[Modality, ...]:
    """Modalities from their letters, in fixed order.

    >>> parse_use("t,a")
    ('audio', 'text')
    """
    letters = [one.strip().lower() for one in text.split(",") if one.strip()]
    chosen = {_LETTERS.get(one[0]) if one in _LETTERS or one in MODALITIES else None for one in letters}
    if not chosen or None in chosen:
        raise wrong_usage(f"--use takes letters of a (audio), v (video), t (text) with commas, not {text!r}")
    return tuple(one for one in _LETTERS.values() if one in chosen)


def print_figures(figures: Mapping[str, object]) -> None:
    """The main figures as a table, one row for each model."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("model")
    for heading in ("items", "accuracy (paper: UWA)", "balanced accuracy (paper: WA)", "macro F1", "ECE"):
        table.add_column(heading, justify="right")
    by_fusion = figures.get("by_fusion", {})
    mean = "mean of both" if len(by_fusion) == 2 else "mean of all"  # type: ignore[arg-type]
    rows = {mean if by_fusion else str(figures["fusion"]): figures}
    rows |= by_fusion if isinstance(by_fusion, dict) else {}
    for name, row in rows.items():
        values = (f"{row[key]:.4f}" for key in ("accuracy", "balanced_accuracy", "macro_f1", "ece"))
        table.add_row(name, str(row["n"]), *values)
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, 120)  # a log or pipe has room for whole lines
    console.print(table)
    skipped = figures["skipped"]
    if isinstance(skipped, list) and skipped:
        console.print(
            f"skipped: {len(skipped)} of {len(skipped) + int(str(figures['n']))} items; the figures say why",
            highlight=False,
        )
