"""The face encoders and the export of the bundled one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import AssetError, OutputError
from engine.features.face_encoder import OnnxFaceEncoder, ResNet101Encoder, find_face_encoder, load_face_encoder
from engine.models.face_cnn import FaceCNN, FaceCNNConfig
from engine.models.face_export import export_face_encoder

CARD = {"name": "trial", "embedding_dim": 24, "input_size": 48}


@pytest.fixture(scope="module")
def network() -> FaceCNN:
    torch.manual_seed(0)
    network = FaceCNN(FaceCNNConfig(width=4, embedding_dim=24))
    for _ in range(3):  # so that the running statistics are not the initial ones
        network(torch.rand(8, 1, 48, 48))
    return network


@pytest.fixture(scope="module")
def exported(network: FaceCNN, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("assets") / "face_encoder.onnx"
    assert export_face_encoder(network, path) < 1e-4
    path.with_suffix(".json").write_text(json.dumps(CARD), encoding="utf-8")
    return path


@pytest.fixture
def copied(exported: Path, tmp_path: Path) -> Path:
    for suffix in (".onnx", ".json"):
        shutil.copy(exported.with_suffix(suffix), tmp_path)
    return tmp_path / exported.name


def faces(count: int, height: int = 112, width: int = 112) -> list[np.ndarray]:
    return list(np.random.default_rng(0).integers(0, 256, (count, height, width, 3), dtype=np.uint8))


def test_export_writes_one_file_and_leaves_the_model_alone(network: FaceCNN, exported: Path) -> None:
    assert sorted(path.name for path in exported.parent.iterdir()) == ["face_encoder.json", "face_encoder.onnx"]
    assert network.training


def test_export_to_a_folder_that_does_not_exist(network: FaceCNN, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        export_face_encoder(network, tmp_path / "nowhere" / "face.onnx")


def test_encoder_equals_torch(network: FaceCNN, exported: Path) -> None:
    encoder = OnnxFaceEncoder(exported)
    assert (encoder.name, encoder.dim) == ("trial", 24)
    grey = np.random.default_rng(0).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    embedding = encoder.encode(list(np.repeat(grey[..., None], 3, axis=3)))
    network.eval()
    with torch.inference_mode():
        expected = network(torch.from_numpy(grey[:, None].astype(np.float32) / 255))[0].numpy()
    network.train()
    assert embedding.dtype == np.float32 and embedding.shape == (3, 24)
    np.testing.assert_allclose(embedding, expected, atol=1e-4)


def test_encoder_takes_any_size_and_number(exported: Path) -> None:
    encoder = OnnxFaceEncoder(exported)
    assert encoder.encode([]).shape == (0, 24)
    mixed = [*faces(1), *faces(1, 20, 31), *faces(1, 300, 40), *faces(1, 1, 1)]
    together = encoder.encode(mixed)
    assert together.shape == (4, 24) and np.isfinite(together).all()
    alone = np.concatenate([encoder.encode([crop]) for crop in mixed])
    np.testing.assert_allclose(together, alone, atol=1e-4)


@pytest.mark.parametrize("missing", [".onnx", ".json"])
def test_a_missing_file(copied: Path, missing: str) -> None:
    copied.with_suffix(missing).unlink()
    with pytest.raises(AssetError, match="missing"):
        OnnxFaceEncoder(copied)


@pytest.mark.parametrize("content", [b"", b"not a network", b"{}", b"[1]", b'{"name": "x", "embedding_dim": "y"}'])
@pytest.mark.parametrize("damaged", [".onnx", ".json"])
def test_a_damaged_file(copied: Path, damaged: str, content: bytes) -> None:
    copied.with_suffix(damaged).write_bytes(content)
    with pytest.raises(AssetError, match="damaged"):
        OnnxFaceEncoder(copied)


def test_a_truncated_model(copied: Path) -> None:
    copied.write_bytes(copied.read_bytes()[:2000])
    with pytest.raises(AssetError, match="damaged"):
        OnnxFaceEncoder(copied)


def test_files_that_do_not_belong_together(copied: Path) -> None:
    copied.with_suffix(".json").write_text(json.dumps({**CARD, "embedding_dim": 256}), encoding="utf-8")
    with pytest.raises(AssetError, match="differ"):
        OnnxFaceEncoder(copied)


def test_resnet101_architecture() -> None:
    encoder = ResNet101Encoder(weights=None)
    assert encoder.name == "resnet101"
    embedding = encoder.encode([*faces(1), *faces(1, 50, 80)])
    assert embedding.shape == (2, encoder.dim) == (2, 2048) and embedding.dtype == np.float32
    assert encoder.encode([]).shape == (0, 2048)


def test_resnet101_without_internet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(AssetError, match=r"connect to the internet.*bundled"):
        load_face_encoder("resnet101")


def test_an_unknown_encoder() -> None:
    with pytest.raises(ValueError, match="bundled or resnet101"):
        load_face_encoder("other")  # type: ignore[arg-type]


def test_an_encoder_beside_a_checkpoint_is_found_by_its_name(exported: Path) -> None:
    name = json.loads(exported.with_suffix(".json").read_text())["name"]
    assert find_face_encoder(name, exported.parent).name == name
    assert find_face_encoder("attune-face-1", exported.parent / "elsewhere").name == "attune-face-1"
    with pytest.raises(AssetError, match="face encoder another, which is not here"):
        find_face_encoder("another", exported.parent)
