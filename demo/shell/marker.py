"""Turns keys and buttons into annotations: a tap marks a moment, holding a key marks as long as it is held."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from demo.bridge import Bridge
from demo.names import name_of
from demo.shell.player import Player

HELD_S = 0.5
"""From then on a key was held, not tapped."""

_DIGITS = range(Qt.Key.Key_1.value, Qt.Key.Key_9.value + 1)


class Marker(QObject):
    """Marks what is open at the position of now.

    Parameters
    ----------
    bridge : has the annotations.
    player : knows the position.
    now_s : clock that tells how long a key is held.

    Signals
    -------
    marked : the id of what has just been marked.
    noted : the id of the annotation that the user wants to write a text for.
    begun : a span has begun.
    refused : nothing can be marked now; a sentence says why.
    """

    marked = Signal(str)
    noted = Signal(str)
    begun = Signal()
    refused = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        player: Player,
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._book, self._player, self._now_s = bridge.marks, player, now_s
        self._held: tuple[int, str, float] | None = None

    @property
    def position_s(self) -> float:
        """Media time of now."""
        return self._player.shown.transport.position_s

    def mark(self, label: str | None = None, key: str | None = None) -> str | None:
        """Mark this moment, or end the span that was begun."""
        id = self._book.mark(self.position_s, label=label, key=key)
        if id is None:
            self.refused.emit(self._book.marks.why_not)
        else:
            self.marked.emit(id)
        return id

    def span(self) -> None:
        """Begin a span, or end it."""
        if self._book.marks.span_from_s is not None:
            self.mark()
        elif self._book.marks.open:
            self._book.begin_span(self.position_s)
            self.begun.emit()
        else:
            self.refused.emit(self._book.marks.why_not)

    def forget_span(self) -> bool:
        """Forget where a span began; False where none did."""
        began = self._book.marks.span_from_s is not None
        self._book.cancel_span()
        return began

    def note(self, recent: str | None) -> None:
        """Let the user write a text: for what was just marked, else for this moment."""
        id = recent if recent is not None else self.mark()
        if id is not None:
            self.noted.emit(id)

    def press_digit(self, event: QKeyEvent) -> bool:
        """Mark with the emotion of a digit; False where the key stands for none."""
        labels = self._player.shown.labels
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() not in _DIGITS or not plain or self._player.shown.kind == "empty":
            return False
        index = event.key() - Qt.Key.Key_1.value
        if index >= len(labels):
            return False
        if not event.isAutoRepeat():
            self.hold(event.key(), self.mark(labels[index], str(index + 1)))
        return True

    def hold(self, key: int, id: str | None) -> None:
        """A key went down and has marked a moment."""
        self._held = None if id is None else (key, id, self._now_s())

    def release(self, event: QKeyEvent) -> None:
        """A key went up: what it marked lasted as long as it was held."""
        if self._held is None or event.isAutoRepeat() or event.key() != self._held[0]:
            return
        _, id, since_s = self._held
        self._held = None
        if self._now_s() - since_s >= HELD_S:
            self._book.extend(id, self.position_s)


class EmotionMenu(QMenu):
    """Marks with one of the emotions that the models know, each with its digit."""

    def __init__(self, marker: Marker, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("commands", "Mark with an emotion"), parent)
        self._marker, self._player = marker, player
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        for number, label in enumerate(self._player.shown.labels, 1):
            digit = str(number) if number < 10 else ""
            action = self.addAction(f"{name_of(label)}\t{digit}")
            action.triggered.connect(lambda _=False, label=label, key=digit: self._marker.mark(label, key or None))
