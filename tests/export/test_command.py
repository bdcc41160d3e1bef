"""``attune export`` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from main import main
from tests.export.short import save_short
from tests.export.test_film import media
from tests.fakes import FakeHearing, FakeTracker, fake_components

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``attune export ...`` with fakes for models; gives its status and what it says."""

    @contextmanager
    def loaded(*_: Any, **__: Any) -> Iterator[Any]:
        yield fake_components()

    monkeypatch.setattr("demo.cli.loading.loaded", loaded)
    monkeypatch.setattr("engine.features.speech.Hearing", FakeHearing)
    monkeypatch.delenv("ATTUNE_DEBUG", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        status = main(["export", *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_a_recording_into_a_folder_beside_it(tmp_path: Path, run: Run) -> None:
    path = media(tmp_path / "talk.mkv")
    status, said, _ = run("--to", "csv,MP4, srt", path)
    out = tmp_path / "talk-export"
    names = ["predictions.csv", "words.csv", "utterances.csv", "annotations.csv", "columns.md", "talk.srt"]
    assert status == 0 and said.splitlines() == [f"{out}: {', '.join([*names, 'talk-overlay.mp4'])}"]
    assert sorted(one.name for one in out.iterdir()) == sorted([*names, "talk-overlay.mp4"])


def test_a_session(tmp_path: Path, run: Run) -> None:
    save_short(tmp_path / "monday", complete=False)
    status, said, notes = run(tmp_path / "monday", "--to", "jsonl", "--out", tmp_path / "out" / "deep")
    assert status == 0 and said == f"{tmp_path / 'out' / 'deep'}: monday.jsonl, columns.md\n"
    assert "note: The recording was cut off" in notes
    assert run(tmp_path / "monday", "--to", "srt")[0] == 0
    assert (tmp_path / "monday-export").stat().st_mode & 0o077 == 0
    status, _, errors = run(tmp_path / "monday", "--to", "mp4")
    assert status == 1 and errors.splitlines()[-1].startswith("error: monday holds no pictures or sound")


def test_a_film_of_a_damaged_recording_is_told(tmp_path: Path, run: Run) -> None:
    save_short(tmp_path / "monday")
    media(tmp_path / "monday" / "media.mkv")
    status, _, notes = run(tmp_path / "monday", "--to", "mp4")
    assert status == 0 and "note: The film ends at 3.0 s, the session at 5.7 s." in notes


def test_mistakes(tmp_path: Path, run: Run) -> None:
    status, _, errors = run(tmp_path, "--to", "csv")
    assert status == 1 and errors.startswith(f"error: {tmp_path} is a folder, but holds no recorded session: name a")
    status, _, errors = run(tmp_path / "gone.mp4", "--to", "csv")
    assert status == 1 and errors.startswith(f"error: {tmp_path / 'gone.mp4'} does not exist")
    status, _, errors = run(tmp_path / "gone.mp4", "--to", "csv,doc,pdf")
    assert status == 2 and "there is no format doc, pdf: choose from csv, jsonl, parquet, eaf, srt, webvtt" in errors
    assert run("--to", "csv")[0] == 2
    status, _, errors = run(tmp_path / "gone.mp4")
    assert status == 2 and "--to" in errors
    (tmp_path / "talk-export").touch()
    status, _, errors = run(media(tmp_path / "talk.mkv"), "--to", "csv")
    assert status == 1 and f"{tmp_path / 'talk-export'} is a file, not a folder" in errors


def test_a_part_that_fails_for_good_is_told_after_everything_is_written(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def loaded(*_: Any, **__: Any) -> Iterator[Any]:
        yield fake_components(face_tracker=FakeTracker(fail))

    def fail(frame: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("demo.cli.loading.loaded", loaded)
    status, said, errors = run(media(tmp_path / "talk.mkv"), "--to", "jsonl")
    assert (status, said) == (1, f"{tmp_path / 'talk-export'}: talk.jsonl, columns.md\n")
    assert "fault at 00:00" in errors
    heading = json.loads((tmp_path / "talk-export" / "talk.jsonl").read_text().splitlines()[0])
    assert any(one["part"] == "face" and one["lasting"] for one in heading["faults"])


def test_a_full_disk_is_one_sentence_and_a_status(small_disk: Path, tmp_path: Path, run: Run) -> None:
    path = media(tmp_path / "talk.mkv")
    (small_disk / "full").write_bytes(b"x" * 60_000)
    status, said, errors = run(path, "--to", "parquet,mp4", "--out", small_disk / "out")
    (line,) = errors.splitlines()
    assert (status, said) == (1, "") and line.startswith("error: cannot write ") and "No space left on device" in line
    assert [one.name for one in small_disk.iterdir()] == ["full"]


def test_help_shows_both(run: Run) -> None:
    for arguments in ((), ("--help",), ("-h",), ("some.mp4", "--help")):
        status, said, _ = run(*arguments)
        assert status == 0 and "SESSION|FILE" in said and "--to" in said and "export onnx CHECKPOINT" in said
    status, said, _ = run("onnx", "--help")
    assert status == 0 and "CHECKPOINT" in said and "--to" not in said
