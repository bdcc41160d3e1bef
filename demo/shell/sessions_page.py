"""The page of recorded sessions: when, how long, how large, whether whole; to be opened, shown or deleted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from demo.messages import said
from demo.session_list import Listing, RecordedSession, SessionList
from demo.shell.button import Button
from demo.shell.files import show_in_files
from demo.shell.help_pages import show_export
from demo.shell.question import Role, ask
from demo.shell.sessions_table import SessionsTable, when_text
from demo.shell.size_text import size_text

_LOOK_MS = 100


class SessionsPage(QDialog):
    """A table that is filled by `SessionList`, which reads in another thread.

    Parameters
    ----------
    sessions : finds and deletes.
    folder : that is looked into.

    Signals
    -------
    open_wanted : the path of a session that the user wants to see.
    other_wanted : one that is elsewhere.
    folder_wanted : another folder for recordings.
    """

    open_wanted = Signal(str)
    other_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, sessions: SessionList, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sessions = sessions
        self._listing: Listing | None = None
        self.setWindowTitle(self.tr("Recorded sessions"))
        unit = self.fontMetrics().height()
        self.resize(50 * unit, 28 * unit)
        self.place = QLabel()
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.change = Button(text=self.tr("Change…"), name=self.tr("Keep recordings in another folder"), quiet=False)
        self.table = SessionsTable()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.play = Button("play", self.tr("Open"), name=self.tr("Play this session (Enter)"), primary=True)
        self.files = Button("open", self.tr("Show in files"), name=self.tr("Show its folder"), quiet=False)
        self.export = Button(text=self.tr("Export…"), name=self.tr("Take it into other programs"), quiet=False)
        self.delete = Button(text=self.tr("Delete…"), name=self.tr("Delete this session completely"), quiet=False)
        self.other = Button(text=self.tr("Open another…"), name=self.tr("A session in another folder"), quiet=False)
        self.close_button = Button(text=self.tr("Close"), quiet=False)
        self._lay_out()
        self._connect()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.refresh)
        self.look_into(folder)

    def look_into(self, folder: Path) -> None:
        """Show the sessions of a folder."""
        self.place.setText(str(folder))
        self._sessions.look(folder)
        self.refresh()

    @property
    def chosen(self) -> RecordedSession | None:
        """The session of the selected row."""
        found = () if self._listing is None else self._listing.found or ()
        row = self.table.currentRow()
        return found[row] if 0 <= row < len(found) and self.table.selectedItems() else None

    def refresh(self) -> None:
        """Show what has been found by now."""
        listing = self._sessions.listing
        if listing is self._listing:
            return
        self._listing = listing
        found = listing.found or ()
        self.table.show_sessions(found)
        if found:
            self.table.show()
            self.table.selectRow(0)
            self.table.setFocus()
        else:
            self.table.clearSelection()
        self.table.setVisible(bool(found))
        self._tell(listing)
        self._enable()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102
        self._timer.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.key() == Qt.Key.Key_Delete:
            self.ask_to_delete()
        else:
            super().keyPressEvent(event)

    def ask_to_delete(self) -> None:
        """Ask, saying what goes, and delete."""
        one = self.chosen
        if one is None or one.in_use:
            return
        detail = self.tr(
            "Its pictures and sound, everything that was found in them, and its marks are deleted from {0}: {1}. "
            "This cannot be taken back."
        )
        answer = ask(
            self,
            self.tr("Delete a session"),
            self.tr("Delete the session of {0} completely?").format(when_text(one)),
            detail.format(one.folder, size_text(one.size_bytes)),
            ((self.tr("Delete"), Role.DestructiveRole), (self.tr("Keep"), Role.RejectRole)),
            usual=1,
            warns=True,
        )
        if answer == 0:
            self._sessions.delete(one.folder)
            self.refresh()

    def _lay_out(self) -> None:
        unit = self.fontMetrics().height()
        top = QHBoxLayout()
        label = QLabel(self.tr("Recordings are kept in"))
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        top.addWidget(label)
        top.addWidget(self.place, 1)
        top.addWidget(self.change)
        row = QHBoxLayout()
        for one in (self.play, self.files, self.export, self.delete):
            row.addWidget(one)
        row.addStretch(1)
        row.addWidget(self.other)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit, unit, unit, unit)
        column.setSpacing(unit * 2 // 3)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.message)
        column.addLayout(row)

    def _connect(self) -> None:
        self.play.clicked.connect(self._open)
        self.table.cellDoubleClicked.connect(self._open)
        self.table.itemSelectionChanged.connect(self._enable)
        self.files.clicked.connect(lambda: self.chosen and show_in_files(self.chosen.folder))
        self.export.clicked.connect(self._export)
        self.delete.clicked.connect(self.ask_to_delete)
        self.change.clicked.connect(self.folder_wanted)
        self.other.clicked.connect(self._other)
        self.close_button.clicked.connect(self.reject)

    def _tell(self, listing: Listing) -> None:
        text = said(listing.problem)
        if not text and listing.found is not None and not listing.found:
            text = self.tr("Nothing has been recorded here yet. Go live and press Record (Ctrl+R).")
        self.message.setText(text)
        self.message.setVisible(bool(text))
        empty = not listing.problem
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter if empty else Qt.AlignmentFlag.AlignLeft)

    def _enable(self) -> None:
        one = self.chosen
        self.play.setEnabled(one is not None and not one.in_use and one.made is not None)
        self.files.setEnabled(one is not None)
        self.export.setEnabled(self.play.isEnabled())
        self.delete.setEnabled(one is not None and not one.in_use)

    def _open(self) -> None:
        one = self.chosen
        if one is not None and self.play.isEnabled():
            self.accept()
            self.open_wanted.emit(str(one.folder))

    def _export(self) -> None:
        if self.chosen is not None:
            show_export(self.chosen.folder, self)

    def _other(self) -> None:
        self.reject()
        self.other_wanted.emit()
