"""What the user should know of the state of a recorded session."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from engine.saved.folder import JOURNAL, MEDIA

if TYPE_CHECKING:
    from engine.saved.folder import SessionFolder
    from engine.saved.session import SavedSession


def notes_of(session: SavedSession) -> list[str]:
    """What the user should know of the state of the files."""
    notes = []
    if session.recording:
        notes.append(f"It is still being recorded: what was there at {session.until_s:.1f} s is shown.")
    elif not session.complete:
        notes.append(f"The recording was cut off, as by a crash: everything up to {session.until_s:.1f} s is here.")
    if session.torn_at is not None and not session.recording:
        rest = "" if session.complete else ", where the recording was cut off"
        notes.append(f"{JOURNAL} cannot be read from byte {session.torn_at} on{rest}: what comes before is used.")
    if session.damaged:
        if session.damaged == 1:
            notes.append(f"1 record of {JOURNAL} is damaged and left out; the others are used.")
        else:
            notes.append(f"{session.damaged} records of {JOURNAL} are damaged and left out; the others are used.")
    if session.media is None and (session.pictures or session.sounds):  # else there is nothing that could be missing
        notes.append(f"{MEDIA} is missing: there are neither pictures nor sound, but all features and predictions.")
    if session.annotations_problem:
        notes.append(session.annotations_problem)
    return notes


def still_usable(folder: SessionFolder) -> str:
    """What of a session can be used whose description cannot be read."""
    if not folder.media_path.is_file():
        return ""
    return f". Its pictures and sound can still be played: attune play {quote(str(folder.media_path))}"
