"""A recogniser in a process of its own.

Recognition is the heaviest stage. There it does not hold Python's lock, it loads while everything else does, and a
crash in a native library costs one utterance. Its priority is that of the program: at a lower one, beside another busy
process on two cores, words came seconds late.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from engine.asr.child import Child, Died, Method, no_start
from engine.asr.messages import Ready
from engine.asr.spoken import Spoken
from engine.closing import Closing
from engine.errors import AttuneError, StageError

if TYPE_CHECKING:
    from engine.asr.base import TranscriptUpdate
    from engine.features.speech import Heard

_log = logging.getLogger(__name__)

READY_S = 120.0
"""A model may take so long to load, from a slow disk on a busy machine."""

ANSWER_S = 60.0
"""An utterance of 20 s may take so long; beyond that the process hangs."""

_MOST_DEATHS = 3
_DEATHS_WITHIN_S = 60.0

_FREE_S = 3.0
"""A session that was given up may wait so long for its answer before that is taken from it."""


class RemoteRecognizer(Closing):
    """Recognises in another process exactly what `choose_recognizer` would recognise in this one.

    Its process begins at once and loads the model while the caller goes on; `ready` waits for that. When the process
    dies or hangs, another one takes its place: the utterance that was open keeps the words it had, and says that others
    are missing; the next one is recognised again. After three deaths within a minute it is given up, until `reset`.

    Parameters
    ----------
    kind, model : as for `choose_recognizer`; the kind must not be "none".
    answer_s : after so long without an answer the process hangs.
    """

    def __init__(self, kind: str, model: str | None = None, *, answer_s: float = ANSWER_S) -> None:
        self._asked = (kind, model)
        self._answer_s = answer_s
        self._child: Child | None = Child(*self._asked)
        self._made: Ready | None = None
        self._closed = self._anew = False
        self._spoken = Spoken()
        self._now_s = 0.0
        self._deaths_s: deque[float] = deque(maxlen=_MOST_DEATHS)
        self._asking = threading.Lock()  # a session that was given up may still wait for its answer
        self._swapping = threading.Lock()  # closed while another process is begun, none may be left

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
        """Of the process that recognises; None once this is closed or given up."""
        child = self._child
        return None if child is None else child.process.pid

    @property
    def deaths(self) -> int:
        """How often its process has died, counted up to three."""
        return len(self._deaths_s)

    def ready(self) -> Ready:
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
        self._spoken.hear(heard.events)
        self._now_s = heard.until_s
        updates = self._ask("feed", heard)
        self._spoken.take(updates)
        return updates

    def flush(self) -> list[TranscriptUpdate]:
        """End of the stream: give the final update of an utterance that is still open.

        Raises
        ------
        StageError : as for `feed`.
        """
        updates = self._ask("flush")
        self._spoken = Spoken()
        return updates

    def reset(self) -> None:
        """Forget everything that was heard; what follows is as with a new recogniser, also where it was given up."""
        self._interrupt()
        self._spoken, self._now_s = Spoken(), 0.0
        if self._child is None and not self._closed:
            self._anew = True  # with the next question: whoever asks that can go on without an answer
            self._deaths_s.clear()
        elif self._made is not None:
            self._ask("reset")

    def close(self) -> None:
        """End the process; safe to call again."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        with self._swapping:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def _interrupt(self) -> None:
        """Where a session that was given up still waits for an answer, let it have none: the process hangs."""
        if self._asking.acquire(timeout=_FREE_S):
            self._asking.release()
            return
        child = self._child
        if child is not None:
            child.process.kill()

    def _load(self) -> Ready:
        """Wait until the process that has begun has its model. Where it fails this is closed."""
        try:
            made = self._running().hear(READY_S)
        except Died as death:
            self._end()
            raise no_start(death) from death
        except AttuneError:
            self._end()
            raise
        assert isinstance(made, Ready)
        return made

    def _running(self) -> Child:
        child = self._child
        if child is None:
            raise RuntimeError(f"this recogniser is {'closed' if self._closed else 'given up'}")
        return child

    def _ask(self, method: Method, heard: Heard | None = None) -> list[TranscriptUpdate]:
        with self._asking:
            if self._anew:
                self._anew = False
                self._begin_again()
                self._made = self._load()
            self.ready()
            child = self._running()
            try:
                child.say(method, heard)
                answer = child.hear(self._answer_s)
            except Died as death:
                return self._recover(death)
        assert isinstance(answer, list)
        return answer

    def _recover(self, death: Died) -> list[TranscriptUpdate]:
        """Begin another process. The open utterance ends with the words that were known."""
        self._deaths_s.append(time.monotonic())
        self._running().close()
        if len(self._deaths_s) == _MOST_DEATHS and self._deaths_s[-1] - self._deaths_s[0] < _DEATHS_WITHIN_S:
            self._end()
            raise StageError(
                f"speech recognition failed {_MOST_DEATHS} times within a minute: {death}. Free memory and start "
                "again, name another model with --asr-model, or go without words: --asr none"
            ) from death
        _log.warning("speech recognition is started again: %s; words of this utterance are lost", death)
        self._begin_again()
        self._made = self._load()  # until then its name is the one that is known: the window asks for it all the time
        return self._spoken.give_up(self._now_s)

    def _begin_again(self) -> None:
        with self._swapping:
            if self._closed:
                raise RuntimeError("this recogniser is closed")
            self._child = Child(*self._asked)
