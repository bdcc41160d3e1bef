"""Moments and spans that a person has marked in a session or a recording, in one JSON file beside it."""

from __future__ import annotations

import json
import math
import secrets
import stat
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from engine.errors import DataError, OutputError
from engine.files import make_folder, replacing, sweep

FORMAT, VERSION = "attune annotations", 1
MOST_BYTES = 16 << 20
"""No file that a person has filled by hand is larger."""

MOST_TEXT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A marked moment, or a span of time.

    Attributes
    ----------
    id : tells it from the others of its file.
    start_s, end_s : media time; equal for a moment.
    text : what was noted, may be empty; at most `MOST_TEXT` characters.
    label : the emotion that a person gave it, None without one.
    key : the key that it was marked with, None for others.
    """

    id: str
    start_s: float
    end_s: float
    text: str = ""
    label: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start_s) and math.isfinite(self.end_s) and 0 <= self.start_s <= self.end_s):
            raise ValueError(f"a span of time begins at 0 or later, before its end; got {self.start_s} to {self.end_s}")
        if len(self.text) > MOST_TEXT:  # such a file would not be read again
            raise ValueError(f"a note has at most {MOST_TEXT} characters, this one has {len(self.text)}")

    @classmethod
    def new(
        cls,
        start_s: float,
        end_s: float | None = None,
        *,
        text: str = "",
        label: str | None = None,
        key: str | None = None,
    ) -> Self:
        """Make one with an id of its own; without an end it is a moment."""
        return cls(
            id=secrets.token_hex(4),
            start_s=start_s,
            end_s=start_s if end_s is None else end_s,
            text=text,
            label=label,
            key=key,
        )

    @property
    def moment(self) -> bool:
        """Whether it has no length."""
        return self.end_s == self.start_s


class Annotations:
    """Annotations in order of time; never changes.

    >>> one = Annotation.new(2.0, text="laughs")
    >>> every = Annotations([one, Annotation.new(1.0, 4.0, label="happy")])
    >>> [round(each.start_s) for each in every], len(every.without(one.id))
    ([1, 2], 1)
    """

    def __init__(self, every: Iterable[Annotation] = ()) -> None:
        self._every = tuple(sorted(every, key=lambda one: (one.start_s, one.end_s, one.id)))

    def __iter__(self) -> Iterator[Annotation]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Annotations) and self._every == other._every

    def __hash__(self) -> int:
        return hash(self._every)

    def get(self, id: str) -> Annotation | None:
        """The one with an id."""
        return next((one for one in self._every if one.id == id), None)

    def having(self, annotation: Annotation) -> Annotations:
        """These with one more, which takes the place of an older one with its id."""
        return Annotations((*self.without(annotation.id), annotation))

    def without(self, id: str) -> Annotations:
        """These without the one of an id."""
        return Annotations(one for one in self._every if one.id != id)


def beside(recording: Path) -> Path:
    """Where the annotations of a media file are kept.

    >>> beside(Path("talks/monday.mp4")).name
    'monday.mp4.annotations.json'
    """
    return recording.with_name(recording.name + ".annotations.json")


def read_annotations(path: Path) -> Annotations:
    """Read annotations; none where there is no file.

    Raises
    ------
    DataError : the file is damaged, or is none of these.
    """
    try:
        there = path.stat()
        if not stat.S_ISREG(there.st_mode):  # opening a pipe would wait for ever
            raise DataError(f"{path} is no ordinary file: it cannot be read")
        if there.st_size > MOST_BYTES:
            raise DataError(f"{path} is too large to hold annotations: move it away to begin anew")
        with path.open("rb") as file:
            found = json.loads(file.read(MOST_BYTES))
    except DataError:  # it is a ValueError, too
        raise
    except FileNotFoundError:
        return Annotations()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise DataError(f"{path} does not hold annotations of Attune: move it away to begin anew")
    if found.get("version") != VERSION:
        raise DataError(f"{path} was written by a newer Attune: update Attune to read it")
    rows = found.get("annotations")
    if not isinstance(rows, list):
        raise _damaged(path)
    return Annotations([_annotation(one, path) for one in rows])


def write_annotations(path: Path, annotations: Annotations) -> None:
    """Write annotations, whole or not at all, readable for their owner alone.

    Raises
    ------
    OutputError : they cannot be written, for instance since their folder was deleted; what was there is as it was.
    """
    if not path.parent.exists():  # not made again: a session that was deleted stays so
        raise OutputError(f"{path.parent} is not there any more: annotations cannot be saved there")
    content = {"format": FORMAT, "version": VERSION, "annotations": [asdict(one) for one in annotations]}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    sweep(path.parent)
    make_folder(path.parent)
    with replacing(path, private=True) as draft:
        draft.write_bytes(text.encode("utf-8", "replace"))  # halves of a character come from forms and from files


def _annotation(row: Any, path: Path) -> Annotation:
    try:
        id, text, label, key = row["id"], row.get("text", ""), row.get("label"), row.get("key")
        start_s, end_s = row["start_s"], row["end_s"]
        if not (
            isinstance(id, str)
            and isinstance(text, str)
            and all(one is None or isinstance(one, str) for one in (label, key))
        ):
            raise _damaged(path)
        if any(isinstance(one, bool) or not isinstance(one, int | float) for one in (start_s, end_s)):
            raise _damaged(path)
        id, text = _whole(id), _whole(text)
        label, key = (None if one is None else _whole(one) for one in (label, key))
        return Annotation(id=id, start_s=float(start_s), end_s=float(end_s), text=text, label=label, key=key)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise _damaged(path) from None


def _whole(text: str) -> str:
    """Text without halves of a character, which no text file can hold: they come as escapes of JSON."""
    return text.encode("utf-8", "replace").decode()


def _damaged(path: Path) -> DataError:
    return DataError(f"{path} is damaged: its annotations cannot be read. Move it away to begin anew, or mend it")
