"""The menu of recordings that were opened before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from demo.settings import Settings


class RecentMenu(QMenu):
    """Filled when it opens; recordings that have gone are grey."""

    file_wanted = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setTitle(self.tr("Open recent"))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Make the entries anew."""
        self.clear()
        recent = self._settings.recent
        for path in recent:
            name = Path(path).name.replace("&", "&&")
            action = self.addAction(name)
            here = Path(path).is_file() or (Path(path) / "session.json").is_file()
            action.setEnabled(here)
            action.setToolTip(path if here else self.tr("{0} is not there any more").format(path))
            action.triggered.connect(lambda _=False, path=path: self.file_wanted.emit(path))
        if not recent:
            self.addAction(self.tr("Nothing has been opened yet")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(self.tr("Clear this list")).triggered.connect(self._settings.clear_recent)
