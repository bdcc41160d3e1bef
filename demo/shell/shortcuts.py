"""The page of keyboard shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from demo.shell.commands import COMMANDS, GROUPS, HELP, MARKS, VIEW, Command, translated


class ShortcutsPage(QDialog):
    """Every command that has a key, by menu.

    Parameters
    ----------
    panels : names of the panels, which Ctrl+1 and so on show and hide.
    """

    def __init__(self, panels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        unit = self.fontMetrics().height()
        columns = QHBoxLayout()
        column = QVBoxLayout()
        columns.setSpacing(3 * unit)
        for group in GROUPS:
            commands = [one for one in COMMANDS if one.group == group and one.keys]
            rows = [(translated(one.text).rstrip("…"), _keys_text(one)) for one in commands]
            if group == MARKS:
                rows.append(
                    (self.tr("Mark with an emotion (hold: as long as it lasts)"), "1 \N{HORIZONTAL ELLIPSIS} 9")
                )
            if group == VIEW:
                rows += [
                    (self.tr("Panel: {0}").format(name), _native(f"Ctrl+{number}"))
                    for number, name in enumerate(panels, 1)
                ]
                rows.append((self.tr("Leave the presentation"), _native("Esc")))
            if group == HELP:  # short, so below the one before
                column.addLayout(self._section(translated(group), rows))
            else:
                column = QVBoxLayout()
                column.setSpacing(unit)
                column.addLayout(self._section(translated(group), rows))
                columns.addLayout(column)
        note = QLabel(self.tr("Tab goes from control to control; Space and Enter press the focused one."))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * unit, 2 * unit, 2 * unit, unit)
        whole.setSpacing(unit)
        whole.addLayout(columns)
        whole.addWidget(note)
        whole.addWidget(buttons)

    def _section(self, title: str, rows: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        unit = self.fontMetrics().height()
        grid.setHorizontalSpacing(2 * unit)
        grid.setVerticalSpacing(round(0.45 * unit))
        heading = QLabel(title)
        font = QFont(self.font())
        font.setBold(True)
        heading.setFont(font)
        grid.addWidget(heading, 0, 0, 1, 2)
        for number, (text, keys) in enumerate(rows, 1):
            grid.addWidget(QLabel(text), number, 0)
            label = QLabel(keys)
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            label.setForegroundRole(self.foregroundRole().PlaceholderText)
            grid.addWidget(label, number, 1)
        grid.setRowStretch(len(rows) + 1, 1)
        return grid


def _keys_text(command: Command) -> str:
    return "  ".join(_native(one) for one in command.keys)


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
