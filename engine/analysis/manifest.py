"""Lists of labelled items to score: a CSV file with one item in each row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.config import EMOTIONS, MODALITIES, Modality
from engine.errors import DataError

COLUMNS: dict[Modality, tuple[str, ...]] = {"audio": ("audio",), "video": ("faces", "video"), "text": ("text",)}
"""Columns of a manifest that hold each modality."""

_SHOWN = 5
"""How many of many missing files a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One labelled item.

    Attributes
    ----------
    row : line of the manifest, counted as an editor counts rows (the heading is row 1).
    id : its name in the results.
    label : index into EMOTIONS.
    audio : audio or media file, or None where the voice is absent.
    faces : image of one cropped face or a folder of such images in time order at 3 Hz.
    video : media file to find the face in; used where ``faces`` is empty.
    text : the words themselves.
    """

    row: int
    id: str
    label: int
    audio: Path | None = None
    faces: Path | None = None
    video: Path | None = None
    text: str | None = None

    @property
    def empty(self) -> bool:
        """Whether no modality is present."""
        return self.audio is None and self.faces is None and self.video is None and self.text is None


def read_manifest(path: Path, use: Sequence[str] = MODALITIES) -> tuple[Item, ...]:
    """Read and check a manifest.

    Parameters
    ----------
    path : CSV with the columns id, label and at least one of audio, faces, video, text; relative
        paths are relative to it.
    use : modalities that count; the cells of the others are as if empty.

    Raises
    ------
    DataError
        When the manifest is missing, empty or not CSV, lacks a column, repeats an id, has an
        unknown label, or names files that do not exist.
    """
    rows = list(_rows(path, use))
    if not rows:
        raise DataError(f"{path} holds no item: write one row for each item below the heading")
    items = tuple(_item(row, cells, path, use) for row, cells in rows)
    seen: dict[str, int] = {}
    for item in items:
        if item.id in seen:
            raise DataError(f"{path}, row {item.row}: the id {item.id!r} is already in row {seen[item.id]}")
        seen[item.id] = item.row
    _check_files(path, items)
    return items


def _rows(path: Path, use: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
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


def _check_columns(path: Path, names: Sequence[str], use: Sequence[str]) -> None:
    if not names:
        raise DataError(f"{path} is empty: the first row names the columns id,label,audio,faces,video,text")
    missing = [name for name in ("id", "label") if name not in names]
    if missing:
        raise DataError(f"{path} has no column {' and no column '.join(missing)}; it has {', '.join(names)}")
    wanted = [column for modality in use for column in COLUMNS[modality]]  # type: ignore[index]
    if not set(wanted) & set(names):
        raise DataError(f"{path} has none of the columns {', '.join(wanted)} that hold what is to be used")


def _item(row: int, cells: Mapping[str, str], path: Path, use: Sequence[str]) -> Item:
    label = cells["label"].lower()
    if label not in EMOTIONS:
        raise DataError(f"{path}, row {row}: unknown label {cells['label']!r}; the labels are {', '.join(EMOTIONS)}")
    if not cells["id"]:
        raise DataError(f"{path}, row {row}: the id is empty")
    used = {column for modality in use for column in COLUMNS[modality] if cells.get(column)}  # type: ignore[index]
    files = {name: path.parent / cells[name] for name in used - {"text"}}
    return Item(
        row=row,
        id=cells["id"],
        label=EMOTIONS.index(label),
        audio=files.get("audio"),
        faces=files.get("faces"),
        video=files.get("video"),
        text=cells["text"] if "text" in used else None,
    )


def _check_files(path: Path, items: Sequence[Item]) -> None:
    missing = [
        f"row {item.row}: {one}"
        for item in items
        for one in (item.audio, item.faces, item.video)
        if one is not None and not one.exists()
    ]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise DataError(f"{path} names files that do not exist: {'; '.join(missing[:_SHOWN])}{more}")
