"""Asking the user something that cannot wait."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QMessageBox, QWidget

Role = QMessageBox.ButtonRole


def ask(
    parent: QWidget,
    title: str,
    text: str,
    detail: str,
    answers: Sequence[tuple[str, Role]],
    *,
    usual: int = 0,
    warns: bool = False,
) -> int:
    """Show a question, and wait for the answer.

    Parameters
    ----------
    parent : is below it
    title, text, detail : of the window; what is asked; what follows from the answer
    answers : text and role of each button
    usual : which answer Enter gives
    warns : whether something can be lost

    Returns
    -------
    The number of the answer; -1 where the question was closed without one.
    """
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(detail)
    if warns:
        box.setIcon(QMessageBox.Icon.Warning)
    buttons = [box.addButton(one, role) for one, role in answers]
    box.setDefaultButton(buttons[usual])
    box.exec()
    pressed = box.clickedButton()
    chosen = next((number for number, one in enumerate(buttons) if one == pressed), -1)
    box.deleteLater()
    return chosen
