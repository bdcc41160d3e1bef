"""Show a running session at its play position until the recording has been played."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live

from demo.showing import thresholds
from demo.terminal.finish import closing, fault_lines
from demo.terminal.plain import line
from demo.terminal.recording import recording_line
from demo.terminal.state import UNSURE_BELOW, ViewState, recent, words_up_to
from demo.terminal.view import View
from engine.analysis.palette import MODALITY_NAMES
from engine.clock import Clock, MonotonicClock
from engine.config import Modality

if TYPE_CHECKING:
    from demo.live_output import Beside
    from engine.components import Components
    from engine.config import SessionConfig
    from engine.faults import Fault
    from engine.saved.recording_state import RecordingState
    from engine.session import Session
    from engine.sources.live import LiveSource
    from engine.sources.paced import Paced

_FRAME_S = 0.1
"""Time between two screens."""

_PLAIN_PERIOD_S = 1.0
"""Media time between two lines where the output is not a terminal."""


class Player:
    """Plays one session; what is shown belongs to the play position, not to what is computed ahead of it.

    Parameters
    ----------
    session : not yet started
    source : what it plays
    components, config : of the session
    speed : media seconds per second
    until_s : media time at which to stop, None for the end of the source
    clock : what the time between two screens is waited on
    recording : how the recording stands that is being made, None without one
    beside : the output for other programs, None without any

    Attributes
    ----------
    unseen : why nothing can be shown any more while a recording goes on, "" while it can
    """

    def __init__(
        self,
        session: Session,
        source: Paced | LiveSource,
        components: Components,
        config: SessionConfig,
        *,
        speed: float,
        until_s: float | None = None,
        clock: Clock | None = None,
        recording: Callable[[], RecordingState | None] = lambda: None,
        beside: Beside | None = None,
    ) -> None:
        self._session = session
        self._recording, self._beside = recording, beside
        self._source = source
        self._info = source.info
        self._step_s = config.step_s
        self._speed = speed
        self._until_s = until_s
        self._clock = clock or MonotonicClock()
        self._predictor = components.predictor
        self._trace = components.trace
        self._unsure_below = unsure_threshold(components.predictor.info)
        recognizer = components.recognizer
        self._reason = recognizer.reason if recognizer else "No speech recogniser runs."
        self._wake = threading.Event()
        self.unseen = ""

    def play(self, console: Console) -> None:
        """Start the session and show it until its end; raises what a stage raised."""
        self._session.start()
        try:
            if console.is_terminal:
                self._show_screens(console)
            else:
                self._print_lines(console)
        except OSError as error:
            if self._recording() is None:
                raise
            self.unseen = error.strerror or str(error)
            self._print_lines(Console(quiet=True))
        self._session.stop()

    def closing(self) -> str:
        """One paragraph about what was played."""
        timeline = self._session.timeline
        name, position_s, used = self._info.name, self.state().position_s, self._predictor.modalities
        return closing(name, position_s, timeline.predictions, timeline.words, used, moments=timeline.count)

    def state(self) -> ViewState:
        """What is to be shown now."""
        recording = self._recording()
        computed = self._session.snapshot()
        duration_s = self._source.info.duration_s
        position_s = self._source.position_s if duration_s is None else min(self._source.position_s, duration_s)
        then = self._session.snapshot(position_s)
        moment_s, _ = self._session.timeline.newest(position_s)
        return ViewState(
            name=self._source.info.name,
            position_s=position_s,
            duration_s=duration_s,
            speed=self._speed,
            predictions=recent(self._session.timeline, position_s),
            moment_s=moment_s,
            present=then.present,
            words=words_up_to(then.utterances, position_s),
            latency_s=computed.latency_s,
            unsure_below=self._unsure_below,
            behind_s=0.0 if computed.finished else max(0.0, position_s - computed.position_s - self._step_s),
            step_s=self._step_s,
            remarks=self._remarks(computed.faults),
            labels=self._predictor.labels,
            used=self._predictor.modalities,
            recording="" if recording is None else recording_line(recording),
            recording_problem="" if recording is None else recording.problem,
        )

    def _tell(self, state: ViewState) -> None:
        """Trace that the newest prediction is on the screen."""
        if state.predictions:
            self._trace.show(state.predictions[-1].pts_s)

    def _remarks(self, faults: Sequence[Fault]) -> tuple[str, ...]:
        """What went wrong, which recogniser runs, and what no model uses; live also what is wrong with a device."""
        states = getattr(self._source, "states", ())
        beside = () if self._beside is None else self._beside.remarks
        troubles = (one.message for one in states if one.message)
        told = (*beside, *fault_lines(reversed(faults)), *troubles)
        return (*told, self._reason, *unused(self._predictor.modalities))

    def _over(self, state: ViewState) -> bool:
        """Whether the end has been computed and shown; raises what a stage raised."""
        snapshot = self._session.snapshot()
        if snapshot.error is not None:
            self._session.stop()
            raise snapshot.error
        last_s = snapshot.position_s if state.duration_s is None else min(snapshot.position_s, state.duration_s)
        over = snapshot.finished and state.position_s >= last_s
        if self._beside is not None:
            self._beside.look(self._session, state.position_s, over=over)
        return over or (self._until_s is not None and state.position_s >= self._until_s)

    def _show_screens(self, console: Console) -> None:
        with Live(console=console, screen=True, auto_refresh=False, transient=True) as live:
            while True:
                state = self.state()
                live.update(View(state), refresh=True)
                self._tell(state)
                if self._over(state):
                    return
                self._clock.wait(self._wake, _FRAME_S)

    def _print_lines(self, console: Console) -> None:
        remarked: set[str] = set() if self._beside is None else set(self._beside.remarks)  # said at the start
        printed: set[tuple[float, str]] = set()
        due_s, begun = _PLAIN_PERIOD_S, False
        while True:
            state = self.state()
            over = self._over(state)
            for remark in state.remarks:
                if remark not in remarked:
                    console.print(remark, markup=False, highlight=False, soft_wrap=True)
                    remarked.add(remark)
            if state.position_s >= due_s or over or (not begun and state.predictions):
                new = tuple(one for one in state.words if one.final and (one.start_s, one.text) not in printed)
                printed |= {(one.start_s, one.text) for one in new}
                console.print(line(state, new), markup=False, highlight=False, soft_wrap=True)
                self._tell(state)
                begun = True
                due_s = (state.position_s // _PLAIN_PERIOD_S + 1) * _PLAIN_PERIOD_S
            if over:
                return
            self._clock.wait(self._wake, _FRAME_S)


def unused(used: Sequence[Modality]) -> list[str]:
    """One remark on what the models do not look at.

    >>> unused(("audio",))
    ['These models do not use the face and the words.']
    >>> unused(("audio", "video", "text"))
    []
    """
    names = [f"the {MODALITY_NAMES[name]}" for name in ("video", "audio", "text") if name not in used]
    return [f"These models do not use {' and '.join(names)}."] if names else []


def unsure_threshold(info: Mapping[str, object]) -> float:
    """Top probability below which the models' own figures call an answer unsure.

    >>> unsure_threshold({"models": {"self": {"unsure_threshold": 0.3}, "cross": {"unsure_threshold": 0.5}}})
    0.4
    >>> unsure_threshold({}) == UNSURE_BELOW
    True
    """
    known = thresholds(info).values()
    return sum(known) / len(known) if known else UNSURE_BELOW
