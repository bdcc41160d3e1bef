"""The face encoder of the paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.device import Device
from engine.errors import AssetError
from engine.features import face_resnet
from engine.features.face_encoder import load_face_encoder
from engine.features.face_resnet import ResNet101Encoder, cached_session
from engine.features.normalise import Normalise
from engine.tracing import trace_onnx


def faces() -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [random.integers(0, 256, shape, np.uint8) for shape in ((112, 112, 3), (50, 80, 3))]


@pytest.fixture(scope="module")
def graph() -> bytes:
    """A small graph that takes pictures."""
    example = {"pictures": torch.zeros(1, 4, 4, 3, dtype=torch.uint8)}
    return trace_onnx(Normalise([1.0], [2.0]), example, ["values"], {"pictures": {0: "n"}})


def values_of(session) -> np.ndarray:
    return session.run(None, {"pictures": np.full((1, 4, 4, 3), 5, np.uint8)})[0]


def test_the_architecture() -> None:
    encoder = ResNet101Encoder(weights=None)
    assert encoder.name == "resnet101"
    embedding = encoder.encode(faces())
    assert embedding.shape == (2, encoder.dim) == (2, 2048) and embedding.dtype == np.float32
    assert encoder.encode([]).shape == (0, 2048)


def test_processor_and_device_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    small = torch.nn.Sequential(torch.nn.AvgPool2d(16), torch.nn.Flatten(), torch.nn.Linear(3 * 14 * 14, 5)).eval()
    monkeypatch.setattr(face_resnet, "_network", lambda weights: small)
    in_onnx = ResNet101Encoder(weights=None).encode(faces())
    monkeypatch.setattr(face_resnet, "CPU", Device("mps"))  # so that the other way is taken
    in_torch = ResNet101Encoder(weights=None, device=Device("cpu")).encode(faces())
    assert in_onnx.shape == in_torch.shape == (2, 5) and in_onnx.dtype == in_torch.dtype == np.float32
    np.testing.assert_allclose(in_onnx, in_torch, atol=1e-5)


def test_without_internet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ATTUNE_CACHE", str(tmp_path))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(AssetError, match=r"connect to the internet.*bundled"):
        load_face_encoder("resnet101")


def test_a_graph_is_made_once(tmp_path: Path, graph: bytes) -> None:
    made = []

    def make() -> bytes:
        made.append(1)
        return graph

    path = tmp_path / "cache" / "graph.onnx"
    for _ in range(2):
        assert (values_of(cached_session(path, make)) == 2).all()
    assert len(made) == 1 and [one.name for one in path.parent.iterdir()] == ["graph.onnx"]


def test_a_damaged_graph_is_made_again(tmp_path: Path, graph: bytes) -> None:
    path = tmp_path / "graph.onnx"
    path.write_bytes(graph[:50])
    assert (values_of(cached_session(path, lambda: graph)) == 2).all()
    assert path.read_bytes() == graph


def test_where_the_cache_cannot_be_written_the_graph_is_kept_in_memory(
    tmp_path: Path, graph: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert (values_of(cached_session(tmp_path / "file" / "graph.onnx", lambda: graph)) == 2).all()
    assert "kept in memory" in caplog.text
