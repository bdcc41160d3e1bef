"""Opens what a user asks for, so that it can be shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.show import Show


def open_recording(path: str | Path, speaker: str | None, volume: float) -> Show:
    """A media file, or the folder of a recorded session, held at its beginning.

    Raises
    ------
    SourceError : the file cannot be played.
    DataError : the folder holds no session, or one that is too damaged to be shown.
    """
    if Path(path).is_dir():
        from demo.session_show import SessionShow

        return SessionShow.open(path, speaker=speaker, volume=volume)
    from demo.file_show import FileShow

    return FileShow.open(path, speaker=speaker, volume=volume)


def require_playable(path: str | Path) -> None:
    """Look whether a media file or session can be opened, at least its beginning.

    Raises
    ------
    SourceError, DataError : as `open_recording`.
    """
    if Path(path).is_dir():
        from engine.saved.folder import SessionFolder
        from engine.saved.journal import read_journal

        folder = SessionFolder.open(Path(path))
        folder.read_about()
        read_journal(folder.journal_path)
        return
    from engine.sources.probe import probe

    probe(Path(path))


def open_sample(speaker: str | None, volume: float) -> Show:
    """The recording that comes with Attune."""
    from engine.assets import sample_path

    return open_recording(sample_path(), speaker, volume)
