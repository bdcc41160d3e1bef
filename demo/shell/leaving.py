"""Asking before marks that could not be saved are lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from demo.marks import MarkBook
from demo.messages import said
from demo.shell.file_dialog import ask_where_to_save
from demo.shell.question import Role, ask


def save_elsewhere(parent: QWidget, book: MarkBook) -> bool:
    """Ask for another file, and keep the annotations there from now on; False where none was chosen."""
    path = ask_where_to_save(parent, book.marks.path)
    if path:
        book.save_as(Path(path))
    return bool(path)


def may_leave(parent: QWidget, book: MarkBook) -> bool:
    """Whether what is open may be closed: nothing is unsaved, or the user gives it up."""
    problem = book.marks.problem
    if not problem:
        return True
    answers = (
        (_tr("Save elsewhere…"), Role.AcceptRole),
        (_tr("Lose them"), Role.DestructiveRole),
        (_tr("Stay"), Role.RejectRole),
    )
    text = _tr("The newest marks are only in memory, and would be lost.")
    answer = ask(parent, _tr("Marks are not saved"), text, said(problem), answers, warns=True)
    if answer == 1:
        book.give_up()
    return answer == 1 or (answer == 0 and save_elsewhere(parent, book))


def _tr(text: str) -> str:
    return QCoreApplication.translate("leaving", text)
