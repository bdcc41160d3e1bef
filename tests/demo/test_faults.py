"""A session that went on without something: what the terminal says, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from demo.cli.app import app
from demo.cli.faults import require_whole, tell_faults
from demo.file_show import FileShow
from demo.live_output import OutputDesk
from demo.marks import Marks
from demo.recording import Recording
from demo.session_bridge import SessionBridge
from demo.shown import Shown, Transport, Trouble
from engine.annotations import read_annotations
from engine.config import SessionConfig
from engine.faults import Fault
from engine.features.face import FaceTracker
from engine.output.outputs import Outputs
from engine.output.play_feed import PlayFeed
from engine.saved.session import SavedSession
from engine.types import VideoFrame
from tests.sources.media import write_clip


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mkv", seconds=2.0)


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    track = FaceTracker.track

    def fail(self: FaceTracker, frame: VideoFrame) -> Any:
        if frame.pts_s > 0.5:
            raise FloatingPointError("not a number")
        return track(self, frame)

    monkeypatch.setattr(FaceTracker, "track", fail)


@pytest.mark.usefixtures("blind")
def test_playing_without_the_face_says_so_and_fails_at_the_end(clip: Path) -> None:
    done = CliRunner().invoke(app, ["play", str(clip), "--ui", "terminal", "--asr", "none", "--speed", "8"])
    assert done.exit_code == 1, done.output
    lines = done.output.splitlines()
    assert any(line.startswith("clip.mkv: 2.0 s") for line in lines)  # it was played to its end
    told = [line for line in lines if line.startswith("fault at 00:0")]
    assert "A picture was left out" in told[-2] and "The face is no longer looked at; the rest goes on" in told[-1]


@pytest.mark.usefixtures("blind")
def test_an_analysis_without_the_face_is_no_whole_one(clip: Path, tmp_path: Path) -> None:
    command = ["analyze", str(clip), "--out", str(tmp_path / "out"), "--asr", "none"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1, done.output
    assert "The face is no longer looked at" in done.output and "in part" in done.output
    (summary,) = (tmp_path / "out").rglob("summary.json")
    first, out = json.loads(summary.read_text())["faults"]
    assert (first["lasting"], out["lasting"], out["part"]) == (False, True, "face")


def test_an_analysis_in_part_is_made_again(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["analyze", str(clip), "--out", str(tmp_path / "out"), "--asr", "none", "--resume"]
    with monkeypatch.context() as broken:
        broken.setattr(FaceTracker, "track", lambda self, frame: 1 / 0)
        assert CliRunner().invoke(app, command).exit_code == 1
    assert CliRunner().invoke(app, command).exit_code == 0
    (summary,) = (tmp_path / "out").rglob("summary.json")
    made = summary.stat().st_mtime_ns
    assert json.loads(summary.read_text())["faults"] == []
    assert CliRunner().invoke(app, command).exit_code == 0 and summary.stat().st_mtime_ns == made


def test_only_what_lasts_is_a_failure() -> None:
    passing = Fault(pts_s=1.0, part="camera", text="gone")
    said: list[str] = []
    tell_faults([passing, Fault(pts_s=2.0, part="recording", text="told elsewhere", lasting=True)], said.append)
    assert said == ["fault at 00:01.0: gone"]
    require_whole([passing])
    with pytest.raises(Exception, match="1"):
        require_whole([passing, Fault(pts_s=2.0, part="camera", text="away", lasting=True)])


class Part:
    """A stretch of an analysis with faults of its own."""

    def __init__(self, *faults: Fault) -> None:
        self.session: Any = SimpleNamespace(faults=faults)


def test_faults_of_a_recording_stay_when_it_is_analysed_elsewhere(clip: Path) -> None:
    show = FileShow.open(clip, speaker=None, volume=0.0)
    try:
        assert show.faults() == ()
        blind = Fault(pts_s=1.0, part="face", text="The face is no longer looked at.", lasting=True)
        later = Fault(pts_s=9.0, part="hearing", text="A piece of the sound was left out.")
        first, second = Part(blind), Part()
        review = SimpleNamespace(stretches=(first, second), close=lambda: None)
        show._review = review  # type: ignore[assignment]
        assert show.faults() == (blind,) and show.faults() is show.faults()
        second.session.faults = (later,)
        assert show.faults() == (blind, later)
    finally:
        show.close()


def test_each_fault_of_a_recording_is_told_to_other_programs_once() -> None:
    told: list[Fault] = []
    faults = [Fault(pts_s=float(at), part="face", text="A picture was left out.") for at in range(3)]
    feed: Any = PlayFeed(Outputs(), SimpleNamespace())  # type: ignore[arg-type]
    feed.advance = feed.devices = lambda *_: None
    feed.faulted = told.append
    desk = OutputDesk(Outputs())
    desk._feed = feed
    show: Any = SimpleNamespace(
        transport=Transport, run_at=lambda at_s: None, busy=lambda: None, devices=tuple, faults=lambda: (faults[1],)
    )
    desk.look(show, Marks())
    show.faults = lambda: (faults[0], faults[1])  # of a stretch before it
    desk.look(show, Marks())
    desk.look(show, Marks())
    show.faults = lambda: tuple(faults)
    desk.look(show, Marks())
    assert told == [faults[1], faults[0], faults[2]]


def test_marks_are_saved_even_where_closing_fails(tmp_path: Path) -> None:
    class Failing:
        kind = "file"
        closed = False

        def close(self) -> None:
            self.closed = True
            raise RuntimeError("the driver failed")

        def recording(self) -> Recording:
            return Recording()

    bridge, path, show = SessionBridge(SessionConfig()), tmp_path / "a.json", Failing()
    bridge.close(10.0)
    bridge.marks.begin(path)
    bridge.marks.mark(1.0)  # the thread that would have saved it has ended
    bridge._show = show  # type: ignore[assignment]
    with pytest.raises(RuntimeError, match="driver"):
        bridge._end()
    assert show.closed and len(read_annotations(path)) == 1
    assert bridge.marks.marks.path == "" and bridge._show is None


def test_what_goes_wrong_while_all_is_being_closed_is_known_afterwards() -> None:
    away = Fault(pts_s=9.0, part="camera", text="The camera was away from 1.0 s to the end.", lasting=True)
    show = SimpleNamespace(kind="live", ended=[], recording=Recording)
    show.close = lambda: show.ended.append(away)
    show.faults = lambda: tuple(show.ended)
    bridge = SessionBridge(SessionConfig())
    bridge._composed = Shown(kind="live")
    bridge._show = show
    bridge.close(10.0)
    assert bridge.shown().faults == (away,)


def test_a_message_stays_while_what_is_shown_is_composed_anew() -> None:
    """The window reads at any moment: a message that were away meanwhile would flicker."""
    bridge = SessionBridge(SessionConfig())
    bridge.close(10.0)
    told = Shown(kind="file", troubles=(Trouble(where="speaker", text="There is no sound output."),))
    meanwhile: list[Shown] = []

    def compose(*given: object, **more: object) -> Shown:
        meanwhile.append(bridge.shown())
        return told

    bridge._show = SimpleNamespace(kind="file")  # type: ignore[assignment]
    bridge._composer.compose = compose  # type: ignore[method-assign, assignment]
    bridge._compose()
    bridge._compose()
    assert meanwhile[1].troubles == bridge.shown().troubles == told.troubles


@pytest.mark.parametrize(
    ("ended", "status", "says"),
    [
        (Shown(), 0, ""),
        (Shown(faults=(Fault(pts_s=1.0, part="camera", text="The camera was away.", lasting=True),)), 1, "was away"),
        (Shown(marks=Marks(problem="cannot write a.json: no space left")), 1, "no space left"),
    ],
)
def test_the_exit_status_of_the_window_says_what_was_wrong_at_its_end(
    ended: Shown, status: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(bridge: object, start: object, *, last: Any) -> int:
        last(ended)
        return 0

    monkeypatch.setattr("demo.app.run_window", closed)
    monkeypatch.setattr("demo.cli.play.opens_window", lambda ui: True)
    done = CliRunner().invoke(app, ["play", "--sample"])
    said = f"{done.output}{done.exception}"
    assert (done.exit_code, says in said) == (status, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a device that is always full")
def test_a_recording_goes_on_where_nothing_can_be_printed_any_more(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "talk.mp4", seconds=3.0)
    command = [sys.executable, "main.py", "live", "--ui", "terminal", "--asr", "none"]
    command += ["--camera", f"file:{clip}", "--microphone", f"file:{clip}", "--record", str(tmp_path / "one")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=100)
    assert done.returncode == 1 and "cannot be written" in done.stderr and "attune replay" in done.stderr
    session = SavedSession.open(tmp_path / "one")
    assert session.complete and session.until_s > 2.0
