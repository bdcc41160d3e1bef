"""Asking for a recording."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

_KINDS = "*.mp4 *.mov *.mkv *.avi *.webm *.m4v *.mpg *.wav *.mp3 *.m4a *.aac *.flac *.ogg *.opus"


def ask_for_recording(parent: QWidget, recent: Sequence[str]) -> str:
    """The path that the user chooses, beginning where the last one was; empty where none is chosen."""
    title = QCoreApplication.translate("files", "Open a recording")
    recordings = QCoreApplication.translate("files", "Recordings ({0})").format(_KINDS)
    every = QCoreApplication.translate("files", "All files ({0})").format("*")
    folder = str(Path(recent[0]).parent) if recent else ""
    path, _ = QFileDialog.getOpenFileName(parent, title, folder, f"{recordings};;{every}")
    return path


def ask_for_session(parent: QWidget, folder: Path) -> str:
    """The folder of a recorded session that the user chooses; empty where none is chosen."""
    title = QCoreApplication.translate("files", "Open the folder of a recorded session")
    return QFileDialog.getExistingDirectory(parent, title, str(folder) if folder.is_dir() else "")


def ask_where_to_save(parent: QWidget, path: str) -> str:
    """Where the user wants annotations to be saved; empty where nowhere."""
    title = QCoreApplication.translate("files", "Save the marks in another place")
    kinds = QCoreApplication.translate("files", "Marks ({0})").format("*.json")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(Path.home() / Path(path).name), kinds)
    return chosen
