"""What the readers of releases give, and the manifest that is written from it."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.corpora.manifest import WHOLE, Part
from engine.errors import DataError, OutputError
from engine.files import write_atomically

_COLUMNS = ("id", "label", "audio", "faces", "video", "text", "speaker", "split", "fold")
_PART_COLUMNS = ("start_s", "end_s", "video_start_s", "video_end_s", "video_side")
BEGINS = tuple(f"id,label,{name}".encode() for name in (*_COLUMNS[2:], *_PART_COLUMNS))
"""What a manifest that `write_release` wrote begins with, any of these."""

_POINTER = b"version https://git-lfs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices among what releases hold; each reader says which of them it knows.

    Attributes
    ----------
    calm : "own" keeps the label calm, "neutral" joins it with neutral.
    song : sung utterances too.
    faces : faces too, where the release shows them only along with others.
    text : words too, where the release has a few fixed sentences.
    """

    calm: Literal["own", "neutral"] = "own"
    song: bool = False
    faces: bool = False
    text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled utterance; the meanings are those of `engine.corpora.manifest.Item`."""

    id: str
    label: str
    audio: Path | None = None
    heard: Part = WHOLE
    faces: Path | None = None
    video: Path | None = None
    part: Part = WHOLE
    text: str | None = None
    speaker: str | None = None
    split: str | None = None
    fold: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What was found of a release.

    Attributes
    ----------
    rows : its utterances, in order of id.
    left_out : how many utterances or files were left out, by reason.
    notes : remarks for the user.
    """

    rows: tuple[Row, ...]
    left_out: Mapping[str, int]
    notes: tuple[str, ...] = ()

    @property
    def labels(self) -> Mapping[str, int]:
        """How many utterances each label has, by alphabet."""
        return dict(sorted(Counter(row.label for row in self.rows).items()))


def files_below(folder: Path, suffixes: Sequence[str]) -> Iterator[Path]:
    """Files with one of some endings anywhere below a folder, in order; hidden ones are passed over.

    Raises
    ------
    DataError
        When there is no such folder, or part of it cannot be listed.
    """
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}: give the one that the release was unpacked into")

    def refuse(error: OSError) -> None:
        raise DataError(f"{error.filename} cannot be listed: {error.strerror}") from error

    for parent, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        folders[:] = sorted(one for one in folders if not one.startswith((".", "__MACOSX")))
        yield from (
            Path(parent, name) for name in sorted(names) if name.lower().endswith(tuple(suffixes)) and name[0] != "."
        )


def is_pointer(path: Path) -> bool:
    """Whether a file is only git-lfs's pointer to what was not downloaded."""
    try:
        if path.stat().st_size > 1024:
            return False
        with path.open("rb") as file:
            return file.read(len(_POINTER)) == _POINTER
    except OSError:
        return False


def write_release(path: Path, release: Release, *, private: bool = False) -> None:
    """Write a manifest; files beside or below it are named relative to it.

    Parameters
    ----------
    path, release : where, and what.
    private : whether only its owner may read it.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    base = path.absolute().parent
    cells = [_cells(row, base) for row in release.rows]
    for one in cells:
        for name in ("audio", "faces", "video", "id"):
            _require_writable(one[name])
    columns = [*_COLUMNS, *_PART_COLUMNS]
    needed = {"id", "label"} | {name for one in cells for name, value in one.items() if value}
    kept = [name for name in columns if name in needed]

    def write(draft: Path) -> None:
        with draft.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(kept)
            writer.writerows([one[name] for name in kept] for one in cells)

    write_atomically(path, write, private=private)


def _require_writable(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:  # names of files may be of any bytes, a list is UTF-8
        shown = name.encode("utf-8", "backslashreplace").decode()
        raise OutputError(
            f"{shown} cannot be written into a list, since its name is not UTF-8: rename the recording, or its folder"
        ) from None


def _cells(row: Row, base: Path) -> dict[str, str]:
    def place(file: Path | None) -> str:
        if file is None:
            return ""
        whole = file.absolute()
        return (whole.relative_to(base) if whole.is_relative_to(base) else whole).as_posix()

    def seconds(value: float | None) -> str:
        return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")

    # One pair of times is for sound and picture where it is for the sound at all.
    span, film = row.heard, WHOLE if row.heard != WHOLE else row.part
    if span != WHOLE and row.video is not None and (row.part.start_s, row.part.end_s) != (span.start_s, span.end_s):
        raise ValueError(f"{row.id}: a manifest can say nothing of different parts of sound and picture")
    return {
        "id": row.id,
        "label": row.label,
        "audio": place(row.audio),
        "faces": place(row.faces),
        "video": place(row.video),
        "text": row.text or "",
        "speaker": row.speaker or "",
        "split": row.split or "",
        "fold": row.fold or "",
        "start_s": seconds(span.start_s),
        "end_s": seconds(span.end_s),
        "video_start_s": seconds(film.start_s),
        "video_end_s": seconds(film.end_s),
        "video_side": row.part.side or "",
    }
