"""``attune experiment publish``: the best models of an experiment, for use."""

from __future__ import annotations

from pathlib import Path

import typer

from engine.experiment.publish import publish


def publish_models(folder: Path, out: Path, cells: tuple[str, ...] = ()) -> None:
    """Write the best run of each cell to ``out``, and say which they are."""
    folder, out = folder.expanduser(), out.expanduser()
    for one in publish(folder, out, cells):
        split, scores = ("dev", one.run.dev) if one.run.test is None else ("test", one.run.test)
        typer.echo(
            f"{one.name}: {one.cell}, {one.run.fold}, seed {one.run.seed}: accuracy (paper: UWA) "
            f"{scores.accuracy:.3f}, balanced accuracy (paper: WA) {scores.balanced_accuracy:.3f} on {split}, "
            f"n = {scores.n}"
        )
    typer.echo(f"the models and their model cards are in {out}; try them with --models {out}")
