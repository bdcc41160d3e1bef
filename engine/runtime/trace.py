"""What happened when, as a trace file that Perfetto (ui.perfetto.dev) and chrome://tracing open.

The format is Chrome's Trace Event Format. Every step of a stage is a slice of its thread. Every picture that a
prediction uses is a slice of its own, from its capture until the prediction is on the screen, divided into what it
went through; arrows lead from thread to thread along the same way.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from engine.closing import Closing
from engine.errors import OutputError
from engine.files import output_error, replacing

BEGINS = b'{"displayTimeUnit":'
"""What every trace begins with."""

_MOST_FRAMES = 512
"""Pictures that are followed at the same time; beyond that the oldest is let go."""

_DOT_S = 1e-6
"""Length of a slice that is only there for an arrow to begin or end at: without one, readers leave the arrow out."""


class Trace(Protocol):
    """Gets told what happens. All methods may be called from any thread; times are of ``time.monotonic()``."""

    def span(self, name: str, began_s: float, **about: object) -> None:
        """Something in this thread began at ``began_s`` and has just ended."""

    def begin(self, pts_s: float, captured_s: float) -> None:
        """The picture at ``pts_s`` was captured and has now been handed to the session."""

    def reach(self, pts_s: float, phase: str) -> None:
        """The picture has just gone through ``phase``, which began where its last one ended."""

    def predicted(self, moment_s: float, frames: Collection[float]) -> None:
        """The prediction at ``moment_s``, the first one with these pictures, is there."""

    def show(self, moment_s: float) -> None:
        """The prediction at ``moment_s`` is on the screen."""

    def end(self, pts_s: float) -> None:
        """The picture's way ends here."""


class NoTrace:
    """Keeps nothing."""

    def span(self, name: str, began_s: float, **about: object) -> None:  # noqa: D102
        pass

    def begin(self, pts_s: float, captured_s: float) -> None:  # noqa: D102
        pass

    def reach(self, pts_s: float, phase: str) -> None:  # noqa: D102
        pass

    def predicted(self, moment_s: float, frames: Collection[float]) -> None:  # noqa: D102
        pass

    def show(self, moment_s: float) -> None:  # noqa: D102
        pass

    def end(self, pts_s: float) -> None:  # noqa: D102
        pass


NO_TRACE = NoTrace()


class FileTrace(Closing):
    """A trace in a file, which appears whole when this is closed. About 150 bytes an event, some 100 events a second.

    Parameters
    ----------
    path : of the JSON file.

    Raises
    ------
    OutputError : the file cannot be written, here or on closing; what is traced goes on in between.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._frames: dict[float, float] = {}  # picture -> end of its last phase
        self._waiting: dict[float, tuple[float, ...]] = {}  # prediction -> pictures that are to be shown with it
        self._named: set[int] = set()
        self._failure: OSError | None = None
        try:
            draft = self._stack.enter_context(replacing(path))
            self._file = self._stack.enter_context(draft.open("w", encoding="utf-8", buffering=1 << 16))
        except OSError as error:
            raise error if isinstance(error, OutputError) else output_error(path, error) from error
        self._file.write('{"displayTimeUnit":"ms","traceEvents":[\n')
        self._file.write(
            json.dumps({"ph": "M", "pid": os.getpid(), "name": "process_name", "args": {"name": "attune"}})
        )

    def close(self) -> None:
        """End the ways of all pictures and put the file in its place; closing again is harmless.

        Raises
        ------
        OutputError : it could not be written.
        """
        with self._lock:
            stack, self._stack = self._stack.pop_all(), ExitStack()
            for pts_s in list(self._frames):
                self._let_go(pts_s)
            with stack:
                if not self._file.closed:
                    if self._failure is not None:
                        raise self._failure
                    self._file.write("\n]}\n")
                    self._file.flush()
        self._failure = None

    def span(self, name: str, began_s: float, **about: object) -> None:
        """A slice of this thread."""
        now_s = time.monotonic()
        with self._lock:
            self._write(ph="X", name=name, ts=began_s, dur=now_s - began_s, args=about)

    def begin(self, pts_s: float, captured_s: float) -> None:
        """A picture's way begins, with its phase ``capture``."""
        with self._lock:
            if len(self._frames) >= _MOST_FRAMES:
                self._let_go(next(iter(self._frames)))
            self._frames[pts_s] = captured_s
            self._way("b", pts_s, "picture", captured_s, args={"pts_s": pts_s})
            self._phase(pts_s, "capture")

    def reach(self, pts_s: float, phase: str) -> None:
        """A phase of a picture's way has ended."""
        with self._lock:
            self._phase(pts_s, phase)

    def predicted(self, moment_s: float, frames: Collection[float]) -> None:
        """The pictures now wait to be seen."""
        with self._lock:
            if len(self._waiting) >= _MOST_FRAMES:  # nobody looks: in an analysis there is no screen
                del self._waiting[next(iter(self._waiting))]
            self._waiting[moment_s] = tuple(frames)

    def show(self, moment_s: float) -> None:
        """The ways of all pictures of predictions up to this one end on the screen."""
        with self._lock:
            for moment in [one for one in self._waiting if one <= moment_s]:
                for pts_s in self._waiting.pop(moment):
                    self._phase(pts_s, "screen", last=True)
                    self._let_go(pts_s)

    def end(self, pts_s: float) -> None:
        """The way of a picture ends."""
        with self._lock:
            self._let_go(pts_s)

    def _phase(self, pts_s: float, phase: str, *, last: bool = False) -> None:
        began_s = self._frames.get(pts_s)
        if began_s is None:  # let go of, or seen before the trace began
            return
        now_s = self._frames[pts_s] = time.monotonic()
        self._way("b", pts_s, phase, began_s)
        self._way("e", pts_s, phase, now_s)
        arrow = "s" if phase == "capture" else "f" if last else "t"
        if arrow != "t":  # the others are told of within a step of a stage
            self._write(ph="X", name=phase, ts=now_s, dur=_DOT_S, args={"pts_s": pts_s})
        self._write(ph=arrow, cat="picture", id=_id(pts_s), name="picture", ts=now_s, bp="e")

    def _let_go(self, pts_s: float) -> None:
        now_s = self._frames.pop(pts_s, None)
        if now_s is not None:
            self._way("e", pts_s, "picture", now_s)

    def _way(self, ph: str, pts_s: float, name: str, at_s: float, **more: Any) -> None:
        self._write(ph=ph, cat="picture", id=_id(pts_s), name=name, ts=at_s, **more)

    def _write(self, *, ts: float, dur: float | None = None, **event: Any) -> None:
        """One event; times come in seconds and are written in microseconds. The lock is held."""
        if self._failure is not None or self._file.closed:
            return
        thread = threading.current_thread()
        number = thread.native_id or 0
        event |= {"pid": os.getpid(), "tid": number, "ts": round(1e6 * ts, 1)}
        if dur is not None:
            event["dur"] = round(1e6 * dur, 1)
        try:
            if number not in self._named:
                self._named.add(number)
                self._put(
                    {"ph": "M", "name": "thread_name", "pid": os.getpid(), "tid": number, "args": {"name": thread.name}}
                )
            self._put(event)
        except OSError as error:  # the disk is full: the session matters more, and closing tells it
            self._failure = error

    def _put(self, event: dict[str, Any]) -> None:
        self._file.write(",\n" + json.dumps(event))


@contextmanager
def spanning(trace: Trace, name: str, **about: object) -> Iterator[None]:
    """Trace what the block does as a slice of this thread."""
    began_s = time.monotonic()
    try:
        yield
    finally:
        trace.span(name, began_s, **about)


def _id(pts_s: float) -> str:
    """Tells the way of a picture from others: a number, since Perfetto takes no other ids for arrows."""
    return hex(round(1e6 * pts_s))
