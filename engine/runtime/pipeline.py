"""Stages wired into a graph, run in the calling thread or with a thread for each.

Both ways feed every stage the same items in the same order, so a stage whose output depends on its
input alone gives the same results. (Live, a stage that is too slow loses items; they are counted.)
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from engine.errors import AttuneError, StageError
from engine.runtime.awake import Awake
from engine.runtime.channel import ChannelClosed
from engine.runtime.graph import Node, Rescue, Tick, as_attune_error, close_iterator, no_rescue
from engine.runtime.post import Post, Relieved
from engine.runtime.trace import NO_TRACE, Trace
from engine.runtime.worker import Worker, join_all

_log = logging.getLogger(__name__)

_SLICE_S = 0.1  # how often a wait looks whether something failed elsewhere
_RELEASE_S = 0.2  # a source gets this long to notice by itself before it is closed under its reader
_WATCH_S = 0.25  # how often the watch looks


class Pipeline:
    """A graph of stages and what feeds it. It runs once.

    Parameters
    ----------
    feed : gives what the source delivers: pairs of a node and an item for it. Named "source" in errors.
    nodes : all stages, each before the ones that it feeds.
    sources : the nodes that ``feed`` writes to.
    release : closes the source, so that a blocked read returns; may be called more than once.
    trace : is told of every step of a stage.
    rescue : decides how it goes on when a stage has failed, or hangs; by default the first failure ends the run.
        Inline, nothing can be done about a stage that hangs.
    awake : what time is told by.
    looked : in threads, is called four times a second, and with True when the run is over.
    """

    def __init__(
        self,
        feed: Callable[[], Iterable[tuple[Node, Any]]],
        nodes: Sequence[Node],
        sources: Sequence[Node],
        release: Callable[[], None],
        trace: Trace = NO_TRACE,
        rescue: Rescue = no_rescue,
        awake: Awake | None = None,
        looked: Callable[[bool], None] = lambda over: None,
    ) -> None:
        self._feed = feed
        self._nodes = tuple(nodes)
        self._sources = tuple(sources)
        self._release = release
        self._awake = Awake() if awake is None else awake
        self._looked = looked
        self._posts = {node: Post(node, rescue, self._awake, trace) for node in self._nodes}
        self._at_work = {node: self._worker(post, post.work) for node, post in self._posts.items()}
        self._others = (Worker("source", self._run_source, self._fail), Worker("watch", self._watch, self._fail))
        self._lock = threading.Lock()
        self._control = threading.RLock()  # a thread is either started or not when a stop looks
        self._inline = False
        self._stopping = threading.Event()
        self._over = threading.Event()  # nothing is left to be watched
        self._begun = False
        self._complete = False
        self._failure: AttuneError | None = None

    @property
    def complete(self) -> bool:
        """Whether everything that the source delivered has passed all stages."""
        return self._complete

    @property
    def failure(self) -> AttuneError | None:
        """The first thing that went wrong."""
        return self._failure

    def run_inline(self) -> Iterator[Any]:
        """Run all stages in the calling thread; yield what comes out of the last ones.

        Raises
        ------
        AttuneError : as a stage raised it; anything else becomes a StageError that names the stage.
        """
        self._begin()
        self._awake.begin(watched=False)
        self._inline = True
        items = iter(self._feed())
        try:
            while not self._stopping.is_set():
                one = None
                with self._guarded("source"):
                    one = next(items, None)
                if one is None:
                    yield from self._finish_inline()
                    break
                yield from self._push(*one)
        finally:
            self._inline = False
            self._stopping.set()
            close_iterator(items)

    def start(self) -> None:
        """Start a thread for the source and one for each stage."""
        self._begin()
        self._awake.begin(watched=True)
        with self._control:
            for worker in self._workers():
                if not self._stopping.is_set():
                    worker.start()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end of all threads. False when that takes longer than ``timeout_s``.

        Raises
        ------
        AttuneError : the first that a stage raised.
        """
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        while self._failure is None:
            left_s = _SLICE_S if deadline_s is None else min(_SLICE_S, deadline_s - time.monotonic())
            if not join_all(self._workers(), left_s):
                break
            if left_s <= 0:
                return False
        if self._failure is not None:
            self.stop()
        return True

    def stop(self, timeout_s: float = 5.0) -> None:
        """End all threads, wherever they wait; stopping again is harmless.

        A thread that is at work finishes its present step first; ``timeout_s`` bounds the wait for that.

        Raises
        ------
        AttuneError : the first that a stage raised, or a StageError naming what has not stopped in time.
        """
        with self._control:
            self._stopping.set()
            self._over.set()
        self._close_channels()
        still = join_all(self._workers(), min(_RELEASE_S, timeout_s))
        if still or self._inline:
            self._release_source()
            still = join_all(self._workers(), timeout_s)
        if self._failure is not None:
            raise self._failure
        if still:
            raise StageError(
                f"still busy {timeout_s:g} s after the stop: {', '.join(still)}. It ends by itself when its present "
                "step is done; if it does not, close the program and start it again"
            )

    def _begin(self) -> None:
        with self._lock:
            if self._begun or self._stopping.is_set():
                raise RuntimeError("a session runs once: make a new one to run again")
            self._begun = True

    def _push(self, node: Node, item: Any) -> Iterator[Any]:
        outputs: Sequence[Any] = ()
        with self._guarded(node.stage.name):
            outputs = self._posts[node].process(item)
        yield from self._spread(node, outputs)

    def _spread(self, node: Node, outputs: Sequence[Any]) -> Iterator[Any]:
        for output in outputs:
            if not node.targets:
                yield output
            for target in node.targets:
                yield from self._push(target, output)

    def _finish_inline(self) -> Iterator[Any]:
        for node in self._nodes:
            if self._stopping.is_set():
                return
            outputs: Sequence[Any] = ()
            with self._guarded(node.stage.name):
                outputs = self._posts[node].finish()
            yield from self._spread(node, outputs)
        self._complete = True

    @contextmanager
    def _guarded(self, name: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if self._stopping.is_set():  # closing the source may break its reading
                _log.debug("%s ended with %r", name, error)
                return
            self._failure = as_attune_error(name, error)
            if self._failure is error:
                raise
            raise self._failure from error

    def _run_source(self) -> None:
        items = iter(self._feed())
        try:
            for node, item in items:
                if self._stopping.is_set():
                    return
                node.channel.put(item, if_room=isinstance(item, Tick))
            for node in self._sources:
                node.channel.finish()
        except ChannelClosed:
            return
        finally:
            close_iterator(items)

    def _worker(self, post: Post, work: Callable[[], None]) -> Worker:
        def run() -> None:
            with suppress(ChannelClosed, Relieved):
                work()
                if post.node is self._nodes[-1]:
                    self._complete = True
                    self._over.set()

        return Worker(post.node.stage.name, run, self._fail)

    def _watch(self) -> None:
        """See that no stage hangs."""
        while not self._over.wait(_WATCH_S):
            self._looked(False)
            for post in self._posts.values():
                try:
                    relieved = post.relieve()
                except StageError as error:
                    self._at_work.pop(post.node)  # nobody waits for that thread
                    self._fail(post.node.stage.name, error)
                    break
                if relieved is not None:
                    self._replace_thread(post, partial(post.go_on, *relieved))
        self._looked(True)

    def _replace_thread(self, post: Post, work: Callable[[], None]) -> None:
        """Begin another thread in place of one that hangs, which is left behind."""
        with self._control:
            if not self._stopping.is_set():
                worker = self._at_work[post.node] = self._worker(post, work)
                worker.start()

    def _fail(self, name: str, error: BaseException) -> None:
        """Keep the first error and bring everything down; what breaks because of that is no news."""
        with self._lock:
            if self._stopping.is_set() or self._failure is not None:
                _log.debug("%s ended with %r", name, error)
                return
            self._failure = as_attune_error(name, error)
            self._failure.__cause__ = None if self._failure is error else error
            self._stopping.set()
            self._over.set()
        self._close_channels()
        self._release_source()

    def _workers(self) -> tuple[Worker, ...]:
        """All threads, but those that were given up."""
        return (*self._others, *self._at_work.values())

    def _close_channels(self) -> None:
        for node in self._nodes:
            node.channel.close()

    def _release_source(self) -> None:
        try:
            self._release()
        except Exception as error:  # it is being given up; the run's own result matters more
            _log.warning("closing the source failed: %s", error)
