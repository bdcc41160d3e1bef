from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import EMOTIONS
from engine.corpora.manifest import WHOLE, Part, manifest_labels, manifest_modalities, read_manifest
from engine.errors import DataError

HEADING = "id,label,audio,faces,video,text\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "items.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_relative_paths_are_relative_to_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    (tmp_path / "faces").mkdir()
    first, second = read_manifest(write(tmp_path, HEADING + 'one,Happy,a.wav,faces,,"so, good"\ntwo,sad,,,,\n'))
    assert first.audio == tmp_path / "a.wav" and first.faces == tmp_path / "faces" and first.video is None
    assert first.text == "so, good" and first.label == 3 and first.row == 2
    assert second.empty and second.row == 3


def test_absolute_paths_byte_order_mark_and_extra_columns(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    path = write(tmp_path, f"label, id ,audio,comment\nfear,x,{tmp_path / 'a.wav'},hm\n", encoding="utf-8-sig")
    (item,) = read_manifest(path)
    assert item.audio == tmp_path / "a.wav" and item.label == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("between", [";", "\t"])
def test_what_spreadsheets_write_in_place_of_commas(between: str, encoding: str, tmp_path: Path) -> None:
    text = "id,label,text\r\none,happy,so\r\n".replace(",", between)
    (item,) = read_manifest(write(tmp_path, text, encoding))
    assert (item.id, item.label, item.text) == ("one", 3, "so")


def test_modalities_that_some_row_has(tmp_path: Path) -> None:
    assert manifest_modalities(write(tmp_path, HEADING + "one,happy,,,a.mp4,\ntwo,sad,,,,no\n")) == ("video", "text")
    with pytest.raises(DataError, match=r"no row of .* has audio, faces, video or text"):
        manifest_modalities(write(tmp_path, HEADING + "one,happy,,,,\n"))


def test_what_is_not_used_is_absent_and_not_checked(tmp_path: Path) -> None:
    (item,) = read_manifest(write(tmp_path, HEADING + "one,happy,missing.wav,,,hello\n"), ("text",))
    assert item.audio is None and item.text == "hello"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty: the first row names the columns"),
        (HEADING, "holds no item"),
        ("id,text\na,hello\n", "no column label"),
        ("name,text\na,hello\n", "no column id and no column label"),
        ("id,label\na,happy\n", "none of the columns audio, faces, video, text"),
        (HEADING + "a,joy,,,,hello\n", r"row 2: unknown label 'joy'; the labels are anger, disgust, fear"),
        (HEADING + "a,happy,,,,hello\na,sad,,,,no\n", r"row 3: the id 'a' is already in row 2"),
        (HEADING + ",happy,,,,hello\n", "row 2: the id is empty"),
        (HEADING + "a,happy,,,,hello,there\n", "row 2: more cells than columns"),
        (HEADING + "a,happy,no.wav,,no.mp4,\n", r"do not exist: row 2: .*no\.wav; row 2: .*no\.mp4"),
        (HEADING + "".join(f"{i},happy,{i}.wav,,,\n" for i in range(9)), "and 4 more"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        read_manifest(write(tmp_path, text))


def test_not_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(b"\xff\xfe\x00id\x00\x81")
    with pytest.raises(DataError, match=r"not a CSV file in UTF-8"):
        read_manifest(path)
    with pytest.raises(DataError, match=r"cannot read the manifest"):
        read_manifest(tmp_path)
    with pytest.raises(DataError, match=r"there is no manifest"):
        read_manifest(tmp_path / "nothing.csv")


def test_columns_for_training(tmp_path: Path) -> None:
    for name in ("a.wav", "a.mp4"):
        (tmp_path / name).touch()
    text = (
        "id,label,audio,video,speaker,split,fold,video_start_s,video_end_s,video_side\n"
        "one,Frustrated,a.wav,a.mp4,Anna,train,f1,1.5,2,Left\n"
        "two,excited,a.wav,,,,,1.5,9,left\n"
    )
    path = write(tmp_path, text)
    assert manifest_labels(path) == ("excited", "frustrated")
    first, second = read_manifest(path, labels=manifest_labels(path))
    assert (first.label, first.speaker, first.split, first.fold) == (1, "Anna", "train", "f1")
    assert first.part == Part(start_s=1.5, end_s=2.0, side="left")
    assert (second.label, second.speaker, second.split, second.fold, second.part) == (0, None, None, None, WHOLE)
    with pytest.raises(DataError, match=r"unknown label 'excited'; the labels are Frustrated, calm"):
        read_manifest(path, labels=("Frustrated", "calm"))


def test_the_seven_labels_come_in_their_order(tmp_path: Path) -> None:
    rows = "".join(f"{name},{name},hm\n" for name in reversed(EMOTIONS))
    assert manifest_labels(write(tmp_path, "id,label,text\n" + rows)) == EMOTIONS


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("soon,,", "row 2: video_start_s must be zero or more seconds, found 'soon'"),
        ("nan,,", "video_start_s must be zero or more seconds"),
        (",-1,", "video_end_s must be zero or more seconds, found '-1'"),
        ("2,2,", "video_end_s must be later than video_start_s"),
        (",,middle", "video_side must be left, right or empty, found 'middle'"),
    ],
)
def test_wrong_parts_of_videos(cells: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    text = f"id,label,video,video_start_s,video_end_s,video_side\na,happy,a.mp4,{cells}\n"
    with pytest.raises(DataError, match=message):
        read_manifest(write(tmp_path, text))


@pytest.mark.parametrize("name", ["x" * 5000, "/dev/zero", "nul\0l"])
def test_names_that_are_no_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"id,label,audio\na,happy,{name}\n", encoding="utf-8")
    with pytest.raises(DataError, match="names files that do not exist"):
        read_manifest(path)
