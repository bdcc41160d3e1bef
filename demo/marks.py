"""The annotations of what is open: marked at once, saved right after, and never lost for the want of a disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.annotated import prepare
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
    What cannot be written stays in memory, also when something else is opened, until it can be or is given up.

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
        self._left: dict[str, Annotations] = {}  # by their file: not on disk yet, of what was open before

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
            self._leave()
            unsaved = every if problem else self._left.pop(str(path), every)
            self._before, self._saved = [], every
            self._marks = Marks(
                every=unsaved, path=str(path), open=not problem, why_not=problem, problem=self._marks.problem
            )
        self.save()

    def end(self, why_not: str = "") -> None:
        """Nothing can be marked from now on, for instance since the recording has ended; what is marked stays."""
        with self._lock:
            self._marks = replace(self._marks, open=False, why_not=why_not, span_from_s=None)

    def forget(self, why_not: str = "") -> None:
        """Another thing is open, which has no annotations."""
        with self._lock:
            self._leave()
            self._before, self._saved = [], Annotations()
            self._marks = Marks(why_not=why_not, problem=self._marks.problem if self._left else "")

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
        """Keep those that cannot be saved in another file: those of what is open from now on, else older ones."""
        with self._lock:
            if self._left and not self._unsaved:
                self._left[str(path)] = self._left.pop(next(iter(self._left)))
            else:
                self._marks = replace(self._marks, path=str(path))
                self._saved = Annotations()
        self._do(self.save)

    def give_up(self) -> None:
        """Do not try any more to save what could not be: the user does not need it."""
        with self._lock:
            self._left, self._saved = {}, self._marks.every
            self._marks = replace(self._marks, problem="")

    def save(self) -> None:
        """Write what is not on disk yet; again is harmless. In the thread of the bridge."""
        with self._lock:
            marks, unsaved, left = self._marks, self._unsaved, dict(self._left)
        problem = _written(marks.path, marks.every) if unsaved else ""
        problems = {path: _written(path, every) for path, every in left.items()}
        with self._lock:
            if unsaved and not problem and marks.path == self._marks.path:
                self._saved = marks.every
            for path, why in problems.items():
                if not why and self._left.get(path) is left[path]:
                    del self._left[path]
            problem = next((why for why in (problem, *problems.values()) if why), "")
            if problem != self._marks.problem:
                self._marks = replace(self._marks, problem=problem)

    @property
    def _unsaved(self) -> bool:
        """Whether something of what is open is not on disk yet. The lock is held."""
        return bool(self._marks.path) and self._marks.every != self._saved

    def _leave(self) -> None:
        """Something else is opened: what is not on disk yet is kept. The lock is held."""
        if self._unsaved:
            self._left[self._marks.path] = self._marks.every

    def _change(self, every: Annotations, newest: str | None) -> None:
        self._before = [*self._before[1 - _STEPS :], self._marks.every]
        self._marks = replace(self._marks, every=every, newest=newest, undoable=True)


def _written(path: str, every: Annotations) -> str:
    """Write annotations; why that failed, "" where it did not."""
    try:
        prepare(Path(path))
        write_annotations(Path(path), every)
    except AttuneError as error:
        return str(error)
    return ""
