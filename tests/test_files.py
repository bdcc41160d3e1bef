from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import OutputError, SourceError
from engine.files import alone_in, begin_beside, make_folder, replacing, sweep
from tests.drafts import leave_draft


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


def test_a_draft_of_a_killed_process_is_swept_and_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "result.csv"
    leave_draft(path)
    (tmp_path / ".hidden-notes.csv").touch()
    assert len(list(tmp_path.iterdir())) == 2
    with replacing(path) as draft:
        draft.write_text("new")
        sweep(tmp_path)
        assert draft.exists()  # it is being written
        foreign = tmp_path / ".result-00000000-999999999-00000000.csv"  # of another machine
        foreign.touch()
        sweep(tmp_path)
        assert foreign.exists()
        os.utime(foreign, (0, 0))
        sweep(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".hidden-notes.csv", "result.csv"]
    sweep(tmp_path / "nothing")


@pytest.mark.skipif(os.name == "nt", reason="this system has no such modes")
def test_private_files_and_folders(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "a" / "b", private=True)
    with replacing(folder / "x.json", private=True) as draft:
        assert draft.stat().st_mode & 0o777 == 0o600
        draft.write_text("{}")
    assert (folder / "x.json").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name == "nt", reason="tests the way of other systems")
def test_only_one_process_at_a_time_is_alone_in_a_folder(tmp_path: Path) -> None:
    program = "import sys; from pathlib import Path; from engine.files import alone_in\n"
    program += "with alone_in(Path(sys.argv[1])):\n    print('in', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "in\n"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("engine.files._LONGEST_WAIT_S", 0.0)
            with pytest.raises(OutputError, match="another Attune writes into"), alone_in(tmp_path):
                pass
        other.communicate(timeout=30)
    with alone_in(tmp_path):
        assert not list(tmp_path.iterdir())


def test_folders_that_were_begun_and_abandoned_are_removed(tmp_path: Path) -> None:
    old, young = tmp_path / ".attune-old", tmp_path / ".attune-young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "half").touch()
    os.utime(old, (0, 0))
    with begin_beside(tmp_path) as begun:
        assert Path(begun).parent == tmp_path
        assert not old.exists() and young.exists()
    assert list(tmp_path.iterdir()) == [young]
