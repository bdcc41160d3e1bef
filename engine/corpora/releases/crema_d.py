"""CREMA-D: the crowd-sourced emotional multimodal actors dataset (Cao et al. 2014).

Its repository has the folders AudioWAV, AudioMP3 and VideoFlash with files such as 1001_DFA_ANG_XX.wav: actor,
sentence, emotion that was acted, and its level. The label is what was acted, not what the crowd perceived.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engine.corpora.releases.release import Options, Release, Row, files_below, is_pointer
from engine.errors import DataError

_NAME = re.compile(r"([0-9]{4})_([A-Z]{3})_([A-Z]{3})_([A-Z]{2}|X)")
_EMOTIONS = {"ANG": "anger", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral", "SAD": "sad"}
_SENTENCES = {
    "IEO": "It's eleven o'clock",
    "TIE": "That is exactly what happened",
    "IOM": "I'm on my way to the meeting",
    "IWW": "I wonder what this is about",
    "TAI": "The airplane is almost full",
    "MTI": "Maybe tomorrow it will be cold",
    "IWL": "I would like a new alarm clock",
    "ITH": "I think I have a doctor's appointment",
    "DFA": "Don't forget a jacket",
    "ITS": "I think I've seen this before",
    "TSI": "The surface is slick",
    "WSI": "We'll stop in a couple of minutes",
}
_SOUND = (".wav", ".mp3")
_PICTURES = (".flv", ".mp4")


def read(folder: Path, options: Options) -> Release:
    """Read CREMA-D from its repository.

    Option: ``text``. Without it there are no words: its twelve sentences are said in every emotion and tell nothing.

    Raises
    ------
    DataError
        When no file has a name of CREMA-D, or none of its media were downloaded.
    """
    left_out: Counter[str] = Counter()
    sounds = _by_name(folder, _SOUND, left_out)
    pictures = _by_name(folder, _PICTURES, left_out)
    rows = []
    for name in sorted({*sounds, *pictures}):
        actor, sentence, emotion, _ = name.split("_")
        rows.append(
            Row(
                id=name,
                label=_EMOTIONS[emotion],
                audio=sounds.get(name),
                video=pictures.get(name),
                text=_SENTENCES.get(sentence) if options.text else None,
                speaker=actor,
            )
        )
    if not rows:
        pointers = left_out.get(_POINTERS)
        why = (
            f"its {pointers} media files are pointers of git-lfs: run git lfs pull in it"
            if pointers
            else "expected files such as AudioWAV/1001_DFA_ANG_XX.wav or VideoFlash/1001_DFA_ANG_XX.flv"
        )
        raise DataError(f"{folder} holds no media of CREMA-D: {why}")
    notes = [
        f"{missing} of {len(rows)} utterances have no {what}"
        for what, missing in (
            ("sound", sum(row.audio is None for row in rows)),
            ("pictures", sum(row.video is None for row in rows)),
        )
        if missing
    ]
    return Release(rows=tuple(rows), left_out=left_out, notes=tuple(notes))


_POINTERS = "files that git-lfs has not downloaded (run git lfs pull)"


def _by_name(folder: Path, suffixes: Sequence[str], left_out: Counter[str]) -> dict[str, Path]:
    """Files by name; where one is there in two formats, the first of ``suffixes`` counts."""
    found: dict[str, Path] = {}
    for path in files_below(folder, suffixes):
        name = _NAME.fullmatch(path.stem)
        if name is None or name.group(3) not in _EMOTIONS:
            left_out["files that are not named as in CREMA-D"] += 1
        elif is_pointer(path):
            left_out[_POINTERS] += 1
        else:
            rank = suffixes.index(path.suffix.lower())
            other = found.get(path.stem)
            if other is None or rank < suffixes.index(other.suffix.lower()):
                found[path.stem] = path
    return found
