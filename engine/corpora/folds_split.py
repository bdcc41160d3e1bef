"""One split of the published folds: its files, checked against each other, and the utterances in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.corpora.folds_array import Header, StoredArray, read_header, whole_numbers
from engine.corpora.folds_columns import Column, IndexedWords, StoredFrames, StoredVectors
from engine.corpora.utterances import MAX_FRAMES, IntArray, UtteranceBatch
from engine.errors import DataError

TABLE = "W_embedding.npy"
"""Word vectors by index, in the folder of a fold or the one above it."""

_NEEDED = ("audio_mfcc", "audio_seqN", "video", "video_seqN", "label")


class SplitUtterances:
    """The utterances of one split that have a face, in the order of its files.

    Parameters
    ----------
    columns : the modalities.
    rows : rows of the files, [n].
    labels : their labels, [n].
    """

    def __init__(self, columns: Mapping[str, Column], rows: IntArray, labels: IntArray) -> None:
        self._columns, self._rows = dict(columns), rows
        self.dims = {name: column.dim for name, column in columns.items()}
        self.labels = labels

    def __len__(self) -> int:
        return len(self._rows)

    def batch(self, rows: IntArray, modalities: Sequence[str], *, full: bool) -> UtteranceBatch:
        """Utterances ``rows`` [b], with some modalities.

        With ``full`` they are exactly what the files hold, whatever stands in the padding, as the authors feed it.

        Raises
        ------
        DataError
            When features are not finite numbers; the message names file and row.
        """
        inputs, lengths = {}, {}
        for name in modalities:
            inputs[name], lengths[name] = self._columns[name].gather(self._rows[rows], full=full)
        return UtteranceBatch(inputs, lengths, self.labels[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What the files of a split hold.

    Attributes
    ----------
    folder, name : of the fold, and "train", "dev" or "test".
    labels : of all utterances, also those without a face, [n].
    faces : utterances that have a face, rows of the files.
    cut : utterances that were longer than the files can hold.
    columns : the modalities.
    headers : of the features, for messages.
    """

    folder: Path
    name: str
    labels: IntArray
    faces: IntArray
    cut: int
    columns: Mapping[str, Column]
    headers: Mapping[str, Header]

    @property
    def utterances(self) -> SplitUtterances:
        """Those that have a face."""
        return SplitUtterances(self.columns, self.faces, self.labels[self.faces])


def missing_files(folder: Path, names: Sequence[str]) -> list[str]:
    """What a fold with these splits lacks, in words."""
    lacking = [
        f"{name}_{part}.npy" for name in names for part in _NEEDED if not (folder / f"{name}_{part}.npy").is_file()
    ]
    table = find_table(folder)
    for name in names:
        if (folder / f"{name}_text.npy").is_file():
            continue
        if not (folder / f"{name}_nlp_trans.npy").is_file():
            lacking.append(f"{name}_text.npy (or {name}_nlp_trans.npy and {TABLE})")
        elif table is None:
            lacking.append(f"{TABLE}, for {name}_nlp_trans.npy")
    return lacking


def find_table(folder: Path) -> Path | None:
    """The word vectors of a fold."""
    places = (folder / TABLE, folder.parent / TABLE)
    return next((path for path in places if path.is_file()), None)


def open_split(folder: Path, name: str) -> Split:
    """Open a split, and check everything that takes no reading of its features.

    Raises
    ------
    DataError
        When a file is missing, damaged or not as expected, or the files do not fit together.
    """
    audio = _features(folder / f"{name}_audio_mfcc.npy", MAX_FRAMES["audio"])
    video = _features(folder / f"{name}_video.npy", MAX_FRAMES["video"])
    labels = _numbers(folder / f"{name}_label.npy", "labels")
    stored = {key: _numbers(folder / f"{name}_{key}_seqN.npy", "lengths") for key in ("audio", "video")}
    text, words = _text(folder, name)
    counts = {audio.path: audio.shape[0], video.path: video.shape[0], words.path: words.shape[0]}
    counts |= {folder / f"{name}_label.npy": len(labels)}
    counts |= {folder / f"{name}_{key}_seqN.npy": len(one) for key, one in stored.items()}
    if len(set(counts.values())) > 1:
        found = ", ".join(f"{path.name} {count}" for path, count in counts.items())
        raise DataError(f"the files of {folder / name} differ in their number of utterances: {found}")
    lengths, cut = {}, 0
    for key, one in stored.items():
        lengths[key], over = _lengths(folder / f"{name}_{key}_seqN.npy", one, MAX_FRAMES[key])
        cut += over
    faces = np.flatnonzero(lengths["video"] > 0)
    if not len(faces):
        raise DataError(f"{folder / name}_video_seqN.npy: no utterance has a face, so nothing is left of this split")
    columns: dict[str, Column] = {
        "audio": StoredFrames(audio, lengths["audio"]),
        "video": StoredFrames(video, lengths["video"]),
        "text": text,
    }
    headers = {"audio": audio, "video": video, "text": words}
    return Split(folder=folder, name=name, labels=labels, faces=faces, cut=cut, columns=columns, headers=headers)


def _features(path: Path, steps: int) -> Header:
    header = read_header(path)
    if header.dtype.kind != "f":
        raise DataError(f"{path} holds {header.dtype}: features are floating-point numbers")
    if len(header.shape) != 3 or header.shape[1] != steps or 0 in header.shape:
        raise DataError(f"{path} has the shape {list(header.shape)}: expected [utterances, {steps}, features]")
    return header


def _numbers(path: Path, meaning: str) -> IntArray:
    header = read_header(path)
    if len(header.shape) > 2 or header.shape[1:] not in ((), (1,)):
        raise DataError(f"{path} has the shape {list(header.shape)}: expected [utterances] or [utterances, 1]")
    return whole_numbers(header, meaning)


def _lengths(path: Path, lengths: IntArray, longest: int) -> tuple[IntArray, int]:
    """Lengths within what the files hold, and how many utterances are longer and were cut."""
    wrong = np.flatnonzero(lengths < 0)
    if len(wrong):
        raise DataError(f"{path}, row {wrong[0]}: a length is 0 to {longest} frames, found {lengths[wrong[0]]}")
    return np.minimum(lengths, longest), int((lengths > longest).sum())


def _text(folder: Path, name: str) -> tuple[Column, Header]:
    """The words of a split, and the header of its features or indices."""
    stored, indexed = folder / f"{name}_text.npy", folder / f"{name}_nlp_trans.npy"
    place = find_table(folder)
    table = None if place is None else _table(place)
    words = None
    if indexed.is_file() and table is not None:
        words = IndexedWords(_indices(indexed, table), table)
        if not stored.is_file():
            return words, read_header(indexed)
    header = _features(stored, MAX_FRAMES["text"])
    if words is not None and len(words.lengths) != header.shape[0]:
        raise DataError(
            f"{stored} has {header.shape[0]} utterances, and {indexed.name} has {len(words.lengths)}: remove the one "
            "that does not belong here"
        )
    padding = np.zeros(header.shape[2], np.float32)
    if table is not None and table.shape[1] == header.shape[2]:
        padding = StoredArray(table).some(np.zeros(1, np.int64))[0].astype(np.float32)
    return StoredVectors(header, None if words is None else words.lengths, padding), header


def _table(path: Path) -> Header:
    table = read_header(path)
    if table.dtype.kind != "f" or len(table.shape) != 2 or 0 in table.shape:
        raise DataError(f"{path} has the shape {list(table.shape)}, {table.dtype}: expected vectors, [words, features]")
    return table


def _indices(path: Path, table: Header) -> IntArray:
    header = read_header(path)
    if len(header.shape) != 2 or header.shape[1] != MAX_FRAMES["text"]:
        raise DataError(f"{path} has the shape {list(header.shape)}: expected [utterances, {MAX_FRAMES['text']}]")
    indices = whole_numbers(header, "indices of words")
    wrong = np.argwhere((indices < 0) | (indices >= table.shape[0]))
    if len(wrong):
        row, place = wrong[0]
        raise DataError(
            f"{path}, row {row}, word {place}: index {indices[row, place]}, but {table.path} has {table.shape[0]} words"
        )
    return indices
