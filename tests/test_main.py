from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import engine.errors
from demo.cli import app
from engine.version import __version__
from main import main

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_without_arguments_and_display_it_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown, said = capsys.readouterr()
    assert said.count("\n") == 1 and "terminal" in said
    for command in ("play", "live", "devices", "analyze", "evaluate", "train", "assets"):
        assert command in shown


@pytest.mark.parametrize(
    "command",
    [
        "",
        "play",
        "live",
        "devices",
        "analyze",
        "evaluate",
        "train",
        "train face",
        "train fusion",
        "assets",
        "assets list",
    ],
)
def test_help_at_every_level(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    assert "Usage: " in capsys.readouterr().out


def test_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"attune {__version__}\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "No such command"),
        (["play"], "--sample"),
        (["play", "x.mp4", "--sample"], "were both given"),
        (["play", "x.mp4", "--speed", "0"], "--speed"),
        (["play", "x.mp4", "--ui", "window", "--speed", "8"], "0.25 to 4"),
        (["live", "--size", "large"], "1280x720"),
        (["live", "--rate", "0"], "--rate"),
        (["live", "--record", ""], "it is empty"),
        (["live", "--trace", ""], "it is empty"),
        (["live", "--jsonl", " "], "it is empty"),
        (["live", "--camera", "loop:"], "name a recording"),
        (["live", "--microphone", ""], "it is empty"),
        (["analyze", "x.mp4", "--out", ""], "it is empty"),
        (["analyze", "x.mp4"], "--out"),
        (["analyze", "--out", "results"], "--sample"),
        (["analyze", "x.mp4", "--out", "results", "--step", "0"], "--step"),
        (["evaluate", "--manifest", "m.csv", "--json", "o.json", "--use", "x"], "--use"),
        (["evaluate", "--manifest", "m.csv", "--json", "o.json", "--use", ","], "--use"),
    ],
)
def test_wrong_usage_says_what_is_wrong(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_window_that_was_asked_for_and_cannot_open_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", "--microphone", "none", "--ui", "window"]) == 1
    assert capsys.readouterr().err == "error: no window can open here: no display\n"


def test_an_error_for_the_user_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"
    assert main(["evaluate", "--manifest", str(missing), "--json", str(tmp_path / "o.json")]) == 1
    error = capsys.readouterr().err
    assert error == f"error: there is no manifest {missing}\n"


@pytest.mark.parametrize(
    "command",
    [
        ["verify", ".", "--json"],
        ["evaluate", "--manifest", "m.csv", "--json"],
        ["evaluate", "--manifest", "m.csv", "--json", "new.json", "--predictions"],
        ["manifest", "session", ".", "--out"],
        ["manifest", "ravdess", ".", "--out"],
    ],
)
def test_no_result_takes_the_place_of_what_was_recorded_or_written(
    command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("session.json", "journal.msgpack", "media.mkv", "annotations.json", "talk.mp4.annotations.json", "notes")
    for name in names:
        (tmp_path / name).write_bytes(b"dear")
    for name in names:
        assert main([*command, name]) == 1
        assert f"error: {name}" in capsys.readouterr().err
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == dict.fromkeys(names, b"dear")


def test_two_results_need_two_files(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        ["evaluate", "--manifest", "m.csv", "--json", "a", "--predictions", "./a"],
        ["play", "talk.mp4", "--jsonl", "a", "--trace", "./a"],
        ["live", "--jsonl", "a", "--trace", "./a"],
    ):
        assert main(command) == 1
        assert "name the same file" in capsys.readouterr().err


def _failing(error: BaseException) -> object:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    return fail


def test_ctrl_c_stops_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("demo.cli.assets.print_assets", _failing(KeyboardInterrupt()))
    assert main(["assets", "list"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_an_unexpected_error_says_how_to_see_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ATTUNE_DEBUG", raising=False)
    monkeypatch.setattr("demo.cli.assets.print_assets", _failing(ZeroDivisionError("by zero")))
    assert main(["assets", "list"]) == 1
    error = capsys.readouterr().err
    assert "unexpected ZeroDivisionError: by zero" in error and "--debug" in error and "Traceback" not in error


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), engine.errors.SourceError("no such file")])
def test_debug_shows_the_traceback(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_DEBUG", "0")
    monkeypatch.setattr("demo.cli.assets.print_assets", _failing(error))
    with pytest.raises(type(error)):
        main(["--debug", "assets", "list"])


def _told(monkeypatch: pytest.MonkeyPatch, module: str, name: str) -> list[tuple[object, ...]]:
    """What a command hands to its work, in place of that work."""
    seen: list[tuple[object, ...]] = []
    stand_in = ModuleType(module)
    setattr(stand_in, name, lambda *given, **options: seen.append((*given, options)))
    monkeypatch.setitem(sys.modules, module, stand_in)
    return seen


def test_train_face_passes_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = _told(monkeypatch, "engine.training.face_command", "train_face_command")
    data, out = tmp_path, tmp_path / "out"
    assert main(["train", "face", "--data", str(data), "--out", str(out), "--epochs", "3"]) == 0
    assert seen == [({"data": data, "out": out, "epochs": 3, "seeds": 1},)]


def test_train_fusion_passes_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = _told(monkeypatch, "demo.cli.train", "train_bundle")
    data, out = tmp_path, tmp_path / "out"
    assert main(["train", "fusion", "--data", str(data), "--out", str(out), "--fusion", "self", "--seeds", "3"]) == 0
    assert seen == [(data, out, {"fusions": ("self",), "seeds": 3, "jobs": None, "cache": None})]


def test_train_on_a_manifest_passes_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = _told(monkeypatch, "demo.cli.train", "train_on_manifest")
    manifest, out = tmp_path / "talks.csv", tmp_path / "out"
    assert main(["train", "--manifest", str(manifest), "--out", str(out), "--use", "a", "--preset", "paper"]) == 0
    options = {"use": "a", "preset": "paper", "seeds": 1, "jobs": None, "device": "auto", "cache": None}
    assert seen == [(manifest, out, {"fusions": ("self", "cross"), **options})]


def test_train_on_a_manifest_needs_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--manifest", "talks.csv"]) == 2
    assert "--out DIR" in capsys.readouterr().err


def test_assets_list_names_every_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "list"]) == 0
    shown = capsys.readouterr().out
    for name in ("face_encoder.onnx", "MTCNN", "Whisper tiny.en", "ResNet-101", "178.8 MB", "PDDL-1.0"):
        assert name in shown


def test_help_needs_none_of_the_heavy_packages() -> None:
    heavy = ("torch", "numpy", "av", "cv2", "librosa", "gensim", "onnxruntime", "matplotlib", "ctranslate2")
    code = (
        "import sys; from main import main\n"
        "for command in ([], ['play'], ['analyze'], ['evaluate'], ['train'], ['train', 'face'], ['assets'], "
        "['manifest'], ['experiment', 'run'], ['export', 'onnx']):\n"
        "    assert main([*command, '--help']) == 0\n"
        f"print('loaded', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=60
    )
    assert done.stdout.endswith("loaded []\n"), done.stderr


def test_the_app_has_no_command_without_help() -> None:
    for command in app.app.registered_commands:
        assert command.callback is not None and command.callback.__doc__
