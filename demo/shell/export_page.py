"""The page on which a recorded session is taken into other programs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from demo.exporting import Exporter
from demo.messages import said
from demo.shell.button import Button
from demo.shell.elided_label import ElidedLabel
from demo.shell.files import show_in_files

_LOOK_MS = 100
_USUAL = ("csv", "eaf", "srt")


class ExportPage(QDialog):
    """Formats to choose, a folder, and how far it is.

    Parameters
    ----------
    session : folder of the session.
    """

    def __init__(self, session: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._out = session.with_name(f"{session.name}-export")
        self._exporter = Exporter()
        self.setWindowTitle(self.tr("Export {0}").format(session.name))
        self.boxes = {name: QCheckBox(text) for name, text in self._formats()}
        for name, box in self.boxes.items():
            box.setChecked(name in _USUAL)
            box.toggled.connect(self._enable)
        self.place = ElidedLabel(str(self._out), Qt.TextElideMode.ElideMiddle)
        self.change = Button(text=self.tr("Change…"), name=self.tr("Write into another folder"), quiet=False)
        self.bar, self.message = QProgressBar(), QLabel()
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.message.setWordWrap(True)
        self.files = Button("open", self.tr("Show in files"), name=self.tr("Show the folder"), quiet=False)
        self.files.hide()
        self.export = Button(text=self.tr("Export"), name=self.tr("Write these files"), primary=True)
        self.close_button = Button(text=self.tr("Close"), quiet=False)
        self._lay_out()
        self.change.clicked.connect(self._choose)
        self.export.clicked.connect(self.start)
        self.files.clicked.connect(lambda: show_in_files(self._out))
        self.close_button.clicked.connect(self.reject)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.refresh)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The formats that are ticked."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def start(self) -> None:
        """Write the files."""
        self._exporter.start(self._session, self.chosen, self._out)
        self._timer.start()
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is."""
        now = self._exporter.progress
        working = now.state == "working"
        self.bar.setVisible(working)
        self.bar.setRange(0, 0 if working and not now.share else 100)
        self.bar.setValue(round(100 * now.share))
        if working:
            self.message.setText(self._what(now.format))
        elif now.state == "done":
            self.message.setText(self.tr("{0} files are in {1}").format(now.count, self._out))
        elif now.state == "failed":
            self.message.setText(said(now.problem))
        self.files.setVisible(now.state == "done")
        if not working:
            self._timer.stop()
        self._enable()

    def done(self, result: int) -> None:
        """Close; what is at work is given up, and leaves nothing behind."""
        self._timer.stop()
        self._exporter.close()
        super().done(result)

    def _formats(self) -> tuple[tuple[str, str], ...]:
        return (
            ("csv", self.tr("Tables (CSV)")),
            ("parquet", self.tr("Typed tables (Parquet)")),
            ("jsonl", self.tr("JSON, one object a line")),
            ("eaf", self.tr("ELAN")),
            ("textgrid", self.tr("Praat TextGrid")),
            ("srt", self.tr("Subtitles (SRT)")),
            ("webvtt", self.tr("Subtitles for the web (WebVTT)")),
            ("mp4", self.tr("Film with the emotions in it (takes a while)")),
        )

    def _what(self, name: str) -> str:
        return self.tr("Writing: {0}").format(self.boxes[name].text()) if name else self.tr("Reading the session")

    def _lay_out(self) -> None:
        unit = self.fontMetrics().height()
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * unit)
        grid.setVerticalSpacing(unit // 2)
        for number, box in enumerate(self.boxes.values()):
            grid.addWidget(box, number % 4, number // 4)
        where = QHBoxLayout()
        where.addWidget(QLabel(self.tr("Into")))
        where.addWidget(self.place, 1)
        where.addWidget(self.change)
        row = QHBoxLayout()
        row.addWidget(self.files)
        row.addStretch(1)
        row.addWidget(self.export)
        row.addWidget(self.close_button)
        note = QLabel(self.tr("The files are as private as the recording: they hold what was said, and who was seen."))
        note.setWordWrap(True)
        note.setForegroundRole(note.palette().ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit, unit, unit, unit)
        column.setSpacing(round(unit * 0.8))
        column.addLayout(grid)
        column.addLayout(where)
        column.addWidget(note)
        column.addWidget(self.bar)
        column.addWidget(self.message)
        column.addLayout(row)
        self.setMinimumWidth(38 * unit)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Where the files are written"), str(self._out.parent))
        if chosen:
            self._out = Path(chosen)
            self.place.setText(chosen)

    def _enable(self) -> None:
        working = self._exporter.progress.state == "working"
        self.export.setEnabled(bool(self.chosen) and not working)
        self.change.setEnabled(not working)
        for box in self.boxes.values():
            box.setEnabled(not working)
