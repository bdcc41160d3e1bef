"""A recogniser in a process of its own.

Recognition is the heaviest stage. There it does not hold Python's lock, it loads while everything else does, and a
crash in a native library costs one utterance. Its priority is that of the program: at a lower one, beside another busy
process on two cores, words came seconds late.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pickle  # between two processes of this program; nothing from outside is unpickled
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from engine.asr.base import TranscriptUpdate
from engine.errors import AttuneError, StageError

if TYPE_CHECKING:
    from types import TracebackType

    from engine.features.speech import Heard

_log = logging.getLogger(__name__)

READY_S = 120.0
"""A model may take so long to load, from a slow disk on a busy machine."""

ANSWER_S = 60.0
"""An utterance of 20 s may take so long; beyond that the process hangs."""

_END_S = 2.0
_MOST_DEATHS = 3
_DEATHS_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class _Ready:
    """The recogniser has been made."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Raised:
    """What went wrong: an error meant for the user, or the words of another one."""

    error: AttuneError | None
    words: str


class RemoteRecognizer:
    """Recognises in another process exactly what `choose_recognizer` would recognise in this one.

    Its process begins at once and loads the model while the caller goes on; `ready` waits for that. When the process
    dies or hangs, another one takes its place: the utterance that was open keeps the words it had, and the next one is
    recognised again.

    Parameters
    ----------
    kind, model : as for `choose_recognizer`; the kind must not be "none".
    answer_s : after so long without an answer the process hangs.
    """

    def __init__(self, kind: str, model: str | None = None, *, answer_s: float = ANSWER_S) -> None:
        self._asked = (kind, model)
        self._answer_s = answer_s
        self._child: _Child | None = _Child(*self._asked)
        self._made: _Ready | None = None
        self._open: TranscriptUpdate | None = None
        self._deaths_s: deque[float] = deque(maxlen=_MOST_DEATHS)
        self._closed = False
        self._asking = threading.Lock()  # a session that was given up may still wait for its answer
        self._swapping = threading.Lock()  # closed while another process is begun, none may be left

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The engine and its model."""
        return self.ready().name

    @property
    def reason(self) -> str:
        """One sentence for the user: which recogniser this is and why it was chosen."""
        return self.ready().reason

    @property
    def process_id(self) -> int | None:
        """Of the process that recognises; None once this is closed."""
        return None if self._child is None else self._child.process.pid

    @property
    def deaths(self) -> int:
        """How often its process has died, counted up to three."""
        return len(self._deaths_s)

    def ready(self) -> _Ready:
        """Wait until the model is loaded.

        Raises
        ------
        AssetError : as `choose_recognizer` raises it.
        StageError : its process dies, or takes over two minutes.
        """
        if self._made is None:
            self._made = self._load()
        return self._made

    def feed(self, heard: Heard) -> list[TranscriptUpdate]:
        """Take the next piece of hearing; return the updates that it brings, in order of time.

        Raises
        ------
        StageError : its process has died three times within a minute.
        """
        # It hears the sound itself: MFCC would only make the way longer.
        updates = self._ask("feed", heard.until_s, replace(heard, features=()))
        if updates:
            self._open = None if updates[-1].final else updates[-1]
        return updates

    def flush(self) -> list[TranscriptUpdate]:
        """End of the stream: give the final update of an utterance that is still open.

        Raises
        ------
        StageError : as for `feed`.
        """
        updates = self._ask("flush", 0.0 if self._open is None else self._open.pts_s)
        self._open = None
        return updates

    def reset(self) -> None:
        """Forget everything that was heard; what follows is as with a new recogniser."""
        self._open = None
        if self._made is not None:
            self._ask("reset", 0.0)

    def close(self) -> None:
        """End the process; safe to call again."""
        with self._swapping:
            self._closed = True
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def _load(self) -> _Ready:
        """Wait until the process that has begun has its model. Where it fails this is closed."""
        try:
            made = self._running().hear(READY_S)
        except _Died as death:
            self.close()
            raise StageError(
                f"speech recognition could not start: {death}. Close other programs and try again, or go without "
                "words: --asr none"
            ) from death
        except AttuneError:
            self.close()
            raise
        assert isinstance(made, _Ready)
        return made

    def _running(self) -> _Child:
        if self._child is None:
            raise RuntimeError("this recogniser is closed")
        return self._child

    def _ask(self, method: str, now_s: float, *arguments: object) -> list[TranscriptUpdate]:
        with self._asking:
            self.ready()
            child = self._running()
            try:
                child.say(method, *arguments)
                answer: list[TranscriptUpdate] = child.hear(self._answer_s)
            except _Died as death:
                return self._recover(death, now_s)
        return answer

    def _recover(self, death: _Died, now_s: float) -> list[TranscriptUpdate]:
        """Begin another process. The open utterance ends with the words that were known."""
        self._deaths_s.append(time.monotonic())
        self._running().close()
        if len(self._deaths_s) == _MOST_DEATHS and self._deaths_s[-1] - self._deaths_s[0] < _DEATHS_WITHIN_S:
            self.close()
            raise StageError(
                f"speech recognition failed {_MOST_DEATHS} times within a minute: {death}. Free memory and start "
                "again, name another model with --asr-model, or go without words: --asr none"
            ) from death
        _log.warning("speech recognition is started again: %s; words of this utterance are lost", death)
        self._begin_again()
        known, self._open = self._open, None
        self._made = self._load()  # until then its name is the one that is known: the window asks for it all the time
        if known is None:
            return []
        words = tuple(replace(word, final=True) for word in known.words)
        return [replace(known, pts_s=max(known.pts_s, now_s), words=words, final=True)]

    def _begin_again(self) -> None:
        with self._swapping:
            self._running()
            self._child = _Child(*self._asked)


class _Died(Exception):
    """The process ended, or does not answer."""


class _Child:
    """The process. It is begun by itself, not by `multiprocessing`, which would run the user's script again in it."""

    def __init__(self, kind: str, model: str | None) -> None:
        group: dict[str, Any] = {"process_group": 0}  # Ctrl-C in the terminal is for the program alone
        if sys.platform == "win32":
            group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
        command = [sys.executable, "-c", _BEGIN, json.dumps(sys.path), json.dumps([kind, model])]
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **group)
        except OSError as error:
            raise StageError(
                f"speech recognition could not start: {error}. Close other programs and try again, or go without "
                "words: --asr none"
            ) from error
        self._answers: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="attune-recogniser", daemon=True)
        self._reader.start()

    def say(self, method: str, *arguments: object) -> None:
        """Ask for something."""
        assert self.process.stdin is not None
        try:
            pickle.dump((method, *arguments), self.process.stdin)
            self.process.stdin.flush()
        except (OSError, ValueError) as error:  # it has ended, or was closed
            raise self._dead() from error

    def hear(self, timeout_s: float) -> Any:
        """Its next answer; what went wrong there is raised here."""
        try:
            answer = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            raise _Died(f"its process did not answer for {timeout_s:g} s") from None
        if answer is None:
            raise self._dead()
        if isinstance(answer, _Raised):
            raise answer.error or _Died(answer.words)
        return answer

    def close(self) -> None:
        """End it: in peace where it is idle, by force where it is at work."""
        assert self.process.stdin is not None and self.process.stdout is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_END_S)
        self._reader.join(_END_S)
        if not self._reader.is_alive():
            self.process.stdout.close()

    def _read(self) -> None:
        """Take its answers in a thread, since not every system can wait for a pipe with a time limit."""
        try:
            with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):  # it has ended
                while True:
                    self._answers.put(pickle.load(self.process.stdout))  # type: ignore[arg-type]
        finally:
            self._answers.put(None)

    def _dead(self) -> _Died:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_END_S)
        return _Died(f"its process ended with status {self.process.returncode}")


_BEGIN = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from engine.asr.remote import serve; serve()"


def serve() -> None:
    """Do in the other process what is asked for on its standard input, until that ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    kind, model = json.loads(sys.argv[2])
    with contextlib.suppress(EOFError, OSError):  # nobody is there any more
        _answer(kind, model, sys.stdin.buffer, answers)


def _answer(kind: str, model: str | None, questions: BinaryIO, answers: BinaryIO) -> None:
    from engine.asr.choose import choose_recognizer

    def say(answer: object) -> None:
        pickle.dump(answer, answers)
        answers.flush()

    try:
        made = choose_recognizer(kind, model)
        assert made is not None
    except Exception as error:
        say(_raised(error))
        return
    say(_Ready(made.name, made.reason))
    while True:
        method, *arguments = pickle.load(questions)
        try:
            answer: object = getattr(made, method)(*arguments)
        except Exception as error:
            _log.debug("recognition failed", exc_info=True)
            answer = _raised(error)
        say([] if answer is None else answer)


def _raised(error: Exception) -> _Raised:
    known = error if isinstance(error, AttuneError) else None
    return _Raised(known, f"{type(error).__name__}: {error}")
