"""``attune bench`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from demo.cli import bench
from engine.bench.bench import Stage
from main import main
from tests.bench.fakes import FakeStage


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> tuple[Stage, ...]:
    """Two stages that need nothing, in place of the real ones."""
    made = (FakeStage("one", "the first"), FakeStage("two", "the second"))
    monkeypatch.setattr(bench, "all_stages", lambda: made)
    return made


def run(*arguments: str) -> int:
    return main(["bench", *arguments, "--device", "cpu"])


def test_help_explains_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Usage: attune bench" in shown and "baseline's p50" in shown


def test_the_stages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0
    shown = capsys.readouterr().out
    for name in ("fusion", "mfcc", "hearing", "face", "encoder", "words", "pipeline", "live", "window", "start"):
        assert any(line.startswith(name) for line in shown.splitlines()), name


@pytest.mark.usefixtures("stages")
def test_the_table_says_what_was_measured_and_what_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0  # a bar that is missed is a measurement, no error
    shown, said = capsys.readouterr()
    lines = shown.splitlines()
    call = next(line for line in lines if line.startswith("a call"))
    assert " ".join(call.split()[2:]) == "1 ms 2 ms 2 ms 1 ms 10 ms 10.0x 10.0x >= 3x met"
    share = next(line for line in lines if line.startswith("a share"))
    assert " ".join(share.split()[2:]) == "93.2 % >= 95 % not met"
    assert "against the old way" in shown and "a note" in shown and "2 of 4 bars met" in shown
    assert "load average" in shown and "measuring one" in said and "measuring two" in said


@pytest.mark.usefixtures("stages")
def test_stages_are_chosen_and_kept_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "deep" / "bench.json"
    assert run("two", "--rounds", "3", "--json", str(path)) == 0
    read = json.loads(path.read_text(encoding="utf-8"))
    assert [one["name"] for one in read["stages"]] == ["two"] and read["complete"] is True
    assert read["settings"]["rounds"] == 3 and read["settings"]["stages"] == ["two"]
    assert f"written to {path}" in capsys.readouterr().out.replace("\n", "")


def test_a_stage_that_fails_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (FakeStage("one", failure="the weights are missing: install them"), FakeStage("two"))
    monkeypatch.setattr(bench, "all_stages", lambda: made)
    path = tmp_path / "bench.json"
    assert run("--json", str(path)) == 1
    shown, said = capsys.readouterr()
    assert "one: the weights are missing: install them" in said and "Traceback" not in said
    assert "two" in shown
    first, second = json.loads(path.read_text(encoding="utf-8"))["stages"]
    assert first["error"] == "the weights are missing: install them" and second["error"] is None


@pytest.mark.usefixtures("stages")
@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("three",), 2, "there is no stage three: choose from one, two"),
        (("--rounds", "3", "--seconds", "3"), 2, "give one of the two"),
        (("--rounds", "0"), 2, "--rounds"),
        (("--device", "gpu"), 1, "choose auto, cpu, cuda"),
        (("--device", "cuda:99"), 1, "--device cuda:99"),
    ],
)
def test_mistakes_are_told(
    arguments: tuple[str, ...], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *arguments]) == status
    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert words in said and "Traceback" not in said


@pytest.mark.usefixtures("stages")
def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "bench.json"):
        assert run("--json", str(path)) == 1
        shown, said = capsys.readouterr()
        assert "folder" in said and "measuring" not in said and shown == ""
    (tmp_path / "notes.json").write_text("[1]")
    assert run("--json", str(tmp_path / "notes.json")) == 1
    assert "no earlier result" in capsys.readouterr().err and (tmp_path / "notes.json").read_text() == "[1]"


def test_attune_is_called_as_it_was() -> None:
    python, script = bench.own_command()
    assert Path(python).exists() and Path(script).name == "main.py"
