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
