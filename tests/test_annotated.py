"""Which file holds the annotations of a recording."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from demo.marks import MarkBook
from engine.annotated import annotations_of
from engine.annotations import beside, read_annotations
from engine.assets import sample_path


@pytest.fixture
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_data_path", lambda name, appauthor: tmp_path / "data" / name)
    return tmp_path / "data"


def test_marks_of_the_sample_are_kept_among_the_data_of_the_user(data_home: Path) -> None:
    path = annotations_of(sample_path())
    assert path == data_home / "attune" / "sample.mp4.annotations.json" and not data_home.exists()
    book = MarkBook(lambda command: command())
    book.begin(path)
    book.mark(2.0, text="here")
    assert book.marks.problem == "" and [one.text for one in read_annotations(path)] == ["here"]
    assert path.parent.stat().st_mode & 0o077 == 0 or os.name == "nt"
    assert not beside(sample_path()).exists()


def test_marks_of_another_recording_are_beside_it_and_its_folder_is_not_made(data_home: Path, tmp_path: Path) -> None:
    path = annotations_of(tmp_path / "deleted" / "sample.mp4")
    assert path == beside(tmp_path / "deleted" / "sample.mp4")
    book = MarkBook(lambda command: command())
    book.begin(path)
    book.mark(2.0)
    assert book.marks.problem and not path.parent.exists()
