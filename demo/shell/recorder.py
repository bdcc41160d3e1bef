"""Begins and ends recordings for the user: where to, with whose consent, and for how long there is room."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from demo.bridge import Bridge
from demo.recording import new_folder, room_s, usual_folder
from demo.settings import Settings
from demo.shell.ethics import consent_text
from demo.shell.question import Role, ask
from demo.shown import Shown

USUAL_RATE = 330_000.0
"""Bytes a second of picture, sound and everything that is found, at 640 x 480 and 30 pictures a second."""

_LOOKS_S = 10.0
"""Seconds for which the room on the disk is taken to be as it was."""

_LONG_S = 10.0
"""A recording of this length tells what the next one will need."""


class Recorder(QObject):
    """What the button, the key and the menu do.

    Parameters
    ----------
    bridge : records.
    settings : remember the folder, and that the user was told what recording means.

    Signals
    -------
    wanted : nothing is live yet, which has to come first.
    told : what recording means, where it was asked for before the user has been told.
    """

    wanted = Signal()
    told = Signal(str)

    def __init__(self, bridge: Bridge, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._settings, self._window = bridge, settings, window
        self._shown = Shown()
        self._room: tuple[float, float | None] = (-_LOOKS_S, None)

    @property
    def folder(self) -> Path:
        """Where recordings are kept, each in a folder of its own."""
        chosen = self._settings.name("recordings")
        return Path(chosen) if chosen else usual_folder()

    def room_s(self) -> float | None:
        """For how long there is room before a recording has begun, as of a few seconds ago."""
        now_s = time.monotonic()
        if now_s - self._room[0] >= _LOOKS_S:
            rate = self._settings.number("recording_rate", USUAL_RATE, 1e3, 1e8)
            self._room = (now_s, room_s(self.folder, rate))
        return self._room[1]

    def take(self, shown: Shown) -> None:
        """Learn how the recording stands."""
        before, self._shown = self._shown.recording, shown
        now = shown.recording
        if before.state != "saved" and now.state == "saved":
            self._room = (-_LOOKS_S, None)
            if now.seconds >= _LONG_S:
                self._settings.put("recording_rate", round(now.size_bytes / now.seconds))

    def toggle(self) -> None:
        """Begin to record, or end the recording."""
        if self._shown.recording.state in ("wanted", "on", "broken"):
            self._bridge.stop_recording()
        elif self._shown.recording.state != "saving" and self._may_record():
            if self._shown.kind != "live":
                self.wanted.emit()
            self._bridge.start_recording(str(new_folder(self.folder, datetime.now())))

    def record_into(self, folder: Path) -> None:
        """Record as was asked for by name, from the beginning on."""
        if not self._settings.flag("consent"):
            self._settings.put("consent", True)
            self.told.emit(consent_text())
        self._bridge.start_recording(str(folder))

    def choose_folder(self) -> None:
        """Ask where recordings are kept from now on."""
        title = self.tr("Where recordings are kept")
        start = next((one for one in (self.folder, *self.folder.parents) if one.is_dir()), Path.home())
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(start))
        if chosen:
            self._settings.put("recordings", chosen)
            self._room = (-_LOOKS_S, None)

    def _may_record(self) -> bool:
        """Whether the user knows what recording means; told before the first one."""
        if self._settings.flag("consent"):
            return True
        agreed = (
            ask(
                self._window,
                self.tr("Before you record"),
                self.tr("A recording keeps pictures, voice and words of a person."),
                consent_text() + "\n\n" + self.tr("It is kept in {0}.").format(self.folder),
                ((self.tr("Record"), Role.AcceptRole), (self.tr("Not now"), Role.RejectRole)),
            )
            == 0
        )
        if agreed:
            self._settings.put("consent", True)
        return agreed
