"""The face encoders and the export of the bundled one."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.device import Device
from engine.errors import AssetError, OutputError, StageError
from engine.features.face_cnn import FaceCNN, FaceCNNConfig
from engine.features.face_encoder import (
    OnnxFaceEncoder,
    find_face_encoder,
    load_face_encoder,
    open_face_encoder,
    read_card,
)
from engine.features.face_resident import ResidentFaceEncoder
from engine.features.normalise import Normalise
from engine.features.resident import ResidentNetwork, to_device
from engine.models.face_export import export_face_encoder
from engine.training.face_files import save_face_weights

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


def test_an_unknown_encoder() -> None:
    with pytest.raises(ValueError, match="bundled or resnet101"):
        load_face_encoder("other")  # type: ignore[arg-type]


def test_an_encoder_beside_a_checkpoint_is_found_by_its_name(exported: Path) -> None:
    name = json.loads(exported.with_suffix(".json").read_text())["name"]
    assert find_face_encoder(name, exported.parent).name == name
    assert find_face_encoder("attune-face-1", exported.parent / "elsewhere").name == "attune-face-1"
    with pytest.raises(AssetError, match="face encoder another, which is not here"):
        find_face_encoder("another", exported.parent)


def test_an_embedding_is_the_same_bits_whatever_is_beside_it() -> None:
    encoder, crops = load_face_encoder(), faces(3)
    together = encoder.encode(crops)
    assert all(np.array_equal(encoder.encode([crop])[0], row) for crop, row in zip(crops, together, strict=True))


@pytest.fixture
def trained(network: FaceCNN, copied: Path) -> Path:
    """The files of an encoder as training writes them."""
    card = {**CARD, "recipe": {"width": network.config.width}}
    copied.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
    save_face_weights(network, copied.with_suffix(".safetensors"))
    return copied


def test_on_a_device_the_weights_give_the_embeddings_of_the_graph(trained: Path, exported: Path) -> None:
    encoder = ResidentFaceEncoder(
        trained.with_suffix(".safetensors"), read_card(trained.with_suffix(".json")), Device("cpu")
    )
    assert (encoder.name, encoder.dim) == ("trial", 24)
    found = encoder.encode(faces(3))
    assert found.dtype == np.float32 and encoder.encode([]).shape == (0, 24)
    np.testing.assert_allclose(
        found, OnnxFaceEncoder(exported).encode(faces(3)), atol=5e-3
    )  # weights are saved as halves


def test_without_weights_the_encoder_stays_on_the_processor(copied: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert isinstance(open_face_encoder(copied, Device("mps")), OnnxFaceEncoder)
    assert "stays on the processor" in caplog.text


@pytest.mark.parametrize("damage", ["weights", "width", "a huge width"])
def test_weights_that_are_damaged_or_others(trained: Path, damage: str) -> None:
    if damage == "weights":
        trained.with_suffix(".safetensors").write_bytes(b"nothing")
    else:
        width = 8 if damage == "width" else 8192  # in memory that would be 10 GB
        trained.with_suffix(".json").write_text(json.dumps({**CARD, "recipe": {"width": width}}), encoding="utf-8")
    with pytest.raises(AssetError, match="damaged" if damage == "weights" else "does not hold a network of width"):
        open_face_encoder(trained, Device("mps"))


@pytest.mark.parametrize("largest", [1.0, 1e6])
def test_half_precision_is_taken_where_it_holds(largest: float) -> None:
    class Scale(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.factor = torch.nn.Parameter(torch.tensor(largest))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return (x * self.factor).flatten(1)  # halves end at 65504

    resident = ResidentNetwork(Normalise([0.0], [255.0]), Scale(), Device("cpu"), (4, 4, 1))
    with torch.inference_mode():
        chosen = resident._in_half((4, 4, 1))
    assert next(chosen.parameters()).dtype == (torch.float16 if largest == 1.0 else torch.float32)


@pytest.mark.parametrize("kind", ["cpu", "mps"])
def test_an_array_that_is_not_pinned_is_copied_before_it_can_go(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def to(tensor: torch.Tensor, device: torch.device, *, non_blocking: bool) -> torch.Tensor:
        asked.append((device.type, non_blocking))
        return tensor

    monkeypatch.setattr(torch.Tensor, "to", to)
    to_device(np.zeros((1, 2), np.uint8), torch.device(kind))
    assert asked == [(kind, False)]


def test_what_a_device_fails_with_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    resident = ResidentNetwork(Normalise([0.0], [255.0]), torch.nn.Conv2d(1, 1, 1), Device("cpu"), (4, 4, 1))
    monkeypatch.setattr(resident, "_where", Device("cuda"))

    def fail(batch: torch.Tensor) -> None:
        raise RuntimeError("CUDA error: an illegal memory access was encountered\nmore")

    monkeypatch.setattr(resident, "_vectors", fail)
    with pytest.raises(StageError, match=r"cuda:0 failed while the networks of the face encoder ran .*--device cpu"):
        resident.run(np.zeros((1, 4, 4, 1), np.uint8))


@pytest.mark.parametrize("failure", [None, "operation not permitted when stream is capturing", "CUDA out of memory"])
def test_one_stream_warms_up_and_records(
    failure: str | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    streams: list[object] = []

    class Stream:
        def __init__(self, device: torch.device) -> None:
            pass

        def wait_stream(self, other: object) -> None:
            pass

        synchronize = replay = lambda self: None

    @contextmanager
    def stream(one: object):
        streams.append(one)
        yield
        streams.append("left")

    @contextmanager
    def graph(one: object, *, stream: object, capture_error_mode: str):
        streams.append(stream)
        yield
        if failure:
            raise RuntimeError(failure)

    fakes = {"Stream": Stream, "stream": stream, "graph": graph, "CUDAGraph": lambda: Stream(torch.device("cpu"))}
    for name, value in {**fakes, "current_stream": lambda: None}.items():
        monkeypatch.setattr(torch.cuda, name, value)
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 4), torch.nn.Flatten())
    resident = ResidentNetwork(Normalise([0.0], [255.0]), network, Device("cpu"), (4, 4, 1))
    with torch.inference_mode():
        if failure and "memory" in failure:
            with pytest.raises(RuntimeError, match="out of memory"):
                resident._recorded((4, 4, 1))
            return
        replay = resident._recorded((4, 4, 1))
        assert streams[0] is streams[1]
        if failure:
            assert replay is None and "no CUDA graph of the face encoder could be recorded" in caplog.text
        else:
            assert replay is not None and streams[2:] == ["left"]
            assert replay(torch.ones(1, 4, 4, 1, dtype=torch.uint8)).shape == (1, 2)
