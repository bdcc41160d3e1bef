"""Exports a recorded session in a thread of its own, so that the window goes on."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engine.errors import AttuneError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How an export stands.

    Attributes
    ----------
    state : "idle" before the first and after one that was given up.
    format : that is being written, by its name.
    share : of that format, 0..1.
    problem : why it failed, a sentence.
    count : files that were written.
    """

    state: Literal["idle", "working", "done", "failed"] = "idle"
    format: str = ""
    share: float = 0.0
    problem: str = ""
    count: int = 0


class _GivenUp(Exception):
    """The user does not want it any more."""


class Exporter:
    """One export at a time. What was begun and given up leaves nothing behind."""

    def __init__(self) -> None:
        self._progress = Progress()
        self._given_up = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def progress(self) -> Progress:
        """How it stands now."""
        return self._progress

    def start(self, session: Path, names: tuple[str, ...], out: Path) -> None:
        """Begin to write a session in some formats into a folder; nothing where another export is at work."""
        if self._progress.state == "working":
            return
        self._progress = Progress(state="working")
        self._given_up.clear()
        self._thread = threading.Thread(target=self._run, args=(session, names, out), name="attune-export")
        self._thread.start()

    def close(self, timeout_s: float = 10.0) -> None:
        """Give up what is at work, and wait for its end, no longer than this; again is harmless."""
        self._given_up.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self, session: Path, names: tuple[str, ...], out: Path) -> None:
        try:
            self._progress = Progress(state="done", count=self._write(session, names, out))
        except _GivenUp:
            self._progress = Progress()
        except AttuneError as error:
            self._progress = Progress(state="failed", problem=str(error))
        except Exception as error:  # else the page would wait for ever
            _log.exception("export failed")
            self._progress = Progress(state="failed", problem=f"Unexpected {type(error).__name__}: {error}")

    def _write(self, session: Path, names: tuple[str, ...], out: Path) -> int:
        from engine.export.formats import chosen_formats
        from engine.export.recorded import of_session
        from engine.export.write import write_export
        from engine.saved.session import SavedSession

        formats = chosen_formats(names)
        findings = of_session(SavedSession.open(session), faces="mp4" in names)
        return len(write_export(findings, formats, out, session.absolute().name, self._tell))

    def _tell(self, name: str, share: float) -> None:
        if self._given_up.is_set():
            raise _GivenUp
        self._progress = replace(self._progress, format=name, share=share)
