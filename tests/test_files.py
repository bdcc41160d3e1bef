from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import OutputError, SourceError
from engine.files import make_folder, replacing


def test_a_result_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "result.csv"
    path.write_text("old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), SourceError("x")])
def test_nothing_is_left_of_a_failed_result(error: BaseException, tmp_path: Path) -> None:
    path = tmp_path / "result.csv"
    path.write_text("old")
    with pytest.raises(type(error)), replacing(path) as temporary:
        temporary.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_an_output_error(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"cannot write .*result.csv: No space left on device"),
        replacing(tmp_path / "result.csv"),
    ):
        raise OSError(28, "No space left on device")
    assert not list(tmp_path.iterdir())


def test_a_read_only_file_system_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)  # also where there is no such file
    with (
        pytest.raises(OutputError, match=r"cannot write .*result.csv: Read-only file system"),
        replacing(tmp_path / "result.csv") as path,
    ):
        path.write_text("x")


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(OutputError, match="is a file, not a folder"):
        make_folder(file)
    with pytest.raises(OutputError, match="cannot write"):
        make_folder(file / "below")
    with pytest.raises(OutputError, match="is a folder"), replacing(tmp_path):
        pass
    with pytest.raises(OutputError, match="cannot write"), replacing(tmp_path / "none" / "x.csv") as path:
        path.write_text("x")
