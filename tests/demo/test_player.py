from __future__ import annotations

import io
import threading
from types import SimpleNamespace

import pytest
from rich.console import Console

from demo.terminal.player import Player, unsure_threshold
from engine.config import EMOTIONS, MODALITIES, SessionConfig
from engine.errors import StageError
from engine.runtime.trace import NO_TRACE
from engine.snapshot import Snapshot
from engine.timeline import Timeline
from tests.demo.test_view import predict, word

PREDICTOR = SimpleNamespace(info={}, labels=EMOTIONS, modalities=MODALITIES)


class Playhead:
    """A paced source of ten seconds whose play head moves when someone waits."""

    def __init__(self) -> None:
        self.position_s = 0.0
        self.info = SimpleNamespace(name="talk.mp4", duration_s=10.0)

    def now_s(self) -> float:
        return self.position_s

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        self.position_s = min(self.position_s + timeout_s, 10.0)
        return stop.is_set()


class Computed:
    """A session that is always two seconds ahead of the play head."""

    def __init__(self, playhead: Playhead, error: StageError | None = None) -> None:
        self._playhead = playhead
        self._error = error
        self.started = self.stopped = 0

    def start(self) -> None:
        self.started += 1

    def stop(self) -> None:
        self.stopped += 1

    @property
    def timeline(self) -> Timeline:
        timeline = Timeline()
        until_s = min(self._playhead.position_s + 2.0, 10.0)
        for k in range(1, int(until_s * 2) + 1):
            timeline.add(k / 2, predict(k / 2, "happy" if k < 10 else "sad") if k != 6 else None)
        for index, text in enumerate(("hello", "there")):
            start_s = 1.2 + 5.2 * index
            if start_s < until_s:
                timeline.start_utterance(index, start_s)
                timeline.set_words(index, (word(text, start_s),), final=True)
                timeline.end_utterance(index, start_s + 1.0)
        return timeline

    def snapshot(self, position_s: float | None = None) -> Snapshot:
        timeline = self.timeline
        moment_s, prediction = timeline.newest(position_s)
        current = prediction is not None and prediction.pts_s == moment_s
        return Snapshot(
            position_s=position_s or moment_s or 0.0,
            prediction=prediction,
            present=prediction.present if prediction is not None and current else (),
            utterances=tuple(timeline.utterances),
            face=None,
            speaking=False,
            finished=self._playhead.position_s >= 8.0,
            error=self._error,
        )


def play(*, terminal: bool, error: StageError | None = None) -> tuple[str, Player, Computed]:
    playhead = Playhead()
    session = Computed(playhead, error)
    recognizer = SimpleNamespace(name="whisper tiny.en", reason="Words by Whisper, because you asked for it.")
    components = SimpleNamespace(predictor=PREDICTOR, recognizer=recognizer, trace=NO_TRACE)
    player = Player(session, playhead, components, SessionConfig(), speed=1.0, clock=playhead)  # type: ignore[arg-type]
    out = io.StringIO()
    console = Console(file=out, width=100, height=30, force_terminal=terminal, color_system="standard")
    player.play(console)
    return out.getvalue(), player, session


def test_a_log_gets_one_plain_line_for_each_second() -> None:
    text, player, session = play(terminal=False)
    lines = text.splitlines()
    assert "\x1b" not in text
    assert lines[0] == "Words by Whisper, because you asked for it."
    assert [one[:5] for one in lines[1:]] == [f"00:{second:02d}" for second in range(11)]
    assert "happy" in lines[3] and lines[11].split()[1] == "sad"
    assert sum('"hello"' in one for one in lines) == 1 and sum('"there"' in one for one in lines) == 1
    assert (session.started, session.stopped) == (1, 1)
    assert "nothing to see or hear" in lines[4]
    assert "10.0 s with 19 predictions" in player.closing()


def test_what_is_shown_belongs_to_the_play_position() -> None:
    playhead = Playhead()
    components = SimpleNamespace(predictor=PREDICTOR, recognizer=None, trace=NO_TRACE)
    player = Player(Computed(playhead), playhead, components, SessionConfig(), speed=1.0, clock=playhead)  # type: ignore[arg-type]
    playhead.position_s = 4.2
    state = player.state()
    assert state.newest is not None and state.newest.pts_s == 4.0
    assert [one.text for one in state.words] == ["hello"]
    assert state.behind_s == 0.0


def test_a_terminal_gets_the_alternate_screen_and_its_own_back() -> None:
    text, _, session = play(terminal=True)
    assert text.count("\x1b[?1049h") == 1 and text.count("\x1b[?1049l") == 1
    assert text.index("\x1b[?1049h") < text.index("talk.mp4") < text.index("\x1b[?1049l")
    assert session.stopped == 1


def test_the_error_of_a_stage_is_raised() -> None:
    for terminal in (False, True):
        with pytest.raises(StageError, match="the face stage failed"):
            play(terminal=terminal, error=StageError("the face stage failed"))


def test_the_models_say_what_is_unsure() -> None:
    assert unsure_threshold({"models": {"self": {"unsure_threshold": 0.55}}}) == 0.55
