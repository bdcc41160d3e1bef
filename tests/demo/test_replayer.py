"""A recorded session in the terminal, without any model."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from demo.terminal.replayer import Replayer
from engine.clock import SteppedClock
from engine.saved.session import SavedSession
from tests.fakes import FakeSource, recording, sound
from tests.saved.saving import save_session


def replayed(path: Path, *, terminal: bool, speed: float = 1.0) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100, height=40)
    replayer = Replayer(SavedSession.open(path), speed=speed, clock=SteppedClock())
    replayer.play(console)
    return out.getvalue() + replayer.closing()


def test_a_log_gets_one_line_for_each_second_and_a_terminal_its_screens(tmp_path: Path) -> None:
    source = FakeSource(recording(sound(6, [(1.0, 4.0)]), [0.5] * 36))
    save_session(tmp_path / "monday", source=source, complete=False)
    told = replayed(tmp_path / "monday", terminal=False)
    lines = told.splitlines()
    assert "cut off" in lines[0]
    assert [one[:5] for one in lines[1:6]] == [f"00:0{k}" for k in range(1, 6)]
    assert "WORD0" in told and "monday: 5." in lines[-1] and "predictions" in lines[-1]
    fast = replayed(tmp_path / "monday", terminal=False, speed=4.0)
    assert len(fast.splitlines()) <= len(lines)
    screens = replayed(tmp_path / "monday", terminal=True, speed=4.0)
    assert screens.startswith("\x1b[?1049h") and "monday" in screens
