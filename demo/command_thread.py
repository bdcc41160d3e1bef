"""The thread that carries out commands one after the other, and looks around in between."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

Command = Callable[[], object]

_TURN_S = 0.05


class CommandThread:
    """Goes on whatever a command does; runs from the beginning on, until it is closed.

    Parameters
    ----------
    turn : done after the commands that are there, at least 20 times a second; is told how many turns there were.
    ended : done last.
    failed : is told of what a command raised.
    """

    def __init__(self, turn: Callable[[int], object], ended: Command, failed: Callable[[Exception], None]) -> None:
        self._turn, self._ended, self._failed = turn, ended, failed
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attune-bridge")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether no command waits."""
        return self._commands.empty()

    def do(self, command: Command) -> None:
        """Have something done, after what was asked for before; returns at once."""
        self._commands.put(command)
        self._wake.set()

    def wake(self) -> None:
        """Look around at once."""
        self._wake.set()

    def guarded(self, command: Command) -> None:
        """Do something in the calling thread; whatever goes wrong is told."""
        try:
            command()
        except Exception as error:
            self._failed(error)

    def leave(self) -> None:
        """Begin to end: commands that wait are dropped."""
        self._closing.set()
        self._wake.set()

    def join(self, timeout_s: float) -> None:
        """Wait until it has ended, no longer than this."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        turns = 0
        while not self._closing.is_set():
            self._wake.wait(_TURN_S)
            self._wake.clear()
            while not self._commands.empty() and not self._closing.is_set():
                self.guarded(self._commands.get())
            turns += 1
            self.guarded(lambda count=turns: self._turn(count))  # type: ignore[misc]
        self.guarded(self._ended)
