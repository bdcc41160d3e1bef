"""IEMOCAP: the interactive emotional dyadic motion capture database (Busso et al. 2008).

IEMOCAP_full_release has Session1 to Session5. In each, dialog/EmoEvaluation/DIALOGUE.txt holds the labels,
dialog/transcriptions/DIALOGUE.txt the words, sentences/wav/DIALOGUE/TURN.wav the voice of each turn, and
dialog/avi/DivX/DIALOGUE.avi the pictures of the whole dialogue with both actors side by side.

Ses01F_impro01 is a dialogue of session 1 in which the woman (F) wears markers; turn Ses01F_impro01_M000 is said by the
man. The folds are the sessions: nobody is heard in two of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from engine.corpora.manifest import WHOLE, Part, Side
from engine.corpora.releases.release import Options, Release, Row
from engine.errors import DataError

_EMOTIONS = {
    "ang": "angry",
    "exc": "excited",
    "fru": "frustrated",
    "hap": "happy",
    "neu": "neutral",
    "sad": "sad",
    "sur": "surprise",
}
_OUTSIDE = {
    "dis": "labelled disgust",
    "fea": "labelled fear",
    "oth": "labelled other",
    "xxx": "on which the raters did not agree (xxx)",
}
_LABEL = re.compile(r"\[([0-9.]+) - ([0-9.]+)\]\t(Ses[0-9]{2}[FM]_\w+_([FM])[0-9]+)\t([a-z]{3})\t")
_WORDS = re.compile(r"(Ses[0-9]{2}[FM]_\w+_[FM](?:[0-9]+))\s+\[[^\]]*\]:\s*(.*)")
_SOUND_NAMES = re.compile(r"\[[A-Z]+\]")
"""What the transcripts write for laughter, breathing and the like."""


def read(folder: Path, options: Options) -> Release:
    """Read IEMOCAP from IEMOCAP_full_release or the folder around it.

    Labels are those of the paper: angry, excited, frustrated, happy, neutral, sad and surprise. Turns that the raters
    did not agree on and those labelled disgust, fear or other are left out, with their count.

    Option ``faces``: the avi is cut in time, and the half of it that shows the speaker is taken: the left one for the
    actor who wears the markers, whom the dialogue's name tells, else the right one. The release does not say which half
    is whose, and the wrong face would be learned from without any sign of it. So faces come only when asked for, and a
    few should be looked at before relying on them.

    Raises
    ------
    DataError
        When a session or its label files are missing, or a label file is not as expected.
    """
    left_out: Counter[str] = Counter()
    rows = [row for session in _sessions(folder) for row in _session(session, options, left_out)]
    if not rows:
        raise DataError(f"{folder} labels no turn whose sound is in sentences/wav: unpack all of IEMOCAP_full_release")
    notes = (
        ("faces: the left half of the picture is taken for the actor with markers; look at some before relying on it",)
        if options.faces
        else ("faces are left out: the pictures show both actors of a dialogue side by side; see the option faces",)
    )
    return Release(rows=tuple(rows), left_out=left_out, notes=notes)


def _sessions(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}: give IEMOCAP_full_release")
    for parent in (
        folder,
        folder / "IEMOCAP_full_release",
        folder.parent if folder.name.startswith("Session") else folder,
    ):
        found = sorted(one for one in parent.glob("Session[1-9]") if one.is_dir())
        if found:
            return found
    raise DataError(f"{folder} holds no folder Session1 to Session5: give IEMOCAP_full_release")


def _session(session: Path, options: Options, left_out: Counter[str]) -> Iterator[Row]:
    labels = session / "dialog" / "EmoEvaluation"
    files = sorted(one for one in labels.glob("Ses*.txt") if one.is_file())
    if not files:
        raise DataError(
            f"{session} has no label file: expected dialog/EmoEvaluation/Ses01F_impro01.txt and others in it"
        )
    for path in files:
        words = _words(session / "dialog" / "transcriptions" / path.name)
        found = list(_LABEL.finditer(_text(path)))
        if not found:
            raise DataError(
                f"{path} holds no label: expected lines such as [6.2901 - 8.2357] Ses01F_impro01_F000 neu [...]"
            )
        for match in found:
            row = _row(session, path.stem, match, words, options, left_out)
            if row is not None:
                yield row


def _row(
    session: Path, dialogue: str, match: re.Match[str], words: dict[str, str], options: Options, left_out: Counter[str]
) -> Row | None:
    start, end, turn, speaker, emotion = match.groups()
    wav = session / "sentences" / "wav" / dialogue / f"{turn}.wav"
    if emotion not in _EMOTIONS:
        left_out[f"turns {_OUTSIDE.get(emotion, f'with the unknown label {emotion!r}')}"] += 1
        return None
    if not wav.is_file():
        left_out["turns whose sound is missing in sentences/wav"] += 1
        return None
    avi = session / "dialog" / "avi" / "DivX" / f"{dialogue}.avi"
    shown = options.faces and avi.is_file()
    if options.faces and not shown:
        left_out["faces (not turns) whose dialogue is missing in dialog/avi/DivX"] += 1
    return Row(
        id=turn,
        label=_EMOTIONS[emotion],
        audio=wav,
        video=avi if shown else None,
        part=Part(start_s=float(start), end_s=float(end), side=_side(turn, speaker)) if shown else WHOLE,
        text=words.get(turn),
        speaker=turn[:5] + speaker,
        fold=session.name,
    )


def _side(turn: str, speaker: str) -> Side:
    """The half of the picture that shows who speaks: the letter after the session's number says who wears markers."""
    return "left" if turn[5] == speaker else "right"


def _words(path: Path) -> dict[str, str]:
    """What is said in each turn; nothing where there is no transcript."""
    if not path.is_file():
        return {}
    turns = (match.groups() for match in _WORDS.finditer(_text(path)))
    spoken = ((turn, " ".join(_SOUND_NAMES.sub(" ", text).split())) for turn, text in turns)
    return {turn: text for turn, text in spoken if text}


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
