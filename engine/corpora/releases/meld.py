"""MELD: the multimodal emotion lines dataset, from Friends (Poria et al. 2019).

MELD.Raw.tar.gz holds train_sent_emo.csv, dev_sent_emo.csv and test_sent_emo.csv, and the clips in train_splits,
dev_splits_complete and output_repeated_splits_test, such as dia0_utt0.mp4. The repository has the label files alone.

The label files are UTF-8 with apostrophes and dashes that were once cp1252: they are put right. A clip shows everybody
in the scene, so the face that is followed (the largest) is not always the speaker's.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.corpora.releases.release import Options, Release, Row, files_below
from engine.errors import DataError

_LABEL_FILES = {"train": "train_sent_emo.csv", "dev": "dev_sent_emo.csv", "test": "test_sent_emo.csv"}
_CLIP_FOLDERS = {"train": "train_splits", "dev": "dev_splits_complete", "test": "output_repeated_splits_test"}
_EMOTIONS = {
    "anger": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "joy": "happy",
    "neutral": "neutral",
    "sadness": "sad",
    "surprise": "surprise",
}
_COLUMNS = ("Utterance", "Speaker", "Emotion", "Dialogue_ID", "Utterance_ID")
_CLIP = re.compile(r"dia[0-9]+_utt[0-9]+")
_CONTROLS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
"""Characters that were cp1252 bytes and became control characters."""


def read(folder: Path, options: Options) -> Release:
    """Read MELD from the folder that it was unpacked into.

    Voice and face come from the clip, words from the label file, the split from its name. An utterance without its clip
    is left out, unless there are no clips at all: then all have words alone. No options.

    Raises
    ------
    DataError
        When a label file is missing or not as expected.
    """
    labels, clips = _label_files(folder), _clips(folder)
    left_out: Counter[str] = Counter()
    rows = []
    for split, path in labels.items():
        named: set[str] = set()
        for cells in _lines(path):
            clip = f"dia{cells['Dialogue_ID']}_utt{cells['Utterance_ID']}"
            emotion = cells["Emotion"].lower()
            if clip in named:
                left_out[f"{split}: lines for an utterance that has one already"] += 1
            elif emotion not in _EMOTIONS:
                left_out[f"{split}: utterances with the unknown emotion {emotion!r}"] += 1
            elif any(clips.values()) and clip not in clips[split]:
                left_out[f"{split}: utterances whose clip is missing"] += 1
            else:
                rows.append(_row(f"{split}_{clip}", _EMOTIONS[emotion], split, cells, clips[split].get(clip)))
            named.add(clip)
        if unnamed := len(clips[split].keys() - named):
            left_out[f"{split}: clips that the label file does not name"] = unnamed
    if not rows:
        raise DataError(f"none of the utterances that {folder} labels has its clip: unpack the archives of clips in it")
    notes = () if any(clips.values()) else ("no clips were found: there are words, and neither voice nor face",)
    return Release(rows=tuple(rows), left_out=left_out, notes=notes)


def _label_files(folder: Path) -> dict[str, Path]:
    names = {name: split for split, name in _LABEL_FILES.items()}
    found: dict[str, Path] = {}
    for path in files_below(folder, tuple(names)):
        if path.name in names:
            found.setdefault(names[path.name], path)
    missing = [name for split, name in _LABEL_FILES.items() if split not in found]
    if missing:
        raise DataError(
            f"{folder} has no {' and no '.join(missing)}: expected the label files of MELD, as in MELD.Raw.tar.gz or "
            "in data/MELD of its repository"
        )
    return {split: found[split] for split in _LABEL_FILES}


def _clips(folder: Path) -> dict[str, dict[str, Path]]:
    """Clips by split and name. The archive of the test split has other versions of some, under other names."""
    splits = {name: split for split, name in _CLIP_FOLDERS.items()}
    found: dict[str, dict[str, Path]] = {split: {} for split in _CLIP_FOLDERS}
    for path in files_below(folder, (".mp4",)):
        split = splits.get(path.parent.name)
        if split is not None and _CLIP.fullmatch(path.stem):
            found[split].setdefault(path.stem, path)
    return found


def _lines(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    try:
        reader = csv.DictReader(io.StringIO(text.translate(_CONTROLS), newline=""))
        missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise DataError(f"{path} lacks the column {' and '.join(missing)}: it is not a label file of MELD")
        for row, cells in enumerate(reader, start=2):
            if None in cells or None in cells.values():
                raise DataError(f"{path}, row {row}: expected {len(reader.fieldnames or ())} cells")
            yield {name: value.strip() for name, value in cells.items()}
    except csv.Error as error:
        raise DataError(f"{path} is not a CSV file: {error}") from error


def _row(name: str, label: str, split: str, cells: Mapping[str, str], clip: Path | None) -> Row:
    return Row(
        id=name,
        label=label,
        audio=clip,
        video=clip,
        text=cells["Utterance"] or None,
        speaker=cells["Speaker"] or None,
        split=split,
    )
