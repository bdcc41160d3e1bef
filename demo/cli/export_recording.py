"""``attune export SESSION|FILE``: what was found, in the formats of other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from demo.cli.faults import require_whole, tell_faults
from demo.cli.inputs import one_recording
from demo.cli.progress import progress_bar
from engine.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.config import SessionConfig
    from engine.export.findings import Findings
    from engine.export.formats import Format


def export_recording(place: Path | None, sample: bool, to: str, out: Path | None, config: SessionConfig) -> None:
    """Write a session or a recording in some formats, and say what was written.

    Parameters
    ----------
    place : folder of a session, or a recording.
    sample : the sample instead.
    to : names of formats, with commas between.
    out : folder for the files.
    config : settings for the analysis of a recording.

    Raises
    ------
    typer.BadParameter
        When there is no such format, or neither or both of place and sample are given.
    DataError
        When a folder holds no session.
    SourceError
        When a recording cannot be read.
    OutputError
        When the files cannot be written.
    typer.Exit
        With status 1, after everything is written, when a part of the analysis failed for good.
    """
    from engine.export.formats import chosen_formats
    from engine.export.write import write_export

    try:
        formats = chosen_formats(to.split(","))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--to") from None
    source = one_recording(place, sample)
    folder = out.expanduser() if out is not None else _beside(source, sample)
    stem = source.absolute().name if source.is_dir() else source.stem
    heard: list[str] = []
    with _bar() as show:
        found = _session(source, formats) if source.is_dir() else _analysed(source, config, show)
        written = write_export(
            found, formats, folder, stem, lambda name, share: show(f"writing {name}", share), heard.append
        )
    _tell(found, folder, written)
    _note(heard)
    tell_faults(found.faults, lambda line: typer.echo(line, err=True))
    if not source.is_dir():  # those of a session are of the time when it was recorded
        require_whole(found.faults)


def _beside(source: Path, sample: bool) -> Path:
    """NAME-export in the folder of the source; where the user is for the sample, which lies within the program."""
    if sample:
        return Path("sample-export")
    return source.absolute().with_name(f"{source.absolute().name if source.is_dir() else source.stem}-export")


def _session(folder: Path, formats: Sequence[Format]) -> Findings:
    from engine.export.recorded import of_session
    from engine.saved.folder import is_session
    from engine.saved.session import SavedSession

    if not is_session(folder):
        raise DataError(
            f"{folder} is a folder, but holds no recorded session: name a recording in it, or the folder of a session "
            "that was recorded with `attune live --record`"
        )
    session = SavedSession.open(folder)
    _note(session.notes)
    return of_session(session, faces=any(one.name == "mp4" for one in formats))


def _analysed(path: Path, config: SessionConfig, show: Callable[[str, float], None]) -> Findings:
    from demo.cli.loading import loaded
    from engine.export.analysed import analysed

    with loaded(config) as components:
        return analysed(path, components, config, lambda share: show("analysing", share))


def _tell(found: Findings, folder: Path, written: Sequence[Path]) -> None:
    typer.echo(f"{folder}: {', '.join(path.name for path in written)}")
    if not found.predictions:
        _note(["there is no prediction: nothing was seen or heard, or models and recording have nothing in common"])
    if not found.recognizer:
        _note(["there are no words: no speech recogniser ran"])


def _note(sentences: Iterable[str]) -> None:
    for one in sentences:
        typer.echo(f"note: {one}", err=True)


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    """What shows which task is done to which share."""
    with progress_bar() as bar:
        task = bar.add_task("", total=1.0, visible=False)
        shown = ""

        def show(name: str, share: float) -> None:
            nonlocal shown
            if name != shown:
                shown = name
                bar.reset(task, description=name, visible=True)  # else the time left would be that of what came before
            bar.update(task, completed=share)

        yield show
