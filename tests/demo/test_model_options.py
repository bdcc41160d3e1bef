"""``--model`` and ``export onnx`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from demo.cli.app import run
from demo.cli.evaluate import known_labels
from demo.cli.options import FusionChoice, session_config
from engine.config import EMOTIONS, SessionConfig
from engine.models.checkpoint import load_checkpoint, save_checkpoint, weights_sha256
from engine.models.fusion import FusionConfig, FusionModel
from engine.models.onnx import open_onnx
from tests.models.factory import make_card, make_model


def test_models_are_named_one_by_one_or_by_their_folder(tmp_path: Path) -> None:
    assert session_config(fusion=FusionChoice.BOTH, model=["a", "b"]).models == ("a", "b")
    with pytest.raises(typer.BadParameter, match="not both"):
        session_config(fusion=FusionChoice.BOTH, model=["a"], model_dir=tmp_path)
    with pytest.raises(typer.BadParameter, match="--fusion chooses among the models of a folder"):
        session_config(fusion=FusionChoice.SELF, model=["a"])


def test_labels_of_a_manifest_are_those_of_the_models(tmp_path: Path) -> None:
    assert known_labels(SessionConfig()) == EMOTIONS
    model = FusionModel(FusionConfig(hidden=12, modalities=("audio",), dims={"audio": 120}, classes=2)).eval()
    path = save_checkpoint(tmp_path, "model", model, make_card(("audio",), labels=("low", "high")))
    assert known_labels(SessionConfig(models=(str(path),))) == ("low", "high")


@pytest.mark.parametrize(("command", "wrong"), [("analyze --sample --out", "out"), ("play --ui terminal --sample", "")])
def test_a_model_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, wrong: str
) -> None:
    out = [str(tmp_path / wrong)] if wrong else []
    assert run([*command.split(), *out, "--model", str(tmp_path / "nothing")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: there is no checkpoint") and "Traceback" not in error


@pytest.mark.parametrize("preset", ["temporal", "paper"])
def test_export_writes_a_graph_that_equals_the_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], preset: str
) -> None:
    save_checkpoint(tmp_path, "model", make_model("cross", preset), make_card())  # type: ignore[arg-type]
    out = tmp_path / "made" / "it.onnx"
    assert run(["export", "onnx", str(tmp_path), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert f"{preset} preset" in said and "out  logits [batch, 7] float32: anger, disgust" in said
    assert ("in   present" in said) == (preset == "temporal")
    assert "in   audio [batch, 1000, 120]" in said or preset == "temporal"
    assert "audio_from_video" in said and "equals PyTorch within" in said
    model, _ = load_checkpoint(tmp_path / "model")
    open_onnx(out, model.config, weights_sha256(model))
    assert run(["export", "onnx", str(tmp_path / "model.json")]) == 0
    assert (tmp_path / "model.onnx").is_file()


def test_mistakes_of_an_export_are_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_checkpoint(tmp_path, "model", make_model(), make_card())
    assert run(["export", "onnx", str(tmp_path), "--out", str(tmp_path / "x.bin")]) == 2
    assert "ends in .onnx" in capsys.readouterr().err
    assert run(["export", "onnx", str(tmp_path / "gone")]) == 1
    assert "there is no checkpoint" in capsys.readouterr().err
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    assert run(["export", "onnx", str(tmp_path)]) == 1
    assert "cannot be used" in capsys.readouterr().err
