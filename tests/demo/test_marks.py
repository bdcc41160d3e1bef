"""Annotations in memory and on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.marks import MarkBook
from engine.annotations import Annotation, Annotations, read_annotations, write_annotations
from engine.errors import OutputError


def book_at(path: Path) -> MarkBook:
    book = MarkBook(lambda command: command())
    book.begin(path)
    return book


def test_moments_and_spans_are_on_disk_at_once(tmp_path: Path) -> None:
    path = tmp_path / "annotations.json"
    book = book_at(path)
    first = book.mark(2.0, label="happy", key="4")
    book.begin_span(3.0)
    assert book.marks.span_from_s == 3.0
    second = book.mark(5.5, text="laughs")
    assert first is not None and second is not None and book.marks.span_from_s is None
    kept = read_annotations(path)
    assert kept == book.marks.every
    one, other = kept
    assert one.moment and (one.start_s, one.label, one.key) == (2.0, "happy", "4")
    assert (other.start_s, other.end_s, other.text) == (3.0, 5.5, "laughs")


def test_a_span_that_is_ended_before_its_start_is_turned_round(tmp_path: Path) -> None:
    book = book_at(tmp_path / "a.json")
    book.begin_span(5.0)
    book.mark(3.0)
    (one,) = book.marks.every
    assert (one.start_s, one.end_s) == (3.0, 5.0)


def test_every_change_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    book = book_at(path)
    id = book.mark(1.0)
    assert id is not None
    book.extend(id, 4.0)  # one change with the mark
    book.change(id, text="a note", label="sad")
    book.delete(id)
    assert not book.marks.every and not read_annotations(path)
    book.undo()
    (one,) = read_annotations(path)
    assert (one.end_s, one.text, one.label) == (4.0, "a note", "sad")
    book.undo()
    (one,) = book.marks.every
    assert (one.end_s, one.text) == (4.0, "")
    book.undo()
    assert not book.marks.every and not book.marks.undoable
    book.undo()


def test_nothing_can_be_marked_where_there_is_no_file(tmp_path: Path) -> None:
    book = MarkBook(lambda command: command())
    book.forget("Record first.")
    assert book.mark(1.0) is None and not book.marks.open and book.marks.why_not == "Record first."
    book.begin_span(1.0)
    assert book.marks.span_from_s is None


def test_what_was_marked_can_still_be_changed_when_the_recording_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    book = book_at(path)
    id = book.mark(1.0)
    assert id is not None
    book.end("Record first.")
    book.change(id, text="later", label=None)
    assert book.mark(2.0) is None
    assert [one.text for one in read_annotations(path)] == ["later"]


def test_older_annotations_are_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_annotations(path, Annotations([Annotation.new(1.0, text="old")]))
    book = book_at(path)
    book.mark(2.0)
    assert len(read_annotations(path)) == 2


def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{")
    book = book_at(path)
    assert not book.marks.open and "is damaged" in book.marks.why_not
    assert book.mark(1.0) is None
    book.save()
    assert path.read_text() == "{"


def test_what_cannot_be_saved_is_told_kept_and_saved_later(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.write_text("a file in the way")  # a reason that holds for root, too
    book = book_at(folder / "a.json")
    assert not book.marks.open  # it cannot even be looked for
    folder.unlink()
    book.begin(folder / "a.json")
    folder.write_text("again")
    book.mark(1.0)
    assert "is a file, not a folder" in book.marks.problem and len(book.marks.every) == 1
    folder.unlink()
    folder.mkdir()
    book.save()
    assert not book.marks.problem and len(read_annotations(folder / "a.json")) == 1


def test_marks_go_elsewhere_where_the_user_says_so(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    book = book_at(tmp_path / "gone" / "a.json")
    (tmp_path / "gone").rmdir()
    (tmp_path / "gone").write_text("")
    book.mark(1.0)
    assert book.marks.problem
    book.save_as(tmp_path / "elsewhere.json")
    assert not book.marks.problem and len(read_annotations(tmp_path / "elsewhere.json")) == 1
    book.mark(2.0)
    assert len(read_annotations(tmp_path / "elsewhere.json")) == 2


def test_marking_from_two_threads_loses_nothing(tmp_path: Path) -> None:
    waiting: list[Callable[[], None]] = []
    book = MarkBook(waiting.append)
    book.begin(tmp_path / "a.json")

    def mark_many(from_s: float) -> None:
        for at in range(100):
            book.mark(from_s + at)

    threads = [threading.Thread(target=mark_many, args=(start,)) for start in (0.0, 1000.0)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for command in waiting:
        command()
    assert len(book.marks.every) == len(read_annotations(tmp_path / "a.json")) == 200


@pytest.mark.parametrize("text", ["x" * 20_000, "泪\n笑", '"}]'])
def test_any_text_comes_back(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    book = book_at(path)
    id = book.mark(1.0)
    assert id is not None
    book.change(id, text=text, label=None)
    assert read_annotations(path) == book.marks.every


class Disk:
    """Where annotations are written, unless it is full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = True
        monkeypatch.setattr("demo.marks.write_annotations", self.write)

    def write(self, path: Path, every: Annotations) -> None:
        if self.full:
            raise OutputError(f"cannot write {path}: no space left")
        write_annotations(path, every)


def test_a_mark_that_is_taken_back_before_it_could_be_saved_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Disk(monkeypatch)
    book = book_at(tmp_path / "a.json")
    book.mark(1.0)
    assert "no space left" in book.marks.problem
    book.undo()
    assert book.marks.problem == ""


def test_what_could_not_be_saved_outlasts_what_is_opened_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, first, second = Disk(monkeypatch), tmp_path / "first.json", tmp_path / "second.json"
    book = book_at(first)
    book.mark(1.0, text="kept")
    book.forget()
    assert "no space left" in book.marks.problem and not book.marks.every
    book.begin(second)
    book.mark(2.0)
    book.begin(first)
    assert [one.text for one in book.marks.every] == ["kept"]
    book.begin(second)
    assert [one.start_s for one in book.marks.every] == [2.0] and book.marks.problem
    disk.full = False
    book.save()
    assert [one.text for one in read_annotations(first)] == ["kept"] and len(read_annotations(second)) == 1
    assert book.marks.problem == ""


def test_what_was_open_before_can_be_saved_elsewhere_or_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, elsewhere = Disk(monkeypatch), tmp_path / "elsewhere.json"
    book = book_at(tmp_path / "a.json")
    book.mark(1.0)
    book.forget()
    disk.full = False
    book.save_as(elsewhere)
    assert len(read_annotations(elsewhere)) == 1 and not (tmp_path / "a.json").exists()
    assert book.marks.problem == "" and book.marks.path == ""
    disk.full = True
    book.begin(tmp_path / "b.json")
    book.mark(1.0)
    book.give_up()
    disk.full = False
    book.save()
    assert book.marks.problem == "" and not (tmp_path / "b.json").exists()
