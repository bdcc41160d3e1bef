"""A stage at its post: what it is busy with, and who goes on in its place when it fails or hangs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from engine.runtime.awake import Awake
from engine.runtime.channel import EndOfChannel
from engine.runtime.graph import Node, Rescue, Rescued, StageHung, Tick
from engine.runtime.trace import Trace, spanning

_END = object()  # in place of an item: nothing more will come


class Relieved(Exception):
    """Another thread works in place of this one, which was given up: it has to end, and nothing it found counts."""


class Post:
    """Where a stage works. One thread at a time works here; the watch looks at it from another.

    Parameters
    ----------
    node : its stage begins here.
    rescue : decides what goes on when a stage has failed.
    awake : what time is told by.
    trace : is told of every step.
    """

    def __init__(self, node: Node, rescue: Rescue, awake: Awake, trace: Trace) -> None:
        self.node = node
        self._rescue = rescue
        self._awake = awake
        self._trace = trace
        self._lock = threading.Lock()
        self._busy: tuple[object, Any] | None = None  # a token of what is being done, and the item
        self._since_s = 0.0

    def work(self) -> None:
        """Do all that comes in, and hand on what it brings, until nothing more comes; then the end.

        Raises
        ------
        ChannelClosed : the run is being stopped.
        Relieved : meanwhile another thread has taken over.
        Exception : what the stage raised, where nothing can go on without it.
        """
        while True:
            try:
                item = self.node.channel.get()
            except EndOfChannel:
                break
            self.hand_on(self.process(item))
        self.end(self.finish())

    def go_on(self, outputs: Sequence[Any], ended: bool) -> None:
        """Work in place of a thread that was relieved, with what `relieve` gave. It raises as `work` does."""
        if ended:
            self.end(outputs)
            return
        self.hand_on(outputs)
        self.work()

    def hand_on(self, outputs: Sequence[Any]) -> None:
        """Give what came out to the stages that take it."""
        for output in outputs:
            for target in self.node.targets:
                target.channel.put(output)

    def end(self, outputs: Sequence[Any]) -> None:
        """Hand on the last that came out."""
        self.hand_on(outputs)
        for target in self.node.targets:
            target.channel.finish()

    def process(self, item: Any) -> Sequence[Any]:
        """Give the stage an item, or what goes on in its place.

        Raises
        ------
        Relieved : meanwhile another thread has taken over.
        Exception : what the stage raised, where nothing can go on without it.
        """
        return self._do(item)

    def finish(self) -> Sequence[Any]:
        """Tell the stage that nothing more will come. It raises as `process` does."""
        return self._do(_END)

    def relieve(self) -> tuple[Sequence[Any], bool] | None:
        """Where the stage has been busy for too long, let another one go on in its place.

        Returns
        -------
        What the other one gives for the item, and whether that was the end. None where nothing hangs.

        Raises
        ------
        StageHung : it hangs, and nothing can go on without it.
        """
        with self._lock:
            if self._busy is None or self._awake.now_s() - self._since_s < self.node.patience_s:
                return None
            _, item = self._busy
            self._busy = None
        return self._replace(item, StageHung(self.node.stage.name, self.node.patience_s)), item is _END

    def _do(self, item: Any) -> Sequence[Any]:
        stage, token = self.node.stage, object()
        if isinstance(item, Tick):  # many, quick, and nothing to see
            return self._guarded(stage, item, token)
        with spanning(self._trace, stage.name):
            return self._guarded(stage, item, token)

    def _guarded(self, stage: Any, item: Any, token: object) -> Sequence[Any]:
        with self._lock:
            self._busy, self._since_s = (token, item), self._awake.now_s()
        try:
            outputs: Sequence[Any] = stage.finish() if item is _END else stage.process(item)
        except Exception as error:
            self._leave(token)
            return self._replace(item, error)
        self._leave(token)
        return outputs

    def _leave(self, token: object) -> None:
        """The thread has come back from the stage. Raises Relieved where that was too late."""
        with self._lock:
            if self._busy is None or self._busy[0] is not token:
                raise Relieved
            self._busy = None

    def _replace(self, item: Any, error: Exception) -> Sequence[Any]:
        rescued: Rescued | None = self._rescue(self.node.stage, None if item is _END else item, error)
        if rescued is None:
            raise error
        self.node.stage = rescued.stage
        return rescued.outputs
