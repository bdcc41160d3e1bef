"""Opens and closes things for the user, after asking where marks would be lost by that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from demo.bridge import Bridge, Capture
from demo.settings import Settings
from demo.shell.file_dialog import ask_for_recording, ask_for_session
from demo.shell.leaving import may_leave
from demo.shell.player import Player


class Opener(QObject):
    """What menus, buttons and drops do.

    Parameters
    ----------
    window : dialogs open above it.
    bridge, settings, player : of the window.
    capture : tells what cameras are asked for.
    """

    def __init__(
        self, window: QWidget, bridge: Bridge, settings: Settings, player: Player, capture: Callable[[], Capture]
    ) -> None:
        super().__init__(window)
        self._window, self._bridge, self._settings, self._player = window, bridge, settings, player
        self._capture = capture

    def may_leave(self) -> bool:
        """Whether what is open may be closed: all marks are saved, or the user gives them up."""
        self._window.setFocus()  # a note that is being written is taken over while its mark is still open
        return may_leave(self._window, self._bridge.marks)

    def open_file(self, path: str) -> None:
        """Play a recording or a recorded session."""
        if self.may_leave():
            self._player.open_file(path)

    def open_sample(self) -> None:
        """Play the sample."""
        if self.may_leave():
            self._player.open_sample()

    def go_live(self) -> None:
        """Use the devices that were chosen last."""
        if self.may_leave():
            self._bridge.set_capture(self._capture())
            self._player.go_live(self._settings.name("camera"), self._settings.name("microphone"))

    def close_session(self) -> None:
        """Stop and close what is open."""
        if self.may_leave():
            self._bridge.close_session()

    def choose_file(self) -> None:
        """Ask for a recording, and play it."""
        path = ask_for_recording(self._window, self._settings.recent)
        if path:
            self.open_file(path)

    def choose_session(self, folder: Path) -> None:
        """Ask for the folder of a recorded session, and play it."""
        path = ask_for_session(self._window, folder)
        if path:
            self.open_file(path)
