"""A thread of its own and a bounded queue for each output, so that none slows the session or another output."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from engine.errors import AttuneError
from engine.output.message import Message

_log = logging.getLogger(__name__)

ROOM = 1024
"""Messages that may wait for a reader, about 1 MB: minutes of a live session."""

_LAST_S = 0.5


class Lane:
    """Hands messages to ``write``, in order, in a thread. When the queue is full the oldest message is lost.

    Parameters
    ----------
    name : of the output, for the thread.
    write : takes one message and how many before it were lost. What it raises ends the lane; it gives up soon after
        `abandoned` is set.
    sentence : what to tell the user about an error of ``write``.
    room : how many messages may wait.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[Message, int], None],
        sentence: Callable[[Exception], str],
        *,
        room: int = ROOM,
    ) -> None:
        self.abandoned = threading.Event()
        self._write, self._sentence = write, sentence
        self._room = room
        self._waiting: deque[Message] = deque()
        self._lost = 0
        self._problem: str | None = None
        self._over = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"attune-{name}", daemon=True)
        self._thread.start()

    @property
    def problem(self) -> str | None:
        """Why nothing is handed on any more; None while all is well."""
        return self._problem

    def offer(self, message: Message) -> None:
        """Let a message wait for its turn; returns at once. Without effect after a failure or `close`."""
        with self._changed:
            if self._over:
                return
            if len(self._waiting) >= self._room:
                self._waiting.popleft()
                self._lost += 1
            self._waiting.append(message)
            self._changed.notify()

    def close(self, timeout_s: float) -> bool:
        """Hand on what waits, for ``timeout_s`` at most, and end the thread; again is harmless.

        Returns
        -------
        Whether it has ended: a call of the system that never returns keeps it.
        """
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join(timeout_s)
        self.abandoned.set()
        self._thread.join(_LAST_S)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self.abandoned.is_set():
                with self._changed:
                    while not (self._waiting or self._over):
                        self._changed.wait()
                    if not self._waiting:
                        return
                    message, lost, self._lost = self._waiting.popleft(), self._lost, 0
                self._write(message, lost)
        except Exception as error:  # whatever an output does, the session goes on
            if not isinstance(error, OSError | AttuneError):
                _log.error("an output failed", exc_info=error)
            with self._changed:
                self._over = True
                self._waiting.clear()
            self._problem = self._sentence(error)
