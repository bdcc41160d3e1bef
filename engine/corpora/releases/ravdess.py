"""RAVDESS: the Ryerson audio-visual database of emotional speech and song (Livingstone & Russo 2018).

It is downloaded in parts, Audio_Speech_Actors_01-24.zip and Video_Speech_Actor_01.zip to 24, each with folders
Actor_01 to Actor_24. File names are seven numbers: modality (01 both, 02 pictures, 03 sound), channel (01 speech, 02
song), emotion, intensity, statement, repetition, actor. The last six name a take; the files of its modalities are
the same recording.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from engine.corpora.releases.release import Options, Release, Row, files_below
from engine.errors import DataError

_NAME = re.compile(r"0([123])-(0[12]-0[1-8]-0[12]-0[12]-0[12]-([0-9]{2}))")
_SOUND = (".wav", ".flac")
_MEDIA = (*_SOUND, ".mp4")
_EMOTIONS = ("neutral", "calm", "happy", "sad", "anger", "fear", "disgust", "surprise")
_STATEMENTS = ("Kids are talking by the door", "Dogs are sitting by the door")


def read(folder: Path, options: Options) -> Release:
    """Read RAVDESS from wherever its parts were unpacked below a folder.

    Sound is taken from the sound-only file, else from the one with both; pictures from the one with both, else from
    the silent one. Options: ``calm``, ``song``, ``text``. Without ``text`` there are no words: its two sentences are
    said in every emotion and tell nothing.

    Raises
    ------
    DataError
        When no file has a name of RAVDESS.
    """
    takes: dict[str, dict[str, Path]] = {}
    left_out: Counter[str] = Counter()
    for path in files_below(folder, _MEDIA):
        name = _NAME.fullmatch(path.stem)
        if name is None:
            left_out["files that are not named by seven numbers as in RAVDESS"] += 1
            continue
        modality, take = name.group(1), name.group(2)
        if take.startswith("02") and not options.song:
            left_out["files of song"] += 1
        elif modality in takes.setdefault(take, {}):
            left_out["files that are there twice"] += 1
        else:
            takes[take][modality] = path
    rows = tuple(_row(take, takes[take], options) for take in sorted(takes))
    if not rows:
        raise DataError(
            f"{folder} holds no RAVDESS{'' if options.song else ' speech'}: expected files such as "
            "Actor_12/03-01-06-01-02-01-12.wav or Video_Speech_Actor_12/Actor_12/01-01-06-01-02-01-12.mp4"
        )
    return Release(rows=rows, left_out=left_out, notes=_notes(rows))


def _row(take: str, files: dict[str, Path], options: Options) -> Row:
    _, emotion, _, statement, _, actor = take.split("-")
    label = _EMOTIONS[int(emotion) - 1]
    if label == "calm" and options.calm == "neutral":
        label = "neutral"
    return Row(
        id=take,
        label=label,
        audio=files.get("3") or files.get("1"),
        video=files.get("1") or files.get("2"),
        text=_STATEMENTS[int(statement) - 1] if options.text else None,
        speaker=f"actor{actor}",
    )


def _notes(rows: tuple[Row, ...]) -> tuple[str, ...]:
    silent, unseen = sum(row.audio is None for row in rows), sum(row.video is None for row in rows)
    notes = []
    if silent:
        notes.append(f"{silent} of {len(rows)} utterances have pictures and no sound")
    if unseen:
        notes.append(f"{unseen} of {len(rows)} utterances have sound and no pictures")
    return tuple(notes)
