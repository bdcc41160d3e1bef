"""Where the recording that has just ended is, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from demo.clock_text import clock_text
from demo.messages import said
from demo.shell.files import show_in_files
from demo.shell.size_text import size_text
from demo.shell.trouble import Banner
from demo.shown import Shown


class SavedNote(QWidget):
    """A banner that stays until it is hidden or deleted, or something else is opened or recorded.

    Whether the session is there is looked at when it has been saved, and when the user comes back to the window, from
    the list of sessions for instance.

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
        self._there = False
        self.banner: Banner | None = None
        self._column = QVBoxLayout(self)
        unit = self.fontMetrics().height()
        self._column.setContentsMargins(unit // 2, unit // 3, unit // 2, 0)
        self.hide()

    def take_over(self, other: SavedNote) -> None:
        """Leave hidden what is hidden in another one, whose place this one takes."""
        self._hidden = other._hidden

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
            self.banner, self._there = None, False
        if folder and folder != self._hidden:
            self.banner = self._made(shown)
            self._column.addWidget(self.banner)
        self.setVisible(self.banner is not None)

    def event(self, event: QEvent) -> bool:
        """Go where the session has been deleted meanwhile."""
        if event.type() == QEvent.Type.WindowActivate and self._there and not _is_there(self._folder):
            self._dismiss()
        return super().event(event)

    def _made(self, shown: Shown) -> Banner:
        recording = shown.recording
        self._there = _is_there(recording.folder)
        length, size = clock_text(recording.seconds), size_text(recording.size_bytes)
        if self._there:
            text = self.tr("Recorded {0} ({1}) in {2}").format(length, size, recording.folder)
        else:
            text = self.tr("The recording is not there any more: {0} was deleted or moved.").format(recording.folder)
        if recording.problem:
            text = f"{said(recording.problem)}\n{text}"
        banner = Banner(text, "", warns=bool(recording.problem) or not self._there, parent=self)
        banner.dismissed.connect(self._dismiss)
        if self._there:
            self._add_buttons(banner, recording.folder)
        return banner

    def _add_buttons(self, banner: Banner, folder: str) -> None:
        banner.add_button(self.tr("Replay"), self.tr("Watch it again"), lambda: self.replay_wanted.emit(folder))
        banner.add_button(self.tr("Show in files"), self.tr("Show its folder"), lambda: show_in_files(Path(folder)))
        banner.add_button(
            self.tr("Export…"), self.tr("Take it into other programs"), lambda: self.export_wanted.emit(folder)
        )

    def _dismiss(self) -> None:
        self._hidden, self._folder, self._there = self._folder, "", False
        self.hide()


def _is_there(folder: str) -> bool:
    from engine.saved.place import ABOUT

    return Path(folder, ABOUT).is_file()
