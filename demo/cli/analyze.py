"""``attune analyze``: tables and a picture for each recording."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from demo.cli.guard import FAILED, complain, debugging, unexpected
from demo.cli.loading import loaded
from demo.cli.progress import progress_bar
from engine.errors import AttuneError
from engine.files import make_folder

if TYPE_CHECKING:
    from engine.analysis.recording import Analysis
    from engine.components import Components
    from engine.config import SessionConfig


def analyze_recordings(files: Sequence[Path], out: Path, config: SessionConfig) -> None:
    """Analyse every recording into a folder of its own below ``out``.

    Raises
    ------
    OutputError
        When ``out`` cannot be made.
    typer.Exit
        With status 1 when a recording failed, after the others are done.
    """
    make_folder(out)
    failed = 0
    with loaded(config) as components, progress_bar() as bar:
        for file, folder in zip(files, result_folders(files, out), strict=True):
            task = bar.add_task(file.name, total=None)
            try:
                line = _analyze(file, folder, components, config, _advance(bar.update, task))
                bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
            except Exception as error:
                if debugging():
                    raise
                failed += 1
                bar.update(task, description=f"{file.name} (failed)")
                bar.stop_task(task)
                complain(_reason(file, error), bar.console)
    if failed:
        if len(files) > 1:
            complain(f"{failed} of {len(files)} recordings could not be analysed")
        raise typer.Exit(FAILED)


def result_folders(files: Sequence[Path], out: Path) -> list[Path]:
    """A folder below ``out`` for each file: its stem, numbered where several files share one.

    >>> [one.name for one in result_folders([Path("a/x.mp4"), Path("b/x.wav"), Path("y.mp4")], Path("out"))]
    ['x', 'x-2', 'y']
    """
    stems = {file.stem.casefold() for file in files}
    taken: set[str] = set()
    folders = []
    for file in files:
        name, count = file.stem, 1
        while name.casefold() in taken or (count > 1 and name.casefold() in stems):
            count += 1
            name = f"{file.stem}-{count}"
        taken.add(name.casefold())
        folders.append(out / name)
    return folders


def _advance(update: Callable[..., None], task: object) -> Callable[[float], None]:
    return lambda share: update(task, total=1.0, completed=share)


def _analyze(
    file: Path, folder: Path, components: Components, config: SessionConfig, advance: Callable[[float], None]
) -> str:
    from engine.analysis.recording import analyze_source, write_analysis
    from engine.sources.media_file import MediaFile

    with MediaFile(file, frame_hz=config.track_hz) as source:
        length_s = source.info.duration_s or 0.0
        progress = (lambda pts_s: advance(min(pts_s / length_s, 1.0))) if length_s else (lambda pts_s: None)
        done = analyze_source(source, components, config, progress)
    write_analysis(done, folder)
    advance(1.0)
    return _line(file, folder, done)


def _line(file: Path, folder: Path, done: Analysis) -> str:
    from engine.analysis.recording import shares

    timeline = done.timeline
    emotions = sorted(shares(timeline.predictions, done.labels).items(), key=lambda one: -one[1])[:2]
    mostly = ", ".join(f"{name} {share:.0%}" for name, share in emotions if share) or "too short for a prediction"
    pace = f"{done.duration_s / done.elapsed_s:.1f}x real time" if done.elapsed_s else ""
    notes = "".join(f"\n  note: {one}" for one in done.notes)
    return f"{file.name}: {done.duration_s:.1f} s, {len(timeline.words)} words, {mostly} -> {folder} ({pace}){notes}"


def _reason(file: Path, error: Exception) -> str:
    text = str(error) if isinstance(error, AttuneError) else unexpected(error)
    return text if str(file) in text else f"{file}: {text}"
