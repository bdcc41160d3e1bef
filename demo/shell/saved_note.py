"""Where the recording that has just ended is, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from demo.clock_text import clock_text
from demo.messages import said
from demo.shell.files import show_in_files
from demo.shell.size_text import size_text
from demo.shell.trouble import Banner
from demo.shown import Shown


class SavedNote(QWidget):
    """A banner that stays until it is hidden, or something else is opened or recorded.

    Signals
    -------
    replay_wanted, export_wanted : the path of the session.
    """

    replay_wanted = Signal(str)
    export_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = ""
        self._hidden = ""
        self.banner: Banner | None = None
        self._column = QVBoxLayout(self)
        unit = self.fontMetrics().height()
        self._column.setContentsMargins(unit // 2, unit // 3, unit // 2, 0)
        self.hide()

    def show_it(self, shown: Shown) -> None:
        """Show it when a recording has been saved."""
        recording = shown.recording
        folder = recording.folder if recording.state == "saved" and recording.size_bytes else ""
        if folder == self._folder:
            return
        self._folder = folder
        if self.banner is not None:
            self.banner.hide()
            self.banner.deleteLater()
            self.banner = None
        if folder and folder != self._hidden:
            self.banner = self._made(shown)
            self._column.addWidget(self.banner)
        self.setVisible(self.banner is not None)

    def _made(self, shown: Shown) -> Banner:
        recording = shown.recording
        length, size = clock_text(recording.seconds), size_text(recording.size_bytes)
        text = self.tr("Recorded {0} ({1}) in {2}").format(length, size, recording.folder)
        if recording.problem:
            text = f"{said(recording.problem)}\n{text}"
        banner = Banner(text, "", warns=bool(recording.problem), parent=self)
        folder = recording.folder
        banner.add_button(self.tr("Replay"), self.tr("Watch it again"), lambda: self.replay_wanted.emit(folder))
        banner.add_button(self.tr("Show in files"), self.tr("Show its folder"), lambda: show_in_files(Path(folder)))
        banner.add_button(
            self.tr("Export…"), self.tr("Take it into other programs"), lambda: self.export_wanted.emit(folder)
        )
        banner.dismissed.connect(self._dismiss)
        return banner

    def _dismiss(self) -> None:
        self._hidden, self._folder = self._folder, ""
        self.hide()
