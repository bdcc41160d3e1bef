"""The process in which speech is recognised: what begins it, talks with it and ends it, and what runs in it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import weakref
from typing import IO, TYPE_CHECKING, Any, Literal

from engine.asr.messages import (
    Answer,
    BadMessage,
    Raised,
    Ready,
    pack_answer,
    pack_heard,
    receive,
    send,
    unpack_answer,
    unpack_heard,
)
from engine.errors import AttuneError, StageError
from engine.runtime.processes import end_with

if TYPE_CHECKING:
    from engine.asr.base import Recognizer, TranscriptUpdate
    from engine.features.speech import Heard

_log = logging.getLogger(__name__)

_END_S = 2.0

Method = Literal["feed", "flush", "reset"]


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
        asked = json.dumps([os.getpid(), kind, model])
        command = [sys.executable, "-c", _BEGIN, json.dumps(sys.path), asked]
        begun: queue.SimpleQueue[subprocess.Popen[bytes] | OSError] = queue.SimpleQueue()
        answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()

        def begin() -> None:
            try:
                begun.put(process := subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **group))
            except OSError as error:
                begun.put(error)
                return
            _read(process, answers)

        self._answers = answers
        # Linux ends a child when the *thread* that began it is gone: so that is the one that lives as long.
        self._reader = threading.Thread(target=begin, name="attune-recogniser", daemon=True)
        self._reader.start()
        process = begun.get()
        if isinstance(process, OSError):
            raise no_start(process) from process
        self.process = process
        assert process.stdin is not None
        weakref.finalize(self, _end_input, process.stdin)  # when nobody has it any more the process ends

    def say(self, method: Method, heard: Heard | None = None) -> None:
        """Ask for something."""
        assert self.process.stdin is not None
        try:
            send(self.process.stdin, [method, None if heard is None else pack_heard(heard)])
        except (OSError, ValueError) as error:  # it has ended, or was closed
            raise self._dead() from error

    def hear(self, timeout_s: float) -> Ready | list[TranscriptUpdate]:
        """Its next answer; what went wrong there is raised here."""
        try:
            answer = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            raise Died(f"its process did not answer for {timeout_s:g} s") from None
        if answer is None:
            raise self._dead()
        if isinstance(answer, Raised):
            raise answer.error or Died(answer.words)
        return answer

    def close(self) -> None:
        """End it: in peace where it is idle, by force where it is at work."""
        assert self.process.stdin is not None
        _end_input(self.process.stdin)
        try:
            self.process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_END_S)
        self._reader.join(_END_S)

    def _dead(self) -> Died:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_END_S)
        return Died(f"its process ended with status {self.process.returncode}")


def _end_input(stream: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # it has ended already
        stream.close()


def _read(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[Answer | None]) -> None:
    """Take answers in a thread, since not every system can wait for a pipe with a time limit; None at their end."""
    assert process.stdout is not None
    try:
        with process.stdout, contextlib.suppress(EOFError, OSError):  # it has ended
            while True:
                answers.put(unpack_answer(receive(process.stdout)))
    except ValueError as error:  # a bad message
        _log.debug("the recogniser's process is given up: %s", error)
        process.kill()
    finally:
        answers.put(None)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_END_S)


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
    parent, kind, model = json.loads(sys.argv[2])
    end_with(parent)
    with contextlib.suppress(EOFError, OSError):  # nobody is there any more
        _answer(kind, model, sys.stdin.buffer, answers)


def _answer(kind: str, model: str | None, questions: IO[bytes], answers: IO[bytes]) -> None:
    from engine.asr.choose import choose_recognizer

    def say(answer: Answer) -> None:
        send(answers, pack_answer(answer))

    try:
        made = choose_recognizer(kind, model)
        assert made is not None
    except Exception as error:
        say(_raised(error))
        return
    say(Ready(made.name, made.reason))
    while True:
        method, heard = receive(questions)
        try:
            say(_done(made, method, heard))
        except Exception as error:
            _log.debug("recognition failed", exc_info=True)
            say(_raised(error))


def _done(made: Recognizer, method: Method, heard: Any) -> list[TranscriptUpdate]:
    if method == "feed":
        return made.feed(unpack_heard(heard))
    if method == "flush":
        return made.flush()
    if method != "reset":
        raise BadMessage(f"nothing is called {method!r}")
    made.reset()
    return []


def _raised(error: Exception) -> Raised:
    known = error if isinstance(error, AttuneError) else None
    return Raised(known, f"{type(error).__name__}: {error}")
