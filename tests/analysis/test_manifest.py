from __future__ import annotations

from pathlib import Path

import pytest

from engine.analysis.manifest import read_manifest
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
    with pytest.raises(DataError, match="not a CSV file in UTF-8"):
        read_manifest(path)
    with pytest.raises(DataError, match="cannot read the manifest"):
        read_manifest(tmp_path)
    with pytest.raises(DataError, match="there is no manifest"):
        read_manifest(tmp_path / "nothing.csv")
