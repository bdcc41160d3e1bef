"""``attune train fusion --from``: models corrected on a user's own labelled items."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from demo.cli.evaluate import parse_use
from demo.cli.options import FusionChoice
from demo.cli.progress import progress_bar
from engine.config import SessionConfig

if TYPE_CHECKING:
    from rich.progress import TaskID

    from engine.training.adapt.comparison import Comparison
    from engine.training.adapt.run import Correction

BUNDLE = "bundle"
"""Word for the models that ship."""


def correct(
    start: str,
    manifest: Path,
    out: Path,
    *,
    fusion: FusionChoice,
    use: str | None,
    epochs: int | None,
    parts: int | None,
    word_vectors: str | None,
    jobs: int | None,
    cache: Path | None,
) -> None:
    """Correct models, write them with figures and picture, and print what that brought.

    Raises
    ------
    DataError
        When the manifest is not as expected, or what can be used of it is too little.
    AssetError, CheckpointError
        When the models, or the features that they need, are not here.
    OutputError
        When a result or a feature cannot be written.
    """
    from engine.models.chosen import load_chosen
    from engine.training.adapt.recipe import AdaptationRecipe

    out = out.expanduser()
    modalities = None if use is None else parse_use(use)
    chosen = load_chosen(_models(start, fusion))
    from engine.features.word_vectors import load_word_vectors
    from engine.training.adapt.run import correct_models
    from engine.training.adapt.write import refuse_parents, write_correction

    refuse_parents(out, [one.path for one in chosen.values()])
    plain = AdaptationRecipe()
    recipe = replace(plain, epochs=epochs or plain.epochs, parts=parts or plain.parts)
    with _made(out), progress_bar(counted=True) as bar:
        tasks: dict[str, TaskID] = {}

        def told(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done, total=total)

        correction = correct_models(
            chosen,
            manifest.expanduser(),
            recipe,
            vectors=load_word_vectors(word_vectors),
            use=modalities,
            cache=None if cache is None else cache.expanduser(),
            jobs=jobs,
            on_item=lambda done, total, item, reason: told("features", done, total),
            on_epoch=lambda name, done, total: told(f"{name}: epochs", done, total),
        )
        write_correction(out, correction)
    print_correction(correction, out)


@contextmanager
def _made(out: Path) -> Iterator[None]:
    """Make a folder before what takes long; it goes again where nothing came of it."""
    from engine.files import make_folder

    there = out.exists()
    make_folder(out)
    try:
        yield
    except BaseException:
        if not there:
            with suppress(OSError):
                out.rmdir()
        raise


def _models(start: str, fusion: FusionChoice) -> SessionConfig:
    """Settings that choose the models to begin with."""
    place = Path(start).expanduser()
    if start.lower() == BUNDLE and not place.exists():
        return SessionConfig(fusions=fusion.fusions)
    from engine.models.chosen import RUN_NAME
    from engine.models.stored import checkpoint_paths

    if place.is_dir() and not checkpoint_paths(place / RUN_NAME)[1].is_file():
        return SessionConfig(fusions=fusion.fusions, model_dir=str(place))
    return SessionConfig(models=(start,))


def print_correction(correction: Correction, out: Path) -> None:
    """The figures before and after, what they rest on, and what to do next."""
    from engine.training.adapt.comparison import MEASURES
    from engine.training.adapt.report import MEASURE_NAMES, verdict
    from engine.training.adapt.write import PICTURE

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, 120)  # a log or pipe has room for whole lines
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("model", "", "before", "after", "change, 95 % between"):
        table.add_column(heading, justify="left" if heading in ("model", "") else "right")
    rows: dict[str, Comparison] = {fusion: one.comparison for fusion, one in correction.models.items()}
    if len(rows) > 1:
        rows["mean of all"] = correction.together
    for name, one in rows.items():
        for at, measure in enumerate(MEASURES):
            value = one.measures[measure]
            low, high = value.difference_ci
            between = f", {low:+.3f} and {high:+.3f}" if value.intervals else ""
            table.add_row(
                name if not at else "",
                MEASURE_NAMES[measure],
                f"{value.before:.3f}",
                f"{value.after:.3f}",
                f"{value.difference:+.3f}{between}",
            )
    console.print(table)
    for note in correction.notes:
        console.print(f"note: {note}", markup=False)
    console.print(verdict(correction.together, *correction.models.values()), markup=False)
    advice = f"To use the models: --models {out}" if correction.better else f"The models are in {out} all the same"
    console.print(f"{advice}. The picture is {out / PICTURE}", markup=False)
