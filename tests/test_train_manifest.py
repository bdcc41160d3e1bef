"""From labelled sentences to models that every command uses, as a researcher does it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from engine.models.checkpoint import load_checkpoint
from main import main

SENTENCES = {
    "gloomy": (
        "i feel so sad and lonely", "this grief makes me cry", "a sad and miserable day", "so much sorrow and pain",
    ),
    "keen": (
        "what a great and happy day", "i love this wonderful joy", "a happy and funny party", "so much fun and joy",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "talks.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "label", "text", "split"])
        for label, sentences in SENTENCES.items():
            for index, sentence in enumerate(sentences * 3):
                split = ("train", "train", "train", "dev", "test")[index % 5]
                writer.writerow([f"{label}{index}", label, sentence, split])
    return path


@pytest.mark.timeout(240)
def test_models_of_your_own_sentences(manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine"
    arguments = [
        "train",
        "--manifest",
        str(manifest),
        "--out",
        str(out),
        "--jobs",
        "1",
        "--device",
        "cpu",
    ]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "balanced accuracy (paper: WA)" in said
    assert sorted(one.name for one in out.iterdir() if one.is_file()) == [
        "self.json", "self.md", "self.onnx", "self.safetensors",
    ]  # fmt: skip
    model, card = load_checkpoint(out / "self")
    assert card.labels == ("gloomy", "keen")
    assert model.config.modalities == ("text",)
    assert str(tmp_path) not in (out / "self.json").read_text() + (out / "self.md").read_text()
    record = next((out / "experiment").rglob("record.json"))
    written = record.stat().st_mtime_ns
    assert main(arguments) == 0  # nothing is left to do
    assert record.stat().st_mtime_ns == written

    figures = tmp_path / "figures.json"
    evaluate = ["evaluate", "--manifest", str(manifest), "--json", str(figures), "--use", "t", "--models"]
    assert main([*evaluate, str(out)]) == 0
    found = json.loads(figures.read_text())
    assert found["labels"] == ["gloomy", "keen"]
    assert found["accuracy"] > 0.8
