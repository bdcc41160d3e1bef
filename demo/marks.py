"""The annotations of what is open: marked at once, saved right after, and never lost for the want of a disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.annotations import MOST_TEXT, Annotation, Annotations, read_annotations, write_annotations
from engine.errors import AttuneError, DataError

RECORD_FIRST = "Marks are kept with a recording: begin to record first."

_STEPS = 200
"""Changes that can be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The annotations as the window shows them.

    Attributes
    ----------
    every : all of them.
    path : the file that they are kept in; "" where there is none.
    open : whether something can be marked now; otherwise ``why_not`` is a sentence about it.
    span_from_s : where a span begins whose end has not been marked yet.
    newest : id of what was marked or changed last; None after it was taken back.
    undoable : whether a change can be taken back.
    problem : why the last change is not on disk yet, a sentence; "" while all are.
    """

    every: Annotations = field(default_factory=Annotations)
    path: str = ""
    open: bool = False
    why_not: str = ""
    span_from_s: float | None = None
    newest: str | None = None
    undoable: bool = False
    problem: str = ""


class MarkBook:
    """Keeps the annotations of what is open, in memory and in their file.

    Changes hold at once, in the thread of the window; they are written in that of the bridge, whole or not at all.

    Parameters
    ----------
    do : carries something out in the thread of the bridge.
    """

    def __init__(self, do: Callable[[Callable[[], None]], None]) -> None:
        self._do = do
        self._lock = threading.Lock()
        self._marks = Marks()
        self._saved = self._marks.every
        self._before: list[Annotations] = []

    @property
    def marks(self) -> Marks:
        """As they are now; the same object while nothing has changed."""
        return self._marks

    def begin(self, path: Path) -> None:
        """Take up the annotations of a file, which may not be there yet. Damaged ones are left alone, and told."""
        try:
            every, problem = read_annotations(path), ""
        except DataError as error:
            every, problem = Annotations(), str(error)
        with self._lock:
            self._before, self._saved = [], every
            self._marks = Marks(every=every, path=str(path), open=not problem, why_not=problem)

    def end(self, why_not: str = "") -> None:
        """Nothing can be marked from now on, for instance since the recording has ended; what is marked stays."""
        with self._lock:
            self._marks = replace(self._marks, open=False, why_not=why_not, span_from_s=None)

    def forget(self, why_not: str = "") -> None:
        """Another thing is open, which has no annotations."""
        with self._lock:
            self._before, self._saved = [], Annotations()
            self._marks = Marks(why_not=why_not)

    def mark(self, at_s: float, *, label: str | None = None, key: str | None = None, text: str = "") -> str | None:
        """Mark a moment, or the end of the span that has begun. Returns the id, None where nothing can be marked."""
        from_s = self._marks.span_from_s
        ends = sorted((at_s if from_s is None else from_s, at_s))
        one = Annotation.new(max(0.0, ends[0]), max(0.0, ends[1]), text=text, label=label, key=key)
        with self._lock:
            if not self._marks.open:
                return None
            self._change(self._marks.every.having(one), one.id)
            self._marks = replace(self._marks, span_from_s=None)
        self._do(self.save)
        return one.id

    def begin_span(self, at_s: float) -> None:
        """Mark where a span begins."""
        with self._lock:
            if self._marks.open:
                self._marks = replace(self._marks, span_from_s=max(0.0, at_s))

    def cancel_span(self) -> None:
        """Forget where a span was to begin."""
        with self._lock:
            self._marks = replace(self._marks, span_from_s=None)

    def extend(self, id: str, until_s: float) -> None:
        """Make a moment that was just marked a span, which counts as one change with it."""
        with self._lock:
            old = self._marks.every.get(id)
            if old is None or until_s <= old.start_s:
                return
            self._marks = replace(self._marks, every=self._marks.every.having(replace(old, end_s=until_s)))
        self._do(self.save)

    def change(self, id: str, *, text: str, label: str | None) -> None:
        """Give an annotation another text and another label."""
        with self._lock:
            old = self._marks.every.get(id)
            if old is None or (old.text, old.label) == (text, label):
                return
            self._change(self._marks.every.having(replace(old, text=text[:MOST_TEXT], label=label)), id)
        self._do(self.save)

    def delete(self, id: str) -> None:
        """Take an annotation away."""
        with self._lock:
            if self._marks.every.get(id) is None:
                return
            self._change(self._marks.every.without(id), None)
        self._do(self.save)

    def undo(self) -> None:
        """Take the newest change back."""
        with self._lock:
            if not self._before:
                return
            every = self._before.pop()
            self._marks = replace(self._marks, every=every, newest=None, undoable=bool(self._before))
        self._do(self.save)

    def save_as(self, path: Path) -> None:
        """Keep them in another file from now on."""
        with self._lock:
            self._marks = replace(self._marks, path=str(path))
            self._saved = Annotations()
        self._do(self.save)

    def save(self) -> None:
        """Write what is not on disk yet; again is harmless."""
        with self._lock:
            marks = self._marks
        if marks.every == self._saved or not marks.path:
            return
        try:
            write_annotations(Path(marks.path), marks.every)
            problem = ""
        except AttuneError as error:
            problem = str(error)
        with self._lock:
            if marks.path == self._marks.path:
                self._saved = self._saved if problem else marks.every
                self._marks = replace(self._marks, problem=problem)

    def _change(self, every: Annotations, newest: str | None) -> None:
        self._before = [*self._before[1 - _STEPS :], self._marks.every]
        self._marks = replace(self._marks, every=every, newest=newest, undoable=True)
