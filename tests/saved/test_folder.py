"""The folder of a session is private, has one writer, is never overwritten, and is deleted whole and alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from engine.errors import DataError, OutputError
from engine.faults import Fault
from engine.saved.about import SessionAbout
from engine.saved.folder import SessionFolder, place_for
from tests.disks import small_disk

NOW = datetime(2026, 3, 9, 8, 5, 7)
ABOUT = SessionAbout(
    began_at="2026-03-09T08:05:07.000+00:00",
    from_s=1.5,
    until_s=9.25,
    complete=True,
    settings={"fusions": ["self"], "step_s": 0.25, "live_step_s": 0.25, "asr": "none"},
    picture_size=(640, 480),
    sound_rate_hz=48_000,
    devices=({"kind": "camera", "name": "C"},),
    faults=(Fault(pts_s=2.0, part="camera", text="It is gone."),),
)


def made(path: Path) -> SessionFolder:
    """A session that was recorded, with every kind of file."""
    with SessionFolder.create(path) as folder:
        folder.write_about(ABOUT)
        for file in (folder.media_path, folder.journal_path, folder.annotations_path):
            file.write_bytes(b"x")
    return SessionFolder.open(path)


@pytest.mark.parametrize("umask", [0, 0o777])
def test_it_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with SessionFolder.create(tmp_path / "a") as folder:
            folder.write_about(ABOUT)
            assert folder.path.stat().st_mode & 0o777 == 0o700
            assert {one.name: one.stat().st_mode & 0o777 for one in folder.path.iterdir()} == {
                "session.json": 0o600,
                ".lock": 0o600,
            }
    finally:
        os.umask(before)


def test_an_empty_folder_that_was_open_becomes_private(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    with SessionFolder.create(tmp_path / "a") as folder:
        assert folder.path.stat().st_mode & 0o777 == 0o700


def test_what_it_says_of_itself_comes_back(tmp_path: Path) -> None:
    found = made(tmp_path / "a").read_about()
    assert found == ABOUT
    assert found.config.fusions == ("self",) and found.config.step_s == 0.25


def test_the_second_one_is_refused_also_in_another_process(tmp_path: Path) -> None:
    with SessionFolder.create(tmp_path / "a") as folder:
        assert SessionFolder(folder.path).in_use
        with pytest.raises(OutputError, match="in use by another Attune: wait until it has ended"):
            SessionFolder.create(folder.path)
        code = (
            "from pathlib import Path; from engine.saved.folder import SessionFolder; "
            f"SessionFolder.create(Path({str(folder.path)!r}))"
        )
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
        assert "in use by another Attune" in other.stderr
        folder.write_about(ABOUT)
    with pytest.raises(OutputError, match="holds a recorded session already"):
        SessionFolder.create(folder.path)
    assert not SessionFolder(folder.path).in_use


def test_other_places_are_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    full = tmp_path / "full"
    full.mkdir()
    full.chmod(0o755)
    (full / "notes.txt").write_bytes(b"mine")
    file = f"^{re.escape(str(tmp_path / 'file'))} is a file"
    for place, why in ((tmp_path / "file", file), (full, "not empty"), (tmp_path / "file" / "in", file)):
        with pytest.raises(OutputError, match=why):
            SessionFolder.create(place)
    assert (full / "notes.txt").read_bytes() == b"mine" and full.stat().st_mode & 0o777 == 0o755
    assert [one.name for one in full.iterdir()] == ["notes.txt"]


def test_a_session_on_a_read_only_disk_is_not_in_use(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        made(disk / "a")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert not SessionFolder.open(disk / "a").in_use
        with pytest.raises(OutputError, match="Read-only"):
            SessionFolder.open(disk / "a").delete()


def test_a_read_only_disk_is_told(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", read_only=True) as disk, pytest.raises(OutputError, match="Read-only"):
        SessionFolder.create(disk / "a")


def test_a_folder_of_sessions_gets_one_by_date(tmp_path: Path) -> None:
    every = tmp_path / "sessions"
    assert place_for(every, NOW) == every
    every.mkdir()
    assert place_for(every, NOW) == every
    made(every / "one")
    (every / "notes.txt").touch()
    assert place_for(every, NOW) == every / "2026-03-09_08-05-07"
    made(every / "2026-03-09_08-05-07")
    assert place_for(every, NOW) == every / "2026-03-09_08-05-07_2"
    with pytest.raises(OutputError, match="holds a recorded session already"):
        place_for(every / "one", NOW)
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").touch()
    with pytest.raises(OutputError, match="not empty"):
        place_for(other, NOW)


def test_folders_that_may_not_be_looked_into_are_no_sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every disk of Linux has one, lost+found."""
    (tmp_path / "lost+found").mkdir()
    real = Path.is_file

    def is_file(path: Path) -> bool:
        if "lost+found" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "is_file", is_file)
    with pytest.raises(OutputError, match=r"not empty \(lost\+found is in it\)"):
        place_for(tmp_path, NOW)
    made(tmp_path / "one")
    assert place_for(tmp_path, NOW) == tmp_path / "2026-03-09_08-05-07"


def test_deleting_removes_everything_of_it(tmp_path: Path) -> None:
    folder = made(tmp_path / "a")
    for draft in (".session-12-abcd.json", ".annotations-12-abcd.json"):  # as a crash leaves them
        (folder.path / draft).touch()
    assert folder.size_bytes() > 3
    assert folder.delete() == ()
    assert not folder.path.exists()


def test_deleting_leaves_what_is_not_of_it_and_follows_no_link(tmp_path: Path) -> None:
    folder = made(tmp_path / "a")
    outside = tmp_path / "outside.mkv"
    outside.write_bytes(b"mine")
    folder.media_path.unlink()
    folder.media_path.symlink_to(outside)
    (folder.path / "paper.txt").touch()
    folder.annotations_path.unlink()
    folder.annotations_path.mkdir()
    assert folder.delete() == (folder.path / "annotations.json", folder.path / "paper.txt")
    assert outside.read_bytes() == b"mine" and not folder.about_path.exists()


def test_deleting_is_refused_where_it_would_be_wrong(tmp_path: Path) -> None:
    folder = made(tmp_path / "a")
    (tmp_path / "link").symlink_to(folder.path)
    with pytest.raises(OutputError, match="is a link"):
        SessionFolder(tmp_path / "link").delete()
    (tmp_path / "other").mkdir()
    with pytest.raises(OutputError, match="holds no recorded session"):
        SessionFolder(tmp_path / "other").delete()
    other = SessionFolder(folder.path)
    other.hold()
    with pytest.raises(OutputError, match="in use"):
        folder.delete()
    other.release()
    assert folder.about_path.exists() and folder.media_path.exists()


def test_folders_without_a_session_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not the folder of a recorded session"):
        SessionFolder.open(tmp_path / "none")
    with pytest.raises(DataError, match="holds no recorded session"):
        SessionFolder.open(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"format": "attune session", "version": 2}',
        b'{"format": "attune session", "version": 1}',
        b"\xff\xfe",
    ],
)
def test_damaged_descriptions_are_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "session.json").write_bytes(content)
    with pytest.raises(DataError, match=r"session\.json"):
        SessionFolder.open(tmp_path).read_about()


def test_a_description_that_is_none_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_bytes(b" " * ((4 << 20) + 1))
    with pytest.raises(DataError, match="far too large"):
        SessionFolder.open(tmp_path).read_about()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_in_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "mine").chmod(0o644)
    folder = made(tmp_path / "a")
    (tmp_path / "a" / ".lock").unlink(missing_ok=True)
    (tmp_path / "a" / ".lock").symlink_to(tmp_path / "mine")
    assert not folder.in_use
    with pytest.raises(OutputError):
        folder.hold()
    assert (tmp_path / "mine").read_text() == "precious" and (tmp_path / "mine").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "change",
    [
        {"from_s": "1"},
        {"until_s": float("nan")},
        {"complete": 1},
        {"picture_size": [1, 2, 3]},
        {"picture_size": [1, -2]},
        {"devices": {}},
        {"faults": [{}]},
        {"face_dim": 1e9},
        {"sound_rate_hz": 0},
        {"from_s": -1.0},
        {"from_s": 1e9},
        {"until_s": -5},
        {"until_s": 1e300},
        {"until_s": 50 * 86_400.0},
    ],
)
def test_damaged_fields_are_told(tmp_path: Path, change: dict[str, object]) -> None:
    path = made(tmp_path / "a").about_path
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DataError, match="damaged"):
        SessionFolder.open(path.parent).read_about()


def test_half_characters_are_replaced_and_names_of_any_bytes_can_be_written(tmp_path: Path) -> None:
    folder = made(tmp_path / "a")
    folder.about_path.write_text(folder.about_path.read_text().replace("It is gone.", "It is \\ud800 gone."))
    about = folder.read_about()
    assert about.faults[0].text == "It is ? gone."
    folder.write_about(replace(about, devices=({"kind": "camera", "name": os.fsdecode(b"q\xff.mp4")},)))
    assert folder.read_about().devices[0]["name"] == "q?.mp4"


def test_what_was_made_goes_again_and_what_was_there_stays(tmp_path: Path) -> None:
    SessionFolder.create(tmp_path / "new" / "a").abandon()
    assert not list(tmp_path.iterdir())
    (tmp_path / "mine").mkdir()
    SessionFolder.create(tmp_path / "mine").abandon()
    assert [one.name for one in tmp_path.rglob("*")] == ["mine"]
    with SessionFolder.create(tmp_path / "mine"):
        with pytest.raises(OutputError, match="in use"):
            SessionFolder.create(tmp_path / "mine")
        assert (tmp_path / "mine" / ".lock").exists()


@pytest.mark.parametrize("settings", [{"step_s": "x"}, {"fusions": "self"}, {"step_s": 1e9}, {"asr": None}])
def test_damaged_settings_are_told(settings: dict[str, object]) -> None:
    with pytest.raises(DataError, match="damaged"):
        _ = SessionAbout(began_at="", settings=settings).config
