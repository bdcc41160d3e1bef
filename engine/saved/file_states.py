"""How the files of a recorded session are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import AttuneError
from engine.saved.folder import ABOUT, ANNOTATIONS, JOURNAL, MEDIA
from engine.saved.verification import FileState

if TYPE_CHECKING:
    from engine.saved.session import SavedSession


def file_states(session: SavedSession) -> tuple[FileState, ...]:
    """The state of each file, without looking into the recording."""
    about = FileState(name=ABOUT, state="complete" if session.complete else "torn")
    if not session.complete:
        about = FileState(name=ABOUT, state="torn", text="the end was never written, as after a crash")
    journal = FileState(name=JOURNAL, state="complete")
    # Some are readable but out of place, such as those of a journal that was written twice.
    damaged = max(session.damaged, sum(1 for one in session.records() if one is None))
    if damaged:
        many = "1 record" if damaged == 1 else f"{damaged} records"
        journal = FileState(name=JOURNAL, state="damaged", text=f"{many} cannot be used; the others can")
    elif session.torn_at is not None:
        text = f"nothing can be read from byte {session.torn_at} on; what comes before is whole"
        journal = FileState(name=JOURNAL, state="damaged" if session.complete else "torn", text=text)
    found = [about, journal, _media_file(session, MEDIA)]
    if session.annotations_problem:
        found.append(FileState(name=ANNOTATIONS, state="damaged", text=session.annotations_problem))
    elif session.annotations_path.exists():
        found.append(FileState(name=ANNOTATIONS, state="complete"))
    return tuple(found)


def _media_file(session: SavedSession, name: str) -> FileState:
    from engine.sources.probe import probe

    if session.media is None:
        if not session.sounds and not session.pictures:  # no picture and no sound had come
            return FileState(name=name, state="complete", text="there were neither pictures nor sound")
        return FileState(name=name, state="missing", text="features and predictions are there all the same")
    try:
        probe(session.media)
    except AttuneError as error:
        return FileState(name=name, state="damaged", text=str(error))
    if session.complete:
        return FileState(name=name, state="complete")
    return FileState(name=name, state="torn", text="it plays up to there")
