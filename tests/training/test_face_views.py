"""Embedding of faces for training, and the files of a face encoder."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from engine.errors import DataError
from engine.features.face_cnn import FaceCNN, FaceCNNConfig
from engine.training.face_data import FaceSet
from engine.training.face_files import FaceEncoderFiles, save_face_weights
from engine.training.face_views import embed_faces


@pytest.fixture
def model():
    torch.manual_seed(0)
    return FaceCNN(FaceCNNConfig(width=4, embedding_dim=8)).eval()


def some_faces(n=20):
    random = np.random.default_rng(0)
    return FaceSet(
        images=random.integers(0, 255, (n, 48, 48), dtype=np.uint8),
        labels=np.arange(n) % 7,
        soft=np.eye(7, dtype=np.float32)[np.arange(n) % 7],
    )


def test_views_are_embedded_once_and_kept(model, tmp_path):
    views = embed_faces(some_faces(), model, 2, tmp_path)
    assert views.embeddings.shape == (20, 3, 8)
    (stored,) = tmp_path.iterdir()
    stamp = stored.stat().st_mtime_ns
    again = embed_faces(some_faces(), model, 2, tmp_path)
    assert stored.stat().st_mtime_ns == stamp
    assert np.array_equal(views.embeddings, again.embeddings)


def test_other_weights_are_embedded_anew(model, tmp_path):
    embed_faces(some_faces(), model, 0, tmp_path)
    with torch.no_grad():
        model.project.bias += 1
    embed_faces(some_faces(), model, 0, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_files_bring_the_network_back(model, tmp_path):
    save_face_weights(model, tmp_path / "face_encoder.safetensors")
    card = {"name": "tiny", "embedding_dim": 8, "recipe": {"width": 4}}
    (tmp_path / "face_encoder.json").write_text(json.dumps(card))
    found = FaceEncoderFiles.find(tmp_path)
    assert (found.name, found.dim) == ("tiny", 8)
    x = torch.rand(2, 1, 48, 48)
    with torch.no_grad():
        assert torch.allclose(found.load()(x)[0], model(x)[0], atol=1e-2)


def test_a_damaged_card_is_refused(model, tmp_path):
    save_face_weights(model, tmp_path / "face_encoder.safetensors")
    (tmp_path / "face_encoder.json").write_text("{")
    with pytest.raises(DataError, match="train the face encoder again"):
        FaceEncoderFiles.find(tmp_path)
