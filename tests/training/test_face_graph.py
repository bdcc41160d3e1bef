"""The graph of a face encoder in eight bits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.assets import assets_folder
from engine.features.face_cnn import FaceCNN, FaceCNNConfig
from engine.training import face_graph
from engine.training.face_data import FaceSet, to_input
from engine.training.face_graph import accuracy, write_graph
from engine.training.model_card import face_card


@pytest.fixture(scope="module")
def model() -> FaceCNN:
    torch.manual_seed(0)
    network = FaceCNN(FaceCNNConfig(width=8, embedding_dim=16))
    for _ in range(3):  # so that the running statistics are not the initial ones
        network(torch.rand(8, 1, 48, 48))
    return network.eval()


@pytest.fixture(scope="module")
def faces(model: FaceCNN) -> FaceSet:
    """Noise, with what the network says of it as labels."""
    images = np.random.default_rng(0).integers(0, 256, (24, 48, 48), np.uint8)
    with torch.inference_mode():
        labels = model(to_input(images))[1].argmax(dim=1).numpy()
    return FaceSet(images=images, labels=labels, soft=np.eye(7, dtype=np.float32)[labels])


def test_eight_bits_take_less_room_and_say_nearly_the_same(
    model: FaceCNN, faces: FaceSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_graph, "MOST_LOSS", 1.0)
    path = tmp_path / "face_encoder.onnx"
    facts = write_graph(model, faces, faces, path)
    graph = path.read_bytes()
    assert facts["precision"] == "int8" and facts["float32_accuracy"] == 1.0
    assert accuracy(model, graph, faces) == pytest.approx(facts["accuracy"], abs=1e-4)
    with torch.inference_mode():
        expected = model(to_input(faces.images))[0].numpy()
    found = face_graph.open_session(graph).run(None, {"faces": to_input(faces.images).numpy()})[0]
    cosine = (found * expected).sum(axis=1) / np.linalg.norm(found, axis=1) / np.linalg.norm(expected, axis=1)
    assert cosine.min() > 0.99
    assert [one.name for one in tmp_path.iterdir()] == ["face_encoder.onnx"]


def test_where_eight_bits_cost_accuracy_the_graph_stays_as_it_is(
    model: FaceCNN, faces: FaceSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_graph, "MOST_LOSS", -1.0)
    path = tmp_path / "face_encoder.onnx"
    facts = write_graph(model, faces, faces, path)
    assert facts["precision"] == "float32" and facts["accuracy"] == facts["float32_accuracy"] == 1.0
    assert accuracy(model, path.read_bytes(), faces) == 1.0


def test_the_card_of_the_bundled_encoder_is_made_from_its_description() -> None:
    folder = assets_folder()
    described = json.loads((folder / "face_encoder.json").read_text(encoding="utf-8"))
    assert (folder / "face_encoder.md").read_text(encoding="utf-8") == face_card(described)
