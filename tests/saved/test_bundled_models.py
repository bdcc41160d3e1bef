"""A real clip with the bundled models: recorded, verified, replayed by the commands."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.cli.app import run
from engine.assets import sample_path
from engine.components import load_components
from engine.config import SessionConfig
from engine.sources.base import Item
from engine.sources.media_file import MediaFile
from tests.fakes import FakeSource
from tests.saved.saving import save_session

_SECONDS = 5.0


class Beginning(FakeSource):
    """The first seconds of a recording, as live."""

    def __init__(self, path: Path) -> None:
        self._file = MediaFile(path, frame_hz=6.0)
        self.live, self.notes, self.info = False, (), self._file.info

    def __iter__(self) -> Iterator[Item]:
        return itertools.takewhile(lambda item: item.pts_s < _SECONDS, iter(self._file))

    def close(self) -> None:
        self._file.close()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recorded") / "sample"
    config = SessionConfig(asr="none").for_live()
    components = load_components(config)
    made = save_session(path, config, source=Beginning(sample_path()), components=components, medium=True, hearing=None)
    assert len(made) > 12
    return path


def test_verify_holds(recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(recorded), "--json", str(tmp_path / "found.json")]) == 0
    told = capsys.readouterr().out
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["holds"] and found["features"]["same"] == found["features"]["moments"] > 12
    assert found["media"]["same_top"] == 1.0 and found["media"]["largest"] < 0.2
    assert "equal bit for bit" in told and "Everything holds." in told


def test_a_damaged_session_does_not_hold_and_says_where(
    recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one"
    path.mkdir()
    for name in ("session.json", "journal.msgpack"):
        (path / name).write_bytes((recorded / name).read_bytes())
    journal = bytearray((path / "journal.msgpack").read_bytes())
    journal[len(journal) // 2] ^= 1
    (path / "journal.msgpack").write_bytes(journal)
    assert run(["verify", str(path), "--no-media"]) == 1
    told = capsys.readouterr().out
    assert "problem: journal.msgpack" in told and "problem: media.mkv is missing" in told and "does not hold" in told


def test_other_classes_of_commands_lead_to_replay(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["play", str(recorded)]) == 1
    assert f"attune replay {recorded}" in capsys.readouterr().err.replace("\n", " ").replace("  ", " ")
    assert run(["replay", str(recorded), "--ui", "terminal", "--speed", "32"]) == 0
    assert "predictions. Most of the time" in capsys.readouterr().out
    assert run(["replay", str(recorded.parent)]) == 1
    assert "no recorded session" in capsys.readouterr().err
