"""Showing a folder in the program that the system has for files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def show_in_files(folder: Path) -> bool:
    """Open a folder; False where the system has no program for that."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
