from __future__ import annotations

from pathlib import Path

import pytest

from engine.corpora.releases import READERS, Options
from engine.errors import DataError
from tests.corpora.releases.test_ravdess import tree

read = READERS["meld"].read
HEADING = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime\n"


def labels(folder: Path, split: str, *lines: str, encoding: str = "utf-8") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = HEADING + "".join(f'{k},{line},8,21,"00:16:16,059","00:16:21,731"\n' for k, line in enumerate(lines))
    (folder / f"{split}_sent_emo.csv").write_bytes(text.encode(encoding))


def line(utterance: str, emotion: str, dialogue: int, number: int, speaker: str = "Ross") -> str:
    return f'"{utterance}",{speaker},{emotion},neutral,{dialogue},{number}'


def release(folder: Path) -> Path:
    raw = folder / "MELD.Raw"
    labels(
        raw,
        "train",
        line("I\x92m \x93fine\x94", "joy", 0, 0),
        line("So,\nno.", "sadness", 0, 1),
        line("Eh", "fear", 125, 3),
    )
    labels(raw, "dev", line("Well", "neutral", 0, 0, "Phoebe"), line("What?", "confused", 0, 1))
    labels(raw, "test", line("Wow", "surprise", 0, 0), line("Wow", "surprise", 0, 0))
    return tree(
        raw,
        "train/train_splits/dia0_utt0.mp4",
        "train/train_splits/dia0_utt1.mp4",
        "train/train_splits/dia9_utt9.mp4",
        "dev/dev_splits_complete/dia0_utt0.mp4",
        "test/output_repeated_splits_test/dia0_utt0.mp4",
        "test/output_repeated_splits_test/._dia0_utt0.mp4",
        "test/output_repeated_splits_test/final_videos_testdia0_utt0.mp4",
    )


def test_labels_and_clips(tmp_path: Path) -> None:
    release(tmp_path)
    found = read(tmp_path, Options())
    first, second, dev, test = found.rows
    assert (first.id, first.label, first.split, first.speaker) == ("train_dia0_utt0", "happy", "train", "Ross")
    assert first.text == "I\u2019m \u201cfine\u201d" and second.text == "So,\nno." and second.label == "sad"
    assert first.audio == first.video == tmp_path / "MELD.Raw/train/train_splits/dia0_utt0.mp4"
    assert (dev.id, dev.label, dev.speaker, test.label, test.split) == (
        "dev_dia0_utt0",
        "neutral",
        "Phoebe",
        "surprise",
        "test",
    )
    assert found.left_out == {
        "train: utterances whose clip is missing": 1,
        "train: clips that the label file does not name": 1,
        "dev: utterances with the unknown emotion 'confused'": 1,
        "test: lines for an utterance that has one already": 1,
    }
    assert found.notes == ()


def test_labels_alone_give_words_alone(tmp_path: Path) -> None:
    for split in ("train", "dev", "test"):
        labels(tmp_path / "data" / "MELD", split, line("I\x92m", "anger", 0, 0), encoding="latin-1")
    found = read(tmp_path, Options())
    assert [row.text for row in found.rows] == ["I\u2019m"] * 3  # files that are cp1252 are read too
    assert found.rows[0].audio is None and "no clips were found" in found.notes[0]


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    raw = release(tmp_path)
    for path in raw.rglob("*.mp4"):
        path.rename(path.with_name("dia77_utt7.mp4"))
    with pytest.raises(DataError, match=r"none of the utterances .* has its clip"):
        read(tmp_path, Options())
    (raw / "dev_sent_emo.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"dev_sent_emo.csv lacks the column Utterance and Speaker"):
        read(tmp_path, Options())
    (raw / "dev_sent_emo.csv").write_text(HEADING + "1,hello,Ross\n")
    with pytest.raises(DataError, match=r"dev_sent_emo.csv, row 2: expected 11 cells"):
        read(tmp_path, Options())
    (raw / "dev_sent_emo.csv").unlink()
    with pytest.raises(DataError, match=r"has no dev_sent_emo.csv: expected the label files of MELD"):
        read(tmp_path, Options())
