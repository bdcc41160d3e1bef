"""A thread with a name that hands on what went wrong in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable


class Worker:
    """Runs a function once in a thread of its own.

    The program does not wait for it at its end, since a native library may never come back: whoever starts it joins it.

    Parameters
    ----------
    name : of the thread.
    run : what to do; it has to return soon after what it waits on is closed.
    failed : gets the name and what ``run`` raised, in the thread of the worker.
    """

    def __init__(self, name: str, run: Callable[[], None], failed: Callable[[str, BaseException], None]) -> None:
        self.name = name
        self._run = run
        self._failed = failed
        self._thread = threading.Thread(target=self._main, name=f"attune-{name}", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it has been started and has not returned."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait at most ``timeout_s`` for its end. Says whether it has ended (or never began)."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(max(0.0, timeout_s))
        return not self.alive

    def _main(self) -> None:
        try:
            self._run()
        except BaseException as error:  # whatever it is, somebody waits for it elsewhere
            self._failed(self.name, error)


def join_all(workers: Iterable[Worker], timeout_s: float) -> tuple[str, ...]:
    """Wait for workers, ``timeout_s`` in all. Returns the names of those that are still at work."""
    deadline_s = time.monotonic() + timeout_s
    return tuple([one.name for one in workers if not one.join(deadline_s - time.monotonic())])
