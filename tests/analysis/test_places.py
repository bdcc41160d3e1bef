from __future__ import annotations

from pathlib import Path

import pytest

from engine.analysis.places import find_recordings
from engine.errors import DataError

OUT = Path("out")


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def found(*places: Path, out: Path = OUT) -> dict[str, str]:
    """The folder of each recording, both by their last names."""
    results = find_recordings(places, out).recordings
    return {one.path.name: one.folder.relative_to(out).as_posix() for one in results}


def test_files_get_a_folder_of_their_name() -> None:
    results = find_recordings([Path("a/x.mp4"), Path("b/x.wav"), Path("y.mp4"), Path("b/X-2.mp4")], OUT)
    assert [one.folder.name for one in results.recordings] == ["x", "x-3", "y", "X-2"]
    assert results.passed_over == 0


def test_a_folder_is_searched_at_any_depth_in_order_and_mirrored(tmp_path: Path) -> None:
    names = ("b.MP4", "a.wav", "2024/z.mkv", "2024/may/c.mp4", ".hidden.mp4", ".trash/old.mp4", "notes.txt", "a.jpg")
    results = find_recordings([fill(tmp_path, *names)], OUT)
    assert [one.path.relative_to(tmp_path).as_posix() for one in results.recordings] == [
        "2024/may/c.mp4",
        "2024/z.mkv",
        "a.wav",
        "b.MP4",
    ]
    assert [one.folder.as_posix() for one in results.recordings] == ["out/2024/may/c", "out/2024/z", "out/a", "out/b"]
    assert results.passed_over == 3


def test_several_folders_keep_their_names(tmp_path: Path) -> None:
    one, two = fill(tmp_path / "one", "a.mp4"), fill(tmp_path / "two", "a.mkv", "deep/b.mp4")
    single = fill(tmp_path, "c.wav") / "c.wav"
    assert found(one, two, single) == {"a.mp4": "one/a", "a.mkv": "two/a", "b.mp4": "two/deep/b", "c.wav": "c"}


def test_recordings_that_share_a_name(tmp_path: Path) -> None:
    fill(tmp_path, "a.mkv", "a.mp4", "a-2.mp4", "in/a.mp4", "in/A.wav")
    results = find_recordings([tmp_path], OUT).recordings
    assert len({str(one.folder).casefold() for one in results}) == 5
    assert found(tmp_path)["a-2.mp4"] == "a-2" and found(tmp_path)["a.mkv"] == "a"


def test_what_is_named_twice_is_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "talks/a.mp4", "talks/b.mp4")
    monkeypatch.chdir(tmp_path)
    results = find_recordings([tmp_path / "talks" / "b.mp4", Path("talks"), Path("talks/a.mp4")], OUT)
    assert [one.path.name for one in results.recordings] == ["b.mp4", "a.mp4"]


def test_results_within_the_folder_are_not_searched(tmp_path: Path) -> None:
    out = fill(tmp_path, "a.mp4", "results/a/timeline.png", "results/a/copy.mp4") / "results"
    results = find_recordings([tmp_path], out)
    assert [one.path.name for one in results.recordings] == ["a.mp4"] and results.passed_over == 0


def test_the_folder_that_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "talks/a.mp4", "more/b.mp4")
    monkeypatch.chdir(tmp_path / "talks")
    assert found(Path()) == {"a.mp4": "a"}
    assert found(Path(), Path("../more")) == {"a.mp4": "talks/a", "b.mp4": "more/b"}


def test_folders_without_recordings(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no recording in .*: it is empty\. Recordings end in \.mp4, "):
        find_recordings([tmp_path], OUT)
    fill(tmp_path, "notes.txt", ".a.mp4")
    with pytest.raises(DataError, match="it holds 2 other files"):
        find_recordings([tmp_path], OUT)
