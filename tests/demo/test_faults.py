"""A session that went on without something: what the terminal says, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from demo.cli.app import app
from demo.cli.faults import require_whole, tell_faults
from engine.faults import Fault
from engine.features.face import FaceTracker
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
