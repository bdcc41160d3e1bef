"""``attune manifest session``: from labelled sessions and recordings to a manifest."""

from __future__ import annotations

import csv
import logging
import math
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from demo.cli.manifest import print_release
from engine.annotated import annotations_of
from engine.annotations import read_annotations
from engine.corpora.labelled_spans import LabelledRecording, labelled_items
from engine.corpora.releases.release import write_release
from engine.errors import DataError
from engine.types import Word

_log = logging.getLogger(__name__)

SESSION = "session"
"""Word for what a user has labelled, in the place of a corpus."""

_WORDS = "words.csv"
_MOST_BYTES = 64 << 20
"""No table of words is larger: it would be of weeks of speech."""


def write_session_manifest(
    places: Sequence[Path],
    out: Path,
    *,
    classes: Sequence[str] | None,
    speaker: str | None = None,
    words: Path | None = None,
) -> None:
    """Write the manifest of all labelled spans, and print what it holds and what was left out.

    Parameters
    ----------
    places : session folders, recordings with annotations beside them, and folders that hold such.
    out : the manifest.
    classes : labels that are of use; None for all.
    speaker : who speaks in all of them.
    words : folder of results of ``attune analyze``, for the words of recordings.

    Raises
    ------
    DataError
        When there is nothing labelled, or a file cannot be read.
    OutputError
        When the manifest cannot be written.
    """
    notes: list[str] = []
    recordings = [_session(one, notes) if _is_session(one) else _recording(one, words, notes) for one in _find(places)]
    found = labelled_items(recordings, classes, speaker)
    if not found.rows:
        why = "; ".join(f"{count} {reason}" for reason, count in found.left_out.items())
        raise DataError(
            f"nothing in {', '.join(str(place) for place in places)} can be learned from: "
            + (f"of its annotations, {why}" if why else "nothing is annotated. Mark spans and give them an emotion")
        )
    write_release(out, found, private=True)
    print_release(found, out, "items", "annotations ")
    console = Console(highlight=False, soft_wrap=True)
    for note in notes:
        console.print(f"note: {note}", markup=False)


def _is_session(path: Path) -> bool:
    from engine.saved.folder import is_session

    return is_session(path)


def _find(places: Sequence[Path]) -> list[Path]:
    """Sessions and recordings; of other folders those within them, in order of name."""
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise DataError(f"there is no {place}: name a session folder or a recording")
        if not place.is_dir() or _is_session(place):
            found.append(place)
            continue
        try:
            inside = sorted(one for one in place.iterdir() if one.name[0] != ".")
        except OSError as error:
            raise DataError(f"{place} cannot be listed: {error.strerror or error}") from error
        labelled = [one for one in inside if _is_session(one) or (one.is_file() and annotations_of(one).is_file())]
        if not labelled:
            raise DataError(
                f"{place} is no session folder, and holds neither sessions nor recordings with annotations beside them"
            )
        found += labelled
    return list({one.resolve(): one for one in found}.values())


def _session(folder: Path, notes: list[str]) -> LabelledRecording:
    from engine.saved.place import ANNOTATIONS
    from engine.saved.session import SavedSession
    from engine.sources.probe import probe

    session = SavedSession.open(folder)
    notes += (f"{folder.name}: {note}" for note in session.notes)
    if session.media is None:
        raise DataError(f"{folder} has no pictures and no sound any more: there is nothing to take items from")
    found = probe(session.media)
    # Media time 0 of a file is where its first stream begins, which may be later than the file's own zero.
    from_s = session.media_from_s + found.origin_s
    length_s = None if found.estimated else found.info.duration_s
    return LabelledRecording(
        name=folder.name,
        media=session.media,
        annotations=read_annotations(folder / ANNOTATIONS),  # damaged ones are an error here, not none
        words=session.timeline.words,
        from_s=from_s,
        until_s=from_s + length_s if length_s else session.until_s,
        sound=found.info.has_audio,
        pictures=found.info.has_video,
    )


def _recording(path: Path, words: Path | None, notes: list[str]) -> LabelledRecording:
    from engine.sources.probe import probe

    found = probe(path)
    info = found.info
    annotations = annotations_of(path)
    if not annotations.is_file():
        raise DataError(
            f"{path} has no annotations: there is no {annotations.name} beside it. Open it in the window and mark "
            "spans with an emotion"
        )
    said = None if words is None else _read_words(path, words)
    if said is None:
        notes.append(
            f"{path.name} comes without words: for those that a recogniser hears, run attune analyze {path} --out DIR, "
            "and give --words DIR"
        )
    return LabelledRecording(
        name=path.stem,
        media=path,
        annotations=read_annotations(annotations),
        words=said or (),
        until_s=math.inf if found.estimated or not info.duration_s else info.duration_s,
        sound=info.has_audio,
        pictures=info.has_video,
    )


def _read_words(recording: Path, results: Path) -> tuple[Word, ...] | None:
    """Words of a recording among the results of ``attune analyze``; None where there are none of it."""
    table = next((one for one in (results / recording.stem / _WORDS, results / _WORDS) if one.is_file()), None)
    if table is None:
        return None
    try:
        if table.stat().st_size > _MOST_BYTES:
            raise DataError(f"{table} is too large to be a table of words")
        with table.open(newline="", encoding="utf-8") as file:
            return tuple(
                Word(
                    text=row["word"],
                    start_s=float(row["start"]),
                    end_s=float(row["end"]),
                    confidence=float(row["confidence"]),
                    final=True,
                )
                for row in csv.DictReader(file)
            )
    except OSError as error:
        raise DataError(f"{table} cannot be read: {error.strerror or error}") from error
    except (KeyError, TypeError, ValueError, csv.Error):
        raise DataError(f"{table} is not a table of words as attune analyze writes it: make it again") from None
