"""The process in which speech is recognised: what begins it, talks with it and ends it, and what runs in it."""

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
from dataclasses import dataclass
from typing import Any, BinaryIO

from engine.errors import AttuneError, StageError

_log = logging.getLogger(__name__)

_END_S = 2.0


@dataclass(frozen=True, slots=True)
class Ready:
    """The recogniser has been made."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Raised:
    """What went wrong: an error meant for the user, or the words of another one."""

    error: AttuneError | None
    words: str


class Died(Exception):
    """The process ended, or does not answer."""


class Child:
    """The process. It is begun by itself, not by `multiprocessing`, which would run the user's script again in it.

    Parameters
    ----------
    kind, model : as for `choose_recognizer`.

    Raises
    ------
    StageError : no process can be begun.
    """

    def __init__(self, kind: str, model: str | None) -> None:
        group: dict[str, Any] = {"process_group": 0}  # Ctrl-C in the terminal is for the program alone
        if sys.platform == "win32":
            group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
        command = [sys.executable, "-c", _BEGIN, json.dumps(sys.path), json.dumps([kind, model])]
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **group)
        except OSError as error:
            raise no_start(error) from error
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
            raise Died(f"its process did not answer for {timeout_s:g} s") from None
        if answer is None:
            raise self._dead()
        if isinstance(answer, _Raised):
            raise answer.error or Died(answer.words)
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

    def _dead(self) -> Died:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_END_S)
        return Died(f"its process ended with status {self.process.returncode}")


_BEGIN = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from engine.asr.child import serve; serve()"


def no_start(why: Exception) -> StageError:
    """What to tell a user when the process cannot begin, or ends before its model is loaded."""
    return StageError(
        f"speech recognition could not start: {why}. Close other programs and try again, or go without words: "
        "--asr none"
    )


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
    say(Ready(made.name, made.reason))
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
