"""What people mark is never lost to a text that a file cannot hold, and no file holds the program up."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.annotations import FORMAT, MOST_TEXT, VERSION, Annotation, Annotations, read_annotations, write_annotations
from engine.errors import DataError, OutputError


def test_a_note_is_as_long_as_can_be_read_again(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at most 10000 characters"):
        Annotation.new(0.0, text="x" * (MOST_TEXT + 1))
    longest = Annotations([Annotation.new(0.0, text="\u00e9" * MOST_TEXT)])
    write_annotations(tmp_path / "marks.json", longest)
    assert read_annotations(tmp_path / "marks.json") == longest


def test_a_folder_that_was_deleted_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not there any more"):
        write_annotations(tmp_path / "deleted" / "annotations.json", Annotations([Annotation.new(0.0)]))
    assert list(tmp_path.iterdir()) == []


def test_half_a_character_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "marks.json"
    row = {"id": "a", "start_s": 1.0, "end_s": 2.0, "text": "smiles \ud83d"}
    path.write_text(json.dumps({"format": FORMAT, "version": VERSION, "annotations": [row]}), encoding="utf-8")
    every = read_annotations(path)
    write_annotations(path, every.having(Annotation.new(3.0, text="laughs")))
    assert [one.text for one in read_annotations(path)] == ["smiles ?", "laughs"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.timeout(20)
def test_a_pipe_in_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "marks.json")
    with pytest.raises(DataError, match="no ordinary file"):
        read_annotations(tmp_path / "marks.json")
