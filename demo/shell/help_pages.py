"""Opening pages of their own; they are made when wanted and gone when closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

if TYPE_CHECKING:
    from demo.main_window import MainWindow
    from demo.shown import Shown


def show_shortcuts(parent: QWidget, panels: tuple[str, ...]) -> None:
    """The page of keys; ``panels`` are the names of the panels in the order of their numbers."""
    from demo.shell.shortcuts import ShortcutsPage

    _open(ShortcutsPage(panels, parent))


def show_about(parent: QWidget) -> None:
    """The page about Attune."""
    from demo.shell.about import AboutPage

    _open(AboutPage(parent))


def show_sessions(window: MainWindow) -> None:
    """The page of recorded sessions."""
    from demo.shell.sessions_page import SessionsPage

    page = SessionsPage(window.bridge.sessions, window.recorder.folder, window)
    page.open_wanted.connect(window.open_file)
    page.other_wanted.connect(lambda: window.opener.choose_session(window.recorder.folder))

    def change() -> None:
        window.recorder.choose_folder()
        page.look_into(window.recorder.folder)

    page.folder_wanted.connect(change)
    _open(page)


def show_export(session: Path, parent: QWidget) -> None:
    """The page on which a session is exported."""
    from demo.shell.export_page import ExportPage

    _open(ExportPage(session, parent))


def show_training(window: MainWindow, shown: Shown) -> None:
    """How marks become examples to learn from."""
    from demo.shell.training_page import TrainingPage

    _open(TrainingPage(shown, window))


def _open(page: QDialog) -> None:
    page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    page.open()
