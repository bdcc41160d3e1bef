"""From an experiment to a folder of models that every command can use: the best run of each cell, with its card."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from engine.config import Fusion
from engine.errors import DataError
from engine.experiment.cell import run_folder
from engine.experiment.model_card import model_card
from engine.experiment.record import RunRecord
from engine.experiment.report.load import load_results
from engine.experiment.report.results import CellResults, Results
from engine.experiment.store import CARD
from engine.experiment.toml_table import closest
from engine.files import make_folder, write_atomically
from engine.models.checkpoint import load_checkpoint, save_checkpoint
from engine.models.onnx_export import export_onnx
from engine.training.joined import merit
from engine.training.model_card import DATA


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedModel:
    """A model that was written: its name in the folder, the cell, and the run it comes from."""

    name: Fusion
    cell: str
    run: RunRecord


def publish(folder: Path, out: Path, cells: Collection[str] = ()) -> tuple[PublishedModel, ...]:
    """Write the best run on dev of each cell as NAME.safetensors, NAME.json, NAME.onnx and NAME.md.

    NAME is the kind of attention, "self", "cross" or "cross+self", as `--models` looks for it.

    Parameters
    ----------
    folder : of the experiment.
    out : is made if need be.
    cells : names of cells; all where none is given.

    Raises
    ------
    DataError
        When a cell has no finished run, or two cells would have the same name.
    OutputError
        When a file cannot be written.
    """
    results = load_results(folder)
    chosen = [(one, _best(results, one)) for one in _choose(results, cells)]
    make_folder(out)
    written = []
    for cell, run in chosen:
        name = cell.cell.fusion
        model, card = load_checkpoint(folder / run_folder(cell.cell, run.fold, run.seed) / CARD)
        if results.plan.data.layout == "joined":  # the corpora of the bundle, which the window's About lists
            card = replace(card, training={**card.training, "sources": list(DATA.values())})
        text = model_card(results, cell, run, card)
        save_checkpoint(out, name, model, card)
        export_onnx(model, out / f"{name}.onnx")
        write_atomically(out / f"{name}.md", lambda draft, text=text: draft.write_text(text, encoding="utf-8"))  # type: ignore[misc]
        written.append(PublishedModel(name=name, cell=cell.cell.name, run=run))
    return tuple(written)


def _choose(results: Results, names: Collection[str]) -> list[CellResults]:
    known = {one.cell.name: one for one in results.cells}
    for name in names:
        if name not in known:
            raise DataError(f"--cells {name}: the plan has no such cell, {closest(name, list(known))}")
    chosen = [one for name, one in known.items() if not names or name in names]
    taken: dict[str, str] = {}
    for one in chosen:
        fusion, name = one.cell.fusion, one.cell.name
        if fusion in taken:
            raise DataError(
                f"{taken[fusion]} and {name} would both be written as {fusion}: choose one for each with --cells"
            )
        taken[fusion] = name
    return chosen


def _best(results: Results, cell: CellResults) -> RunRecord:
    if not cell.runs:
        raise DataError(f"no run of {cell.cell.name} is done yet: finish it with `attune experiment run`")
    if results.plan.data.layout != "joined":
        best = cell.best
        assert best is not None
        return best
    return max(
        cell.runs,
        key=lambda run: merit(
            {name: (one.accuracy, one.balanced_accuracy, one.macro_f1, one.ece) for name, one in run.trials.items()}
        ),
    )
