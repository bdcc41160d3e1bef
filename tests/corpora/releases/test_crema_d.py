from __future__ import annotations

from pathlib import Path

import pytest

from engine.corpora.releases import READERS, Options
from engine.errors import DataError
from tests.corpora.releases.test_ravdess import tree

read = READERS["crema-d"].read


def test_sound_and_pictures_of_an_utterance_belong_together(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "AudioWAV/1001_DFA_ANG_XX.wav",
        "AudioMP3/1001_DFA_ANG_XX.mp3",
        "VideoFlash/1001_DFA_ANG_XX.flv",
        "AudioWAV/1002_IEO_HAP_HI.wav",
        "AudioMP3/1040_ITH_SAD_X.mp3",
        "AudioWAV/readme.wav",
    )
    release = read(tmp_path, Options())
    anger, happy, sad = release.rows
    assert (anger.id, anger.label, anger.speaker, anger.text) == ("1001_DFA_ANG_XX", "anger", "1001", None)
    assert anger.audio == tmp_path / "AudioWAV/1001_DFA_ANG_XX.wav"
    assert anger.video == tmp_path / "VideoFlash/1001_DFA_ANG_XX.flv"
    assert (happy.label, happy.video, sad.label) == ("happy", None, "sad")
    assert sad.audio == tmp_path / "AudioMP3/1040_ITH_SAD_X.mp3"
    assert release.left_out == {"files that are not named as in CREMA-D": 1}
    assert release.notes == ("2 of 3 utterances have no pictures",)
    assert read(tmp_path, Options(text=True)).rows[0].text == "Don't forget a jacket"


def test_pointers_of_git_lfs(tmp_path: Path) -> None:
    tree(tmp_path, "AudioWAV/1001_DFA_ANG_XX.wav", "VideoFlash/1001_DFA_ANG_XX.flv")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    (tmp_path / "VideoFlash/1001_DFA_ANG_XX.flv").write_text(pointer)
    release = read(tmp_path, Options())
    assert release.rows[0].video is None
    assert release.left_out == {"files that git-lfs has not downloaded (run git lfs pull)": 1}
    (tmp_path / "AudioWAV/1001_DFA_ANG_XX.wav").write_text(pointer)
    with pytest.raises(DataError, match=r"2 media files are pointers of git-lfs: run git lfs pull"):
        read(tmp_path, Options())


def test_no_release(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected files such as AudioWAV/1001_DFA_ANG_XX.wav"):
        read(tmp_path, Options())
