"""Show a recorded session in the terminal at its own pace, from what was found when it was recorded."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.live import Live

from demo.terminal.finish import closing
from demo.terminal.plain import line
from demo.terminal.player import unsure_threshold
from demo.terminal.state import ViewState, recent, words_up_to
from demo.terminal.view import View
from engine.clock import Clock, MonotonicClock
from engine.config import EMOTIONS, MODALITIES, Modality

if TYPE_CHECKING:
    from engine.saved.session import SavedSession

_FRAME_S = 0.1
"""Time between two screens."""

_PLAIN_PERIOD_S = 1.0
"""Media time between two lines where the output is not a terminal."""


class Replayer:
    """Plays one recorded session. No model is needed for it.

    Parameters
    ----------
    session : what was recorded.
    speed : media seconds per second.
    clock : what it goes on by.
    """

    def __init__(self, session: SavedSession, *, speed: float, clock: Clock | None = None) -> None:
        self._session = session
        self._speed = speed
        self._clock = clock or MonotonicClock()
        self._begun_s = self._clock.now_s()
        self._used = used_modalities(session.about.models)
        self._unsure_below = unsure_threshold(session.about.models)
        self._wake = threading.Event()

    def play(self, console: Console) -> None:
        """Show it until its end."""
        self._begun_s = self._clock.now_s()
        if console.is_terminal:
            self._show_screens(console)
        else:
            self._print_lines(console)

    def closing(self) -> str:
        """One paragraph about what was played."""
        session, timeline = self._session, self._session.timeline
        seconds = session.until_s - session.from_s
        name, moments = session.folder.name, timeline.count
        return closing(name, seconds, timeline.predictions, timeline.words, self._used, moments=moments)

    @property
    def position_s(self) -> float:
        """Media time now."""
        gone_s = (self._clock.now_s() - self._begun_s) * self._speed
        return min(self._session.from_s + gone_s, self._session.until_s)

    def state(self) -> ViewState:
        """What is to be shown now."""
        position_s, session = self.position_s, self._session
        moment_s, newest = session.timeline.newest(position_s)
        here = newest is not None and newest.pts_s == moment_s
        return ViewState(
            name=session.folder.name,
            position_s=position_s,
            duration_s=session.until_s,
            speed=self._speed,
            predictions=recent(session.timeline, position_s),
            moment_s=moment_s,
            present=newest.present if newest is not None and here else (),
            words=words_up_to(session.timeline.utterances, position_s),
            unsure_below=self._unsure_below,
            step_s=session.config.step_s,
            remarks=(*session.notes, *(one.text for one in session.faults if one.pts_s <= position_s)),
            labels=session.labels or EMOTIONS,
            used=self._used,
        )

    def _show_screens(self, console: Console) -> None:
        with Live(console=console, screen=True, auto_refresh=False, transient=True) as live:
            while True:
                state = self.state()
                live.update(View(state), refresh=True)
                if state.position_s >= self._session.until_s:
                    return
                self._clock.wait(self._wake, _FRAME_S)

    def _print_lines(self, console: Console) -> None:
        said: set[object] = set()
        due_s = self._session.from_s + _PLAIN_PERIOD_S
        while True:
            state = self.state()
            over = state.position_s >= self._session.until_s
            for remark in state.remarks:
                if remark not in said:
                    _print(console, remark)
                    said.add(remark)
            if state.position_s >= due_s or over:
                new = tuple(one for one in state.words if (one.start_s, one.text) not in said)
                said |= {(one.start_s, one.text) for one in new}
                _print(console, line(state, new))
                due_s = (state.position_s // _PLAIN_PERIOD_S + 1) * _PLAIN_PERIOD_S
            if over:
                return
            self._clock.wait(self._wake, _FRAME_S)


def used_modalities(info: Mapping[str, Any]) -> tuple[Modality, ...]:
    """The modalities that the models of a session use, from its session.json; all where that says nothing.

    >>> used_modalities({"models": {"self": {"modalities": ["video"]}, "cross": {"modalities": ["audio", "video"]}}})
    ('audio', 'video')
    >>> used_modalities({})
    ('audio', 'video', 'text')
    """
    models = info.get("models")
    named = (
        [one.get("modalities") for one in models.values() if isinstance(one, dict)] if isinstance(models, dict) else []
    )
    used = {name for one in named if isinstance(one, list) for name in one if isinstance(name, str)}
    return tuple(name for name in MODALITIES if name in used or not used)  # type: ignore[misc]


def _print(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
