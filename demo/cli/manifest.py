"""``attune manifest``: from a release of a corpus to a manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table

from demo.cli.guard import wrong_usage

if TYPE_CHECKING:
    from engine.corpora.releases import Release


def write_manifest(
    release: str,
    folder: Path,
    out: Path,
    *,
    calm: Literal["own", "neutral"] = "own",
    song: bool = False,
    faces: bool = False,
    text: bool = False,
) -> None:
    """Write the manifest of a release, and print what it holds and what was left out.

    Parameters
    ----------
    release : name of the corpus, in any case.
    folder : where it was unpacked.
    out : the manifest.
    calm, song, faces, text : see `engine.corpora.releases.Options`.

    Raises
    ------
    DataError
        When the folder does not hold the release.
    OutputError
        When the manifest cannot be written.
    """
    from engine.corpora.releases import READERS, Options, write_release

    reader = READERS.get(release.lower())
    if reader is None:
        raise wrong_usage(
            f"there is no release {release!r}: choose {', '.join(READERS)}, or session for your own labels"
        )
    options = Options(calm=calm, song=song, faces=faces, text=text)
    for name in ("calm", "song", "faces", "text"):
        if getattr(options, name) != getattr(Options(), name) and name not in reader.options:
            raise wrong_usage(f"--{name} says nothing about {release}: leave it out")
    found = reader.read(folder, options)
    write_release(out, found)
    print_release(found, out, "utterances")


def print_release(release: Release, out: Path, what: str, left: str = "") -> None:
    """What a manifest holds, and what was left out.

    Parameters
    ----------
    release, out : what was written, and where.
    what : what its rows are called; ``left`` likewise, what was left out, with a space behind it.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, 120)  # a log or pipe has room for whole lines
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("label")
    table.add_column(what, justify="right")
    for label, count in release.labels.items():
        table.add_row(label, str(count))
    table.add_row("all", str(len(release.rows)), style="bold")
    console.print(table)
    for reason, count in release.left_out.items():
        console.print(f"left out: {count} {left}{reason}", markup=False)
    for note in release.notes:
        console.print(f"note: {note}", markup=False)
    parts = _parts(release)
    console.print(f"{parts}. The manifest is {out}" if parts else f"The manifest is {out}", markup=False)


def _parts(release: Release) -> str:
    """Who speaks, and how the release divides its utterances."""
    speakers = {row.speaker for row in release.rows if row.speaker}
    folds = {row.fold for row in release.rows if row.fold}
    splits = {row.split for row in release.rows if row.split}
    parts = [f"{len(speakers)} speaker{'s' * (len(speakers) != 1)}"] if speakers else []
    if splits:
        counts = {name: sum(row.split == name for row in release.rows) for name in ("train", "dev", "test")}
        parts.append(", ".join(f"{count} in {name}" for name, count in counts.items()))
    if folds:
        parts.append(f"{len(folds)} folds")
    return "; ".join(parts)
