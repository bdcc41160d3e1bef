"""Records a session into a folder while it runs, in a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from engine.annotations import Annotations
from engine.config import Modality
from engine.errors import AttuneError, OutputError
from engine.faults import Fault
from engine.saved.about import SessionAbout
from engine.saved.folder import SessionFolder
from engine.saved.inbox import Inbox
from engine.saved.medium import Expected
from engine.saved.recording_state import RecordingState
from engine.saved.records import SavedPrediction
from engine.saved.session_files import SessionFiles
from engine.sources.device import DeviceState
from engine.stages import Report
from engine.types import AudioBlock, Prediction, VideoFrame

_log = logging.getLogger(__name__)

FLUSH_S, SYNC_S, LOOK_S = 0.2, 2.0, 0.5
"""Every so often the journal is handed to the system, both files to the disk, and the disk is looked at."""

_JOIN_S = 15.0


class Recorder:
    """Writes what it is told of into the folder of a session. No caller ever waits for the disk.

    Where the disk fails or is nearly full, the recording ends with what it has; `state` says so and ``told`` is told.
    Where it is only too slow, pictures are left out of the medium; the journal gets everything.

    Parameters
    ----------
    folder : made for it and held; is released at the end.
    about : what the session is; its ``from_s`` is the media time of the beginning.
    now_s : media time now.
    devices : how the devices stand now.
    expected : what pictures and sound will come.
    told : of the fault that ended it, in its thread.
    """

    def __init__(
        self,
        folder: SessionFolder,
        about: SessionAbout,
        *,
        now_s: Callable[[], float],
        devices: Callable[[], tuple[DeviceState, ...]],
        expected: Callable[[], Expected],
        told: Callable[[Fault], None] = lambda fault: None,
    ) -> None:
        self.problem = ""
        self._folder, self._from_s = folder, about.from_s
        self._now_s, self._told = now_s, told
        self._inbox = Inbox()
        self._open: Callable[[], SessionFiles] = lambda: SessionFiles(
            folder, about, now_s=now_s, devices=devices, expected=expected
        )
        self._files: SessionFiles | None = None
        # A disk that never answers must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="attune-recorder", daemon=True)

    def start(self) -> None:
        """Begin to write; what it was told of before is written, too.

        Raises
        ------
        OutputError : the folder cannot be written; it is released then, and goes again where it was made for this.
        """
        try:
            self._files = self._open()
            self._thread.start()
        except BaseException:
            self._inbox.close(clear=True)
            if self._files is not None:  # there was no room for a thread
                self._files.abandon("", 0)
            self._folder.abandon()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def state(self) -> RecordingState:
        """How it stands. From any thread."""
        files = self._files
        return RecordingState(
            folder=self._folder.path,
            from_s=self._from_s,
            seconds=0.0 if files is None else max(0.0, files.newest_s - self._from_s),
            bytes_written=0 if files is None else files.bytes_written,
            left_s=None if files is None else files.left_s,
            dropped=self._inbox.dropped,
            problem=self.problem,
            running=self._thread.is_alive() and not self.problem,
        )

    def picture(self, frame: VideoFrame) -> None:
        """Take a picture of the camera; in order of time."""
        self._inbox.put(frame)

    def sound(self, block: AudioBlock) -> None:
        """Take sound as the session gets it."""
        self._inbox.put(block)

    def report(self, report: Report) -> None:
        """Take a report as the model gets it."""
        self._inbox.put(report, 4096 * (1 + len(report.heard)) + 50_000 * len(report.samples))

    def predicted(self, pts_s: float, prediction: Prediction | None, muted: frozenset[Modality] = frozenset()) -> None:
        """Take a point of the grid, what was predicted there, and what was muted, also where nothing was predicted."""
        muted = muted if prediction is None else prediction.muted
        self._inbox.put(SavedPrediction(pts_s=pts_s, prediction=prediction, muted=muted))

    def fault(self, fault: Fault) -> None:
        """Take what went wrong in the session."""
        self._inbox.put(fault)

    def annotate(self, annotations: Annotations) -> None:
        """Take all annotations as they are now."""
        self._inbox.put(annotations)

    def stop(self, timeout_s: float = _JOIN_S) -> None:
        """Write what is left and the end; again is harmless. After ``timeout_s`` it is given up."""
        self._inbox.close()
        if self._thread.ident is None:
            return
        self._thread.join(timeout_s)
        if self._thread.is_alive() and not self.problem:
            self._tell(
                f"The disk of {self._folder.path} does not answer: what was recorded until then is there. "
                "Check the disk, and record elsewhere."
            )

    def _run(self) -> None:
        assert self._files is not None
        try:
            self._record(self._files)
            self._files.close(self.problem, self._inbox.dropped)
        except AttuneError as error:
            self._fail(self._files, str(error))
        except Exception as error:  # the session must go on, whatever it was
            _log.exception("recording failed")
            self._fail(self._files, f"{type(error).__name__}: {error}. Record into another folder")
        finally:
            self._inbox.close(clear=True)
            self._folder.release()

    def _record(self, files: SessionFiles) -> None:
        flushed_s = synced_s = looked_s = time.monotonic()
        while not self._inbox.done and not self.problem:
            item = self._inbox.take(FLUSH_S / 2)
            if item is not None:
                files.take(item)
            now_s = time.monotonic()
            if now_s - flushed_s >= FLUSH_S:
                flushed_s = now_s
                files.flush()
            if now_s - synced_s >= SYNC_S:
                synced_s = now_s
                files.sync()
            if now_s - looked_s >= LOOK_S:
                looked_s = now_s
                self._look(files)

    def _look(self, files: SessionFiles) -> None:
        if self._inbox.overflown:
            raise OutputError(f"the disk of {self._folder.path} does not answer. Check it, and record elsewhere")
        if not files.look():
            self._tell(
                f"The disk of {self._folder.path} is full: the recording was ended, and is whole until then. "
                "Make room, and record into a new folder."
            )

    def _fail(self, files: SessionFiles, text: str) -> None:
        """Close what can be closed, say what happened."""
        if not text.startswith(str(self._folder.path)):  # the name of a folder stays as it is
            text = f"{text[:1].upper()}{text[1:]}"
        sentence = text.rstrip(".") + "."
        try:
            self._tell(f"The recording has ended: {sentence}")
        finally:
            files.abandon(self.problem, self._inbox.dropped)

    def _tell(self, problem: str) -> None:
        """End with a problem: keep it in the journal where that is possible, and tell the session."""
        self.problem = problem
        fault = Fault(pts_s=max(0.0, self._now_s()), part="recording", text=problem, lasting=True)
        self._inbox.close(clear=True)
        if self._files is not None and threading.current_thread() is self._thread:
            with suppress(AttuneError):  # it is told all the same
                self._files.take(fault)
        self._told(fault)
