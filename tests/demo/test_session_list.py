"""Finding and deleting recorded sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from demo.recording import Recording, new_folder, room_s, usual_folder
from demo.session_list import SessionList
from engine.saved.about import SessionAbout
from engine.saved.folder import SessionFolder


def record(folder: Path, began_at: str, *, complete: bool = True) -> Path:
    """What a recording leaves behind."""
    with SessionFolder.create(folder) as made:
        about = SessionAbout(began_at=began_at, from_s=2.0, until_s=65.0 if complete else None, complete=complete)
        made.write_about(about)
        made.media_path.write_bytes(b"x" * 1000)
    return folder


def listed(folder: Path) -> SessionList:
    sessions = SessionList(lambda command: command(), lambda folder: None)
    sessions.look(folder)
    return sessions


def test_sessions_are_found_newest_first(tmp_path: Path) -> None:
    record(tmp_path / "2026-03-01_10-00-00", "2026-03-01T09:00:00+00:00")
    record(tmp_path / "2026-03-02_10-00-00", "2026-03-02T09:00:00+00:00", complete=False)
    (tmp_path / "other").mkdir()
    (tmp_path / "notes.txt").write_text("no session")
    found = listed(tmp_path).listing.found
    assert found is not None
    cut, whole = found
    assert (whole.seconds, whole.complete, cut.seconds, cut.complete) == (63.0, True, None, False)
    assert whole.size_bytes > 1000 and not cut.in_use
    assert whole.made is not None and whole.made.astimezone(UTC) == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_one_that_is_being_recorded_says_so(tmp_path: Path) -> None:
    record(tmp_path / "a", "2026-03-01T09:00:00+00:00", complete=False)
    held = SessionFolder(tmp_path / "a")
    held.hold()
    try:
        found = listed(tmp_path).listing.found
    finally:
        held.release()
    assert found is not None and found[0].in_use


def test_one_that_cannot_be_read_is_listed_all_the_same(tmp_path: Path) -> None:
    folder = record(tmp_path / "a", "2026-03-01T09:00:00+00:00")
    (folder / "session.json").write_text("{")
    found = listed(tmp_path).listing.found
    assert found is not None and "damaged" in found[0].problem and found[0].made is None


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert listed(tmp_path / "none").listing.found == ()


def test_deleting_takes_everything_of_the_session_and_nothing_else(tmp_path: Path) -> None:
    folder = record(tmp_path / "a", "2026-03-01T09:00:00+00:00")
    other = record(tmp_path / "b", "2026-03-01T09:00:00+00:00")
    sessions = listed(tmp_path)
    sessions.delete(folder)
    assert not folder.exists() and other.is_dir() and not sessions.listing.problem
    assert [one.folder for one in sessions.listing.found or ()] == [other]
    (other / "letter.txt").write_text("mine")
    sessions.delete(other)
    assert (other / "letter.txt").read_text() == "mine" and not (other / "media.mkv").exists()
    assert "letter.txt" in sessions.listing.problem


def test_what_cannot_be_deleted_is_told(tmp_path: Path) -> None:
    folder = record(tmp_path / "a", "2026-03-01T09:00:00+00:00")
    held = SessionFolder(folder)
    held.hold()
    sessions = listed(tmp_path)
    try:
        sessions.delete(folder)
    finally:
        held.release()
    assert "in use" in sessions.listing.problem and (folder / "media.mkv").is_file()


def test_every_recording_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    now = datetime(2026, 3, 9, 8, 5, 7)
    first = new_folder(tmp_path, now)
    first.mkdir()
    second = new_folder(tmp_path, now)
    second.mkdir()
    assert len({first, second, new_folder(tmp_path, now)}) == 3
    assert usual_folder().name == "Attune"


def test_room_is_told_of_the_nearest_folder_that_is_there(tmp_path: Path) -> None:
    here, below = room_s(tmp_path, 1e6), room_s(tmp_path / "a" / "b", 1e6)
    assert here is not None and below is not None and abs(here - below) < 1e4
    assert Recording(state="on", left_s=10.0).short and not Recording(state="on", left_s=1e4).short
