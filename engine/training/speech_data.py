"""Labelled speech clips as MFCC, in several augmented views, cached outside the repository."""

from __future__ import annotations

import csv
import hashlib
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from engine.config import AUDIO_DIM, EMOTIONS, SAMPLE_RATE_HZ
from engine.errors import DataError
from engine.features.audio import mfcc
from engine.files import write_atomically
from engine.training.speech_augment import SpeechAugmentation

log = logging.getLogger(__name__)

_MERGED = {"calm": "neutral"}
_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A row of the label file: a recording of one acted utterance."""

    path: str
    corpus: str
    speaker: str
    label: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSet:
    """Clips with their MFCC.

    Attributes
    ----------
    clips : the clips, in the order of the label file.
    views : per clip [t, 120] f16 arrays, the plain recording first, then its augmented copies.
    labels : [n] int
    """

    clips: tuple[Clip, ...]
    views: tuple[tuple[np.ndarray, ...], ...]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.clips)


def read_clips(labels_csv: Path, split: str) -> list[Clip]:
    """Clips of one split whose emotion is one of the seven; calm counts as neutral.

    Raises
    ------
    DataError
        When the label file is missing or lacks a column.
    """
    if not labels_csv.is_file():
        raise DataError(f"no speech labels at {labels_csv}: give the folder that holds speech/labels.csv with --data")
    clips = []
    with labels_csv.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = {"path", "corpus", "speaker", "emotion", "split"} - set(reader.fieldnames or ())
        if missing:
            raise DataError(f"{labels_csv} lacks the columns {', '.join(sorted(missing))}")
        for row in reader:
            emotion = _MERGED.get(row["emotion"], row["emotion"])
            if row["split"] == split and emotion in EMOTIONS:
                clips.append(
                    Clip(path=row["path"], corpus=row["corpus"], speaker=row["speaker"], label=EMOTIONS.index(emotion))
                )
    return clips


def load_speech(folder: Path, split: str, views: int, cache: Path) -> SpeechSet:
    """MFCC of all clips of a split, with ``views`` augmented copies of each.

    Features are computed once and kept under ``cache``, named by the clips and the settings.
    """
    clips = read_clips(folder / "labels.csv", split)
    key = hashlib.sha256(repr((_VERSION, views, [asdict(clip) for clip in clips])).encode()).hexdigest()[:16]
    stored = cache / f"speech-{split}-{key}.npz"
    if not stored.is_file():
        log.info("computing the MFCC of %d %s clips with %d augmented copies each", len(clips), split, views)
        _store(stored, [_views_of(folder / clip.path, index, views) for index, clip in enumerate(clips)])
    with np.load(stored, allow_pickle=False) as data:
        frames, lengths = data["frames"], data["lengths"]
    pieces = np.split(frames, np.cumsum(lengths)[:-1])
    per_clip = views + 1
    return SpeechSet(
        clips=tuple(clips),
        views=tuple(tuple(pieces[i : i + per_clip]) for i in range(0, len(pieces), per_clip)),
        labels=np.array([clip.label for clip in clips]),
    )


def _views_of(path: Path, index: int, views: int) -> list[np.ndarray]:
    import soundfile

    samples, rate_hz = soundfile.read(path, dtype="float32")
    if rate_hz != SAMPLE_RATE_HZ or samples.ndim != 1:
        raise DataError(f"{path}: training clips are mono at {SAMPLE_RATE_HZ} Hz; convert it first")
    augment = SpeechAugmentation(seed=index)
    return [mfcc(samples), *(mfcc(augment(samples)) for _ in range(views))]


def _store(path: Path, per_clip: list[list[np.ndarray]]) -> None:
    flat = [view.astype(np.float16) for views in per_clip for view in views]
    frames = np.concatenate(flat) if flat else np.zeros((0, AUDIO_DIM), np.float16)
    lengths = np.array([len(view) for view in flat])

    def write(draft: Path) -> None:
        with draft.open("wb") as file:
            np.savez(file, frames=frames, lengths=lengths)

    write_atomically(path, write)
