"""Writes the files of an export: all of them, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.errors import AttuneError, OutputError
from engine.export.findings import Findings
from engine.export.formats import Format, Job, file_names, require_writable
from engine.files import PRIVATE_FILE, PRIVATE_FOLDER, draft_name, output_error, sweep
from engine.new_folder import making_folder
from engine.replaceable import require_other_file

_SHARED_FILE = 0o666


def write_export(
    findings: Findings,
    formats: Sequence[Format],
    folder: Path,
    stem: str,
    tell: Callable[[str, float], None] = lambda name, share: None,
    note: Callable[[str], None] = lambda sentence: None,
) -> tuple[Path, ...]:
    """Write a recording in some formats.

    All files are made in a hidden folder inside ``folder`` first, and moved when every one of them is whole; files that
    were there before with their names are replaced.

    Parameters
    ----------
    findings : of the recording.
    formats : what to write.
    folder : for the files; made if need be, and for its owner alone where the recording is private.
    stem : of the names of the files; a plain name.
    tell : hears the name of a format and its share that is done.
    note : hears what the user should know of what was written, such as that the recording is damaged.

    Returns
    -------
    The files that were written.

    Raises
    ------
    OutputError
        When they cannot be written; nothing of the export is left behind then.
    """
    if Path(stem).name != stem or stem in ("", ".", ".."):
        raise OutputError(f"{stem!r} cannot be the name of a file: rename the recording")
    require_writable(findings, formats)
    names = file_names(formats, stem)
    with making_folder(folder, private=findings.private):
        _require_replaceable(folder, names, findings.media)
        try:
            with _draft(folder) as draft:
                for one in formats:
                    tell(one.name, 0.0)
                    job = Job(
                        findings=findings, stem=stem, draft=draft, folder=folder, tell=_teller(tell, one), note=note
                    )
                    one.write(job)
                    tell(one.name, 1.0)
                _move(draft, folder, names, private=findings.private)
        except AttuneError:
            raise
        except OSError as error:
            raise output_error(folder, error) from error
    return tuple(folder / name for name in names)


def _teller(tell: Callable[[str, float], None], one: Format) -> Callable[[float], None]:
    return lambda share: tell(one.name, share)


def _require_replaceable(folder: Path, names: Sequence[str], media: Path | None) -> None:
    for name in names:
        path = folder / name
        if path.is_dir():
            raise OutputError(f"{path} is a folder: move it away, or choose another place with --out")
        if media is not None:
            require_other_file(path, media)


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A hidden folder that only its owner can read, gone in the end; those of exports that were killed go now."""
    sweep(folder)
    draft = folder / draft_name("export")
    draft.mkdir(PRIVATE_FOLDER)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _move(draft: Path, folder: Path, names: Sequence[str], *, private: bool) -> None:
    """Bring every file to the disk and give it its name."""
    mode = PRIVATE_FILE if private else _usual_mode(draft)
    for name in names:
        with (draft / name).open("rb") as file:
            os.fsync(file.fileno())
        (draft / name).chmod(mode)
    for name in names:
        os.replace(draft / name, folder / name)


def _usual_mode(draft: Path) -> int:
    """The rights of new files; looked up without changing the process's mask, which other threads share."""
    probe = draft / ".probe"
    probe.touch(_SHARED_FILE)
    mode = probe.stat().st_mode & _SHARED_FILE
    probe.unlink()
    return mode
