"""Opening the pages of the help menu; they are made when wanted and gone when closed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget


def show_shortcuts(parent: QWidget, panels: tuple[str, ...]) -> None:
    """The page of keys; ``panels`` are the names of the panels in the order of their numbers."""
    from demo.shell.shortcuts import ShortcutsPage

    _open(ShortcutsPage(panels, parent))


def show_about(parent: QWidget) -> None:
    """The page about Attune."""
    from demo.shell.about import AboutPage

    _open(AboutPage(parent))


def _open(page: QDialog) -> None:
    page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    page.open()
