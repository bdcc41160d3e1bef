"""The three networks of the detector, in ONNX Runtime and in PyTorch."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import assets
from engine.device import Device
from engine.errors import AssetError, StageError
from engine.features.face import FaceTracker
from engine.features.face_detect import FaceDetector
from engine.features.face_networks import FILES, open_networks
from engine.features.face_torch import TorchNetworks, load_networks
from engine.types import VideoFrame
from tools import export_detector


@pytest.fixture(scope="module")
def in_torch() -> TorchNetworks:
    return TorchNetworks(Device("cpu"))


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in FILES:
        shutil.copy(assets.bundled(name), tmp_path)
    monkeypatch.setattr(assets, "assets_folder", lambda: tmp_path)
    return tmp_path


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).integers(0, 256, shape, np.uint8)


def test_both_give_the_same_numbers(in_torch: TorchNetworks) -> None:
    in_onnx = open_networks()
    levels = [noise(12, 12, 3), noise(47, 63, 3), noise(30, 13, 3)]
    pairs = list(zip(in_onnx.propose(levels), in_torch.propose(levels), strict=True))
    pairs.append((in_onnx.refine(noise(5, 24, 24, 3)), in_torch.refine(noise(5, 24, 24, 3))))
    pairs.append((in_onnx.judge(noise(2, 48, 48, 3)), in_torch.judge(noise(2, 48, 48, 3))))
    for one, other in pairs:
        for found, expected in zip(one, other, strict=True):
            assert found.dtype == expected.dtype == np.float32
            np.testing.assert_allclose(found, expected, atol=1e-5)


def test_both_find_the_same_faces(in_torch: TorchNetworks, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = _photograph()
    found = FaceDetector().detect(picture, 40, 160)
    monkeypatch.setattr("engine.features.face_detect.open_networks", lambda device: in_torch)
    assert len(found) == 1
    np.testing.assert_allclose(found, FaceDetector(Device("mps")).detect(picture, 40, 160), atol=1e-3)


@pytest.mark.parametrize("shape", [(1, 1), (5, 700), (11, 11), (700, 13), (20, 4000)])
def test_tiny_and_narrow_pictures(in_torch: TorchNetworks, monkeypatch: pytest.MonkeyPatch, shape) -> None:
    picture = noise(*shape, 3)
    frame = VideoFrame(seq=0, pts_s=0.0, captured_s=0.0, rgb=picture)
    for networks in (open_networks(), in_torch):
        monkeypatch.setattr("engine.features.face_detect.open_networks", lambda device, found=networks: found)
        assert networks.propose([]) == []
        assert FaceDetector().detect(picture, 20, 40).shape[1] == 5
        assert FaceTracker().track(frame) is None


def test_what_a_device_fails_with_is_said(in_torch: TorchNetworks, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(values: object, device: object) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr("engine.features.face_torch.to_device", fail)
    monkeypatch.setattr(in_torch, "_where", Device("cuda"))
    with pytest.raises(StageError, match="the face detector find no memory on cuda:0"):
        in_torch.refine(noise(1, 24, 24, 3))


def test_results_outlive_the_next_call() -> None:
    networks = open_networks()
    offsets, probability = networks.refine(noise(3, 24, 24, 3))
    kept = offsets.copy(), probability.copy()
    networks.refine(noise(4, 24, 24, 3)[:3])
    assert np.array_equal(offsets, kept[0]) and np.array_equal(probability, kept[1])


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(AssetError, match=f"{name} is missing from .*install Attune again"):
        FaceDetector()


@pytest.mark.parametrize("content", [b"", b"not a network", None])
def test_a_damaged_file(copied: Path, content: bytes | None) -> None:
    path = copied / FILES[1]
    path.write_bytes(path.read_bytes()[:5000] if content is None else content)
    with pytest.raises(AssetError, match=f"{FILES[1]} is damaged .*install Attune again"):
        FaceDetector()


def test_another_network(copied: Path) -> None:
    shutil.copy(Path(assets.__file__).parents[1] / "assets" / "face_encoder.onnx", copied / FILES[2])
    with pytest.raises(AssetError, match="not a network of the face detector"):
        FaceDetector()


def test_the_files_are_those_that_the_readme_names() -> None:
    readme = (assets.assets_folder() / "README.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"\| `(mtcnn_\w+\.onnx)` \| `([0-9a-f]{64})` \|", readme))
    assert named == {name: hashlib.sha256(assets.bundled(name).read_bytes()).hexdigest() for name in FILES}


def test_following_and_encoding_on_the_processor_import_no_torch() -> None:
    code = (
        "import sys, numpy as np\n"
        "from engine.features.face import FaceTracker\n"
        "from engine.features.face_encoder import load_face_encoder\n"
        "from engine.types import VideoFrame\n"
        "FaceTracker().track(VideoFrame(seq=0, pts_s=0.0, captured_s=0.0, rgb=np.zeros((48, 64, 3), np.uint8)))\n"
        "load_face_encoder().encode([np.zeros((112, 112, 3), np.uint8)])\n"
        "print([name for name in ('torch', 'torchvision', 'facenet_pytorch', 'cv2', 'onnx') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def _photograph() -> np.ndarray:
    """A face of the sample recording."""
    av = pytest.importorskip("av")
    with av.open(str(assets.sample_path())) as video:
        picture = next(one for one in video.decode(video=0) if one.time and one.time >= 3.0)
        return picture.to_ndarray(format="rgb24")[::2, ::2].copy()


def test_the_export_is_compared_with_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    network = load_networks()[1]
    content, difference = export_detector.export(network, ((1, 24, 24), (3, 24, 24)))
    assert len(content) > 100_000 and difference < 1e-5
    monkeypatch.setattr(export_detector, "TOLERANCE", 0.0)
    with pytest.raises(ValueError, match="off by"):
        export_detector.export(network, ((3, 24, 24),))
