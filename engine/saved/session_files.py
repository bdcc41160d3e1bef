"""The files of a session that is being recorded, written by one thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from engine.annotations import Annotations, write_annotations
from engine.errors import AttuneError, OutputError
from engine.faults import Fault
from engine.keep import keep
from engine.saved.about import SessionAbout
from engine.saved.folder import SessionFolder
from engine.saved.journal import JournalWriter
from engine.saved.medium import Expected, Medium
from engine.saved.records import Saved, SavedPrediction, to_record
from engine.saved.room import Room
from engine.saved.standing import Standing, device_rows
from engine.sources.device import DeviceState
from engine.stages import Report
from engine.types import AudioBlock, VideoFrame

_log = logging.getLogger(__name__)


class SessionFiles:
    """Writes what happens in a session.

    Parameters
    ----------
    folder : made for it and held.
    about : what the session is; its ``from_s`` is the media time of the beginning.
    now_s : media time now.
    devices : how the devices stand now.
    expected : what pictures and sound will come.

    Attributes
    ----------
    newest_s : media time up to which something was written.

    Raises
    ------
    OutputError : the folder cannot be written.
    """

    def __init__(
        self,
        folder: SessionFolder,
        about: SessionAbout,
        *,
        now_s: Callable[[], float],
        devices: Callable[[], tuple[DeviceState, ...]],
        expected: Callable[[], Expected],
    ) -> None:
        self.newest_s = about.from_s
        self._folder, self._about = folder, about
        self._now_s, self._devices = now_s, devices
        self._faults: list[Fault] = []
        self._standing = Standing()
        self._room = Room(folder.path)
        self._medium = Medium(folder.media_path, about.from_s, expected, self._write)
        try:
            folder.write_about(about)
            self._journal = JournalWriter(folder.journal_path, {"from_s": about.from_s})
        except BaseException:  # else the same folder would be refused as one that holds a session
            for path in (folder.journal_path, folder.about_path):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            raise

    @property
    def bytes_written(self) -> int:
        """Size of recording and journal."""
        return self._journal.bytes_written + self._medium.bytes_written

    @property
    def left_s(self) -> float | None:
        """Seconds that the disk has room for at the present rate; None until that is known."""
        return self._room.left_s

    def take(self, item: Any) -> None:
        """Write a picture, sound, a report, a prediction, a fault, or all annotations.

        Raises
        ------
        OutputError : it cannot be written.
        """
        if isinstance(item, VideoFrame | AudioBlock):
            self._medium.put(item)
            self.newest_s = max(self.newest_s, self._medium.newest_s)
        elif isinstance(item, Report):
            self._write(keep(item))
        elif isinstance(item, Annotations):
            self._require_there()  # else the folder would be made again
            write_annotations(self._folder.annotations_path, item)
        else:
            if isinstance(item, Fault):
                self._faults.append(item)
            elif isinstance(item, SavedPrediction):
                self.newest_s = max(self.newest_s, item.pts_s)
            self._write(item)

    def flush(self) -> None:
        """Hand to the system what waits: it outlives this process then.

        Raises
        ------
        OutputError : it cannot be written.
        """
        self._medium.flush()
        self._write_devices()
        self._journal.flush()

    def sync(self) -> None:
        """Wait until the disk has what was written: it outlives a power cut then.

        Raises
        ------
        OutputError : it cannot be written.
        """
        self._journal.sync()
        self._medium.sync()

    def look(self) -> bool:
        """Look whether what is written can still be found; whether there is room for more.

        Raises
        ------
        OutputError : it cannot.
        """
        self._require_there()
        try:
            return self._room.look(self.bytes_written)
        except OSError as error:
            raise OutputError(
                f"{self._folder.path} cannot be reached any more ({error.strerror or error}). "
                "Record into another folder"
            ) from error

    def close(self, problem: str, dropped: int) -> None:
        """Write the end of everything; ``problem`` says why it comes early, if it does.

        Raises
        ------
        OutputError : it cannot be written.
        """
        self._medium.close()
        self._write_devices()
        self._journal.close()
        self._folder.write_about(self._final(problem, dropped, complete=True))

    def abandon(self, problem: str, dropped: int) -> None:
        """Close after a failure: what is in the files stays, and what can be said of it is said."""
        about = self._final(problem, dropped, complete=False)
        for close in (self._medium.abandon, self._journal.close, lambda: self._folder.write_about(about)):
            try:
                close()
            except AttuneError as error:
                _log.info("after that, too: %s", error)
            except Exception as error:  # the next one has to be closed all the same
                _log.error("after that, too", exc_info=error)

    def _write(self, value: Saved) -> None:
        self._journal.append(to_record(value))

    def _write_devices(self) -> None:
        for change in self._standing.changes(self._devices(), self._now_s()):
            self._write(change)

    def _require_there(self) -> None:
        if self._medium.gone or self._journal.gone:
            raise OutputError(
                f"{self._folder.path} was deleted or moved while it was recorded into. Record into a new folder"
            )

    def _final(self, problem: str, dropped: int, *, complete: bool) -> SessionAbout:
        return replace(
            self._about,
            until_s=self.newest_s,
            complete=complete,
            picture_size=self._medium.size,
            sound_rate_hz=self._medium.rate_hz,
            devices=device_rows(self._devices()),
            dropped=dropped,
            bytes_written=self.bytes_written,
            problem=problem,
            faults=tuple(self._faults),
        )
