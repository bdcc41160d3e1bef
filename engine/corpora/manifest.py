"""Lists of labelled items, to score or to train on: a CSV file with one item in each row."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engine.config import EMOTIONS, MODALITIES, Modality
from engine.errors import DataError

COLUMNS: dict[Modality, tuple[str, ...]] = {"audio": ("audio",), "video": ("faces", "video"), "text": ("text",)}
"""Columns of a manifest that hold each modality."""

Side = Literal["left", "right"]

_MOST_S = 1e7
"""No recording goes on for so long: 115 days."""

_SHOWN = 5
"""How many of many missing files a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The part of a recording that belongs to an item.

    Attributes
    ----------
    start_s, end_s : in media time; None for the beginning and the end.
    side : half of the picture that shows the item's face; None for all of it.
    """

    start_s: float | None = None
    end_s: float | None = None
    side: Side | None = None


WHOLE = Part()
"""All of a recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One labelled item.

    Attributes
    ----------
    row : line of the manifest, counted as an editor counts rows (the heading is row 1).
    id : its name in the results.
    label : index into the labels that the manifest was read with.
    audio : audio or media file, or None where the voice is absent.
    heard : the part of ``audio`` that belongs to the item, all of it as a rule.
    faces : image of one cropped face or a folder of such images in time order at 3 Hz.
    video : media file to find the face in; used where ``faces`` is empty.
    part : the part of ``video`` that belongs to the item, all of it as a rule.
    text : the words themselves.
    speaker : who speaks.
    split : part of the data that the item belongs to, as written.
    fold : part of a cross-validation in which the item is tested.
    """

    row: int
    id: str
    label: int
    audio: Path | None = None
    heard: Part = WHOLE
    faces: Path | None = None
    video: Path | None = None
    part: Part = WHOLE
    text: str | None = None
    speaker: str | None = None
    split: str | None = None
    fold: str | None = None

    @property
    def empty(self) -> bool:
        """Whether no modality is present."""
        return self.audio is None and self.faces is None and self.video is None and self.text is None


def read_manifest(path: Path, use: Sequence[str] = MODALITIES, labels: Sequence[str] = EMOTIONS) -> tuple[Item, ...]:
    """Read and check a manifest.

    Parameters
    ----------
    path : CSV (with commas, semicolons or tabs) with the columns id, label and at least one of audio, faces, video,
        text; relative paths are relative to it, and files may be anywhere, since a manifest is a list of the user's
        own: they are only ever read, as recordings or pictures. It may have the columns speaker, split and fold;
        start_s and end_s where audio and video hold more than the item (from start_s on, before end_s, in seconds from
        the beginning of the file); video_start_s, video_end_s and video_side (left or right) where only the video does.
    use : modalities that count; the cells of the others are as if empty.
    labels : what a label may be, whatever its case; `manifest_labels` gives those that occur.

    Raises
    ------
    DataError
        When the manifest is missing, empty or not CSV, lacks a column, repeats an id, has an
        unknown label, or names files that do not exist.
    """
    index = {name.casefold(): number for number, name in enumerate(labels)}
    items = tuple(_item(row, cells, path, use, index, labels) for row, cells in _all_rows(path, use))
    seen: dict[str, int] = {}
    for item in items:
        if item.id in seen:
            raise DataError(f"{path}, row {item.row}: the id {item.id!r} is already in row {seen[item.id]}")
        seen[item.id] = item.row
    _check_files(path, items)
    return items


def manifest_labels(path: Path, use: Sequence[str] = MODALITIES) -> tuple[str, ...]:
    """The labels that occur in a manifest, in lower case and by alphabet, which is the order of EMOTIONS too.

    Raises
    ------
    DataError
        When the manifest is missing, empty or not CSV, lacks a column, or a row has no label.
    """
    found = set()
    for row, cells in _all_rows(path, use):
        if not cells["label"]:
            raise DataError(f"{path}, row {row}: the label is empty")
        found.add(cells["label"].lower())
    return tuple(sorted(found))


def manifest_modalities(path: Path) -> tuple[Modality, ...]:
    """The modalities that some row of a manifest has.

    Raises
    ------
    DataError
        When the manifest is missing, empty or not CSV, lacks a column, or no row has any.
    """
    rows = [cells for _, cells in _all_rows(path, MODALITIES)]
    found = tuple(name for name in COLUMNS if any(cells.get(one) for cells in rows for one in COLUMNS[name]))
    if not found:
        raise DataError(f"no row of {path} has audio, faces, video or text")
    return found


def _all_rows(path: Path, use: Sequence[str]) -> list[tuple[int, Mapping[str, str]]]:
    rows = list(_rows(path, use))
    if not rows:
        raise DataError(f"{path} holds no item: write one row for each item below the heading")
    return rows


def _rows(path: Path, use: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            heading = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, skipinitialspace=True, delimiter=_delimiter(heading))
            _check_columns(path, [name.strip() for name in reader.fieldnames or ()], use)
            reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
            for row, cells in enumerate(reader, start=2):
                if None in cells:
                    raise DataError(f"{path}, row {row}: more cells than columns; put text with commas in quotes")
                yield row, {name: (value or "").strip() for name, value in cells.items()}
    except FileNotFoundError:
        raise DataError(f"there is no manifest {path}") from None
    except OSError as error:
        raise DataError(f"cannot read the manifest {path}: {error.strerror or error}") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not a CSV file in UTF-8: {error}") from error


def _delimiter(heading: str) -> str:
    """What stands between cells: a comma, or what spreadsheets write in its place where it is the decimal sign."""
    return max(",;\t", key=heading.count)


def _check_columns(path: Path, names: Sequence[str], use: Sequence[str]) -> None:
    if not names:
        raise DataError(f"{path} is empty: the first row names the columns id,label,audio,faces,video,text")
    missing = [name for name in ("id", "label") if name not in names]
    if missing:
        raise DataError(f"{path} has no column {' and no column '.join(missing)}; it has {', '.join(names)}")
    wanted = [column for modality in use for column in COLUMNS[modality]]  # type: ignore[index]
    if not set(wanted) & set(names):
        raise DataError(f"{path} has none of the columns {', '.join(wanted)} that hold what is to be used")


def _item(
    row: int, cells: Mapping[str, str], path: Path, use: Sequence[str], index: Mapping[str, int], labels: Sequence[str]
) -> Item:
    label = cells["label"].casefold()
    if label not in index:
        raise DataError(f"{path}, row {row}: unknown label {cells['label']!r}; the labels are {', '.join(labels)}")
    if not cells["id"]:
        raise DataError(f"{path}, row {row}: the id is empty")
    used = {column for modality in use for column in COLUMNS[modality] if cells.get(column)}  # type: ignore[index]
    files = {name: path.parent / cells[name] for name in used - {"text"}}
    span = _span(row, cells, path) if files.keys() & {"audio", "video"} else WHOLE
    part = _part(row, cells, path) if "video" in files else WHOLE
    if span != WHOLE and (part.start_s, part.end_s) != (None, None):
        raise DataError(
            f"{path}, row {row}: give start_s and end_s for audio and video, or video_start_s and video_end_s for "
            "video alone, not both"
        )
    if span != WHOLE and "video" in files:
        part = replace(span, side=part.side)
    return Item(
        row=row,
        id=cells["id"],
        label=index[label],
        audio=files.get("audio"),
        heard=span if "audio" in files else WHOLE,
        faces=files.get("faces"),
        video=files.get("video"),
        part=part,
        text=cells["text"] if "text" in used else None,
        speaker=cells.get("speaker") or None,
        split=cells.get("split") or None,
        fold=cells.get("fold") or None,
    )


def _part(row: int, cells: Mapping[str, str], path: Path) -> Part:
    side = (cells.get("video_side") or "").lower()
    if side not in ("", "left", "right"):
        raise DataError(f"{path}, row {row}: video_side must be left, right or empty, found {side!r}")
    return replace(_span(row, cells, path, "video_"), side=side or None)  # type: ignore[arg-type]


def _span(row: int, cells: Mapping[str, str], path: Path, prefix: str = "") -> Part:
    times: list[float | None] = []
    for column in (f"{prefix}start_s", f"{prefix}end_s"):
        text = cells.get(column)
        try:
            times.append(float(text) if text else None)
        except ValueError:
            times.append(math.nan)
        if times[-1] is not None and not 0 <= times[-1] <= _MOST_S:
            raise DataError(f"{path}, row {row}: {column} must be zero or more seconds, found {text!r}")
    start_s, end_s = times
    if end_s is not None and end_s <= (start_s or 0.0):
        raise DataError(f"{path}, row {row}: {prefix}end_s must be later than {prefix}start_s")
    return Part(start_s=start_s, end_s=end_s)


def _check_files(path: Path, items: Sequence[Item]) -> None:
    missing = [
        f"row {item.row}: {one}"
        for item in items
        for one in (item.audio, item.faces, item.video)
        # Also false where no system can have such a name, and of devices and pipes, which could be read for ever.
        if one is not None and not (os.path.isfile(one) or os.path.isdir(one))
    ]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise DataError(f"{path} names files that do not exist: {'; '.join(missing[:_SHOWN])}{more}")
