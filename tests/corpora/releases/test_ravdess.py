from __future__ import annotations

from pathlib import Path

import pytest

from engine.corpora.releases import READERS, Options
from engine.errors import DataError

read = READERS["ravdess"].read


def tree(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_the_files_of_a_take_belong_together(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "Audio_Speech_Actors_01-24/Actor_12/03-01-06-01-02-01-12.wav",
        "Video_Speech_Actor_12/Actor_12/01-01-06-01-02-01-12.mp4",
        "Video_Speech_Actor_12/Actor_12/02-01-06-01-02-01-12.mp4",
        "Video_Speech_Actor_12/Actor_12/01-01-08-02-01-02-12.mp4",
        "Actor_01/02-01-03-01-01-01-01.mp4",
    )
    happy, fear, surprise = read(tmp_path, Options()).rows
    assert (happy.label, happy.audio, happy.speaker) == ("happy", None, "actor01")
    assert happy.video is not None and happy.video.name.startswith("02-")
    assert (fear.id, fear.label, fear.text, fear.speaker) == ("01-06-01-02-01-12", "fear", None, "actor12")
    assert fear.audio is not None and fear.audio.suffix == ".wav"
    assert fear.video is not None and fear.video.name.startswith("01-")
    assert surprise.label == "surprise" and surprise.audio == surprise.video


def test_options(tmp_path: Path) -> None:
    tree(tmp_path, "Actor_01/03-01-02-01-01-01-01.wav", "Actor_01/03-02-02-01-02-01-01.wav")
    (one,) = (release := read(tmp_path, Options())).rows
    assert one.label == "calm" and release.left_out == {"files of song": 1}
    speech, song = read(tmp_path, Options(calm="neutral", song=True, text=True)).rows
    assert speech.label == song.label == "neutral"
    assert speech.text == "Kids are talking by the door" and song.text == "Dogs are sitting by the door"


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "Actor_01/03-01-02-01-01-01-01.wav",
        "audio_speech_actors_01-24/Actor_01/03-01-02-01-01-01-01.wav",  # as some copies have it
        "Actor_01/03-01-09-01-01-01-01.wav",
        "Actor_01/notes.wav",
        "Actor_01/._03-01-02-01-01-01-02.wav",
    )
    release = read(tmp_path, Options())
    assert len(release.rows) == 1 and release.labels == {"calm": 1}
    assert release.left_out == {
        "files that are there twice": 1,
        "files that are not named by seven numbers as in RAVDESS": 2,
    }
    assert release.notes == ("1 of 1 utterances have sound and no pictures",)


def test_no_release(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no RAVDESS speech: expected files such as Actor_12/03-01"):
        read(tmp_path, Options())
    with pytest.raises(DataError, match=r"there is no folder"):
        read(tmp_path / "nothing", Options())
