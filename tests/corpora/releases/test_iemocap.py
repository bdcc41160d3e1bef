from __future__ import annotations

from pathlib import Path

import pytest

from engine.corpora.manifest import WHOLE, Part
from engine.corpora.releases import READERS, Options
from engine.errors import DataError
from tests.corpora.releases.test_ravdess import tree

read = READERS["iemocap"].read

EVALUATION = """% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]

[6.2901 - 8.2357]\t{d}_F000\tneu\t[2.5000, 2.5000, 2.5000]
C-E2:\tNeutral;\t()
A-E3:\tval 3; act 2; dom  2;\t()

[10.0100 - 11.3925]\t{d}_M000\texc\t[3.5000, 3.5000, 3.5000]
C-E2:\tExcited;\t()

[20.0000 - 21.0000]\t{d}_M001\txxx\t[2.0000, 2.5000, 2.5000]
[22.0000 - 23.0000]\t{d}_M002\tfea\t[2.0000, 2.5000, 2.5000]
[24.0000 - 25.0000]\t{d}_F001\tang\t[2.0000, 2.5000, 2.5000]
"""
TRANSCRIPT = """{d}_F000 [006.2901-008.2357]: Excuse me. [LAUGHTER]
{d}_M000 [010.0100-011.3925]: Do you have your forms?
{d}_MXX0 [012.0000-013.0000]: Yeah.
F: [BREATHING]
"""


def release(folder: Path, *dialogues: str) -> Path:
    root = folder / "IEMOCAP_full_release"
    for name in dialogues:
        session = root / f"Session{int(name[3:5])}"
        labels, words = session / "dialog/EmoEvaluation", session / "dialog/transcriptions"
        tree(
            session,
            f"sentences/wav/{name}/{name}_F000.wav",
            f"sentences/wav/{name}/{name}_M000.wav",
            f"dialog/avi/DivX/{name}.avi",
            "dialog/EmoEvaluation/Categorical/Ses01F_impro01_e2_cat.txt",
            "dialog/EmoEvaluation/._Ses01F_impro01.txt",
            f"dialog/transcriptions/{name}.txt",
        )
        (labels / f"{name}.txt").write_text(EVALUATION.format(d=name))
        (words / f"{name}.txt").write_text(TRANSCRIPT.format(d=name))
    return root


def test_turns(tmp_path: Path) -> None:
    root = release(tmp_path, "Ses01F_impro01", "Ses05M_script01_1b")
    found = read(tmp_path, Options())
    woman, man, *second = found.rows
    assert (woman.id, woman.label, woman.text) == ("Ses01F_impro01_F000", "neutral", "Excuse me.")
    assert (woman.speaker, woman.fold, woman.video, woman.part) == ("Ses01F", "Session1", None, WHOLE)
    assert woman.audio == root / "Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav"
    assert (man.label, man.speaker, man.text) == ("excited", "Ses01M", "Do you have your forms?")
    assert [row.speaker for row in second] == ["Ses05F", "Ses05M"] and second[0].fold == "Session5"
    assert found.left_out == {
        "turns on which the raters did not agree (xxx)": 2,
        "turns labelled fear": 2,
        "turns whose sound is missing in sentences/wav": 2,
    }
    assert "both actors" in found.notes[0]
    assert read(root, Options()).rows == found.rows


def test_faces_are_cut_in_time_and_by_half(tmp_path: Path) -> None:
    root = release(tmp_path, "Ses01F_impro01", "Ses02M_impro02")
    woman, man, other, marked = read(root, Options(faces=True)).rows
    assert woman.video == root / "Session1/dialog/avi/DivX/Ses01F_impro01.avi"
    assert woman.part == Part(start_s=6.2901, end_s=8.2357, side="left")
    assert man.part.side == "right" and other.part.side == "right" and marked.part.side == "left"
    (root / "Session2/dialog/avi/DivX/Ses02M_impro02.avi").unlink()
    found = read(root, Options(faces=True))
    assert found.rows[2].video is None
    assert found.left_out["faces (not turns) whose dialogue is missing in dialog/avi/DivX"] == 2


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no folder Session1 to Session5"):
        read(tmp_path, Options())
    with pytest.raises(DataError, match=r"there is no folder"):
        read(tmp_path / "nothing", Options())
    root = release(tmp_path, "Ses01F_impro01")
    (root / "Session2").mkdir()
    with pytest.raises(DataError, match=r"Session2 has no label file: expected dialog/EmoEvaluation"):
        read(root, Options())
    (root / "Session2").rmdir()
    path = root / "Session1/dialog/EmoEvaluation/Ses01F_impro01.txt"
    path.write_text("nothing")
    with pytest.raises(DataError, match=r"Ses01F_impro01.txt holds no label: expected lines such as"):
        read(root, Options())
    path.write_text(EVALUATION.format(d="Ses01F_impro01"))
    for wav in root.rglob("*.wav"):
        wav.unlink()
    with pytest.raises(DataError, match=r"labels no turn whose sound is in sentences/wav"):
        read(root, Options())
