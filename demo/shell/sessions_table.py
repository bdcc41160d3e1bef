"""The table of recorded sessions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from demo.clock_text import clock_text
from demo.messages import said
from demo.session_list import RecordedSession
from demo.shell.size_text import size_text
from demo.theme import warning_colour

_SHEET = """
QTableWidget {{ background: palette(alternate-base); border: none; }}
QTableWidget::item {{ padding: 0 {pad}px; border: none; }}
QTableWidget::item:selected {{ background: palette(highlight); color: palette(highlighted-text); }}
QHeaderView {{ background: palette(alternate-base); }}
QHeaderView::section {{
    background: palette(alternate-base); color: palette(placeholder-text); border: none;
    border-bottom: 1px solid palette(mid); padding: {pad}px;
}}
"""


class SessionsTable(QTableWidget):
    """A row for each: when, how long, how large, and whether it is whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self.setHorizontalHeaderLabels((self.tr("Recorded"), self.tr("Length"), self.tr("Size"), self.tr("State")))
        self.setAccessibleName(self.tr("Recorded sessions"))
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        unit = self.fontMetrics().height()
        self.setStyleSheet(_SHEET.format(pad=round(unit * 0.6)))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(unit * 1.9))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_sessions(self, found: Sequence[RecordedSession]) -> None:
        """Show these."""
        self.setRowCount(len(found))
        for row, one in enumerate(found):
            self._fill(row, one)

    def _fill(self, row: int, one: RecordedSession) -> None:
        length = "—" if one.seconds is None else clock_text(one.seconds)
        for column, text in enumerate((when_text(one), length, size_text(one.size_bytes), self._state(one))):
            item = QTableWidgetItem(text)
            item.setToolTip(said(one.problem) if one.problem else str(one.folder))
            if column == 3 and not (one.complete or one.in_use):
                item.setForeground(warning_colour(self.palette()))
            self.setItem(row, column, item)

    def _state(self, one: RecordedSession) -> str:
        if one.in_use:
            return self.tr("being recorded now")
        if one.complete:
            return self.tr("complete")
        if one.made is None:
            return self.tr("cannot be read")
        return self.tr("cut off; what was recorded until then can be opened")


def when_text(one: RecordedSession) -> str:
    """Date and time as people here write them; the name of the folder where they are not known."""
    if one.made is None:
        return one.folder.name
    made = QDateTime.fromSecsSinceEpoch(round(one.made.timestamp()))
    return QLocale().toString(made, QCoreApplication.translate("sizes", "d MMM yyyy, HH:mm"))
