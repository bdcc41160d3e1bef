"""A graphics processor that fails while it works: the step is made again on the processor, which then goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.config import SessionConfig
from engine.device import Device, DeviceError, named_errors
from engine.features.face_detect import FaceDetector
from engine.features.face_encoder import SparedFaceEncoder
from engine.features.face_networks import SparedNetworks, open_networks
from engine.models.lane import PlainLane
from engine.models.predictor import Predictor, load_predictor
from engine.models.torch_runner import TorchRunner
from engine.session import Session
from tests.fakes import FakeHearing, FakeSource, fake_components, recording, sound
from tests.models.factory import FEATURES, make_bundle, make_window

OUT_OF_MEMORY = torch.OutOfMemoryError(
    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8.00 GiB"
)
GONE = RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might be asynchronously reported")


class FailingLane(PlainLane):
    """The processor, as a device that fails at some step and from then on."""

    def __init__(self, error: Exception, after: int) -> None:
        super().__init__(torch.device("cpu"))
        self._error, self._left = error, after

    def wait(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._error
        super().wait()


def failing(folder: Path, error: Exception, monkeypatch: pytest.MonkeyPatch, after: int = 2) -> Predictor:
    """A predictor whose device fails in the third step after it has been made ready."""
    lane = FailingLane(error, 10**9)
    made = TorchRunner.__init__

    def on_lane(self, models, device, **_) -> None:
        made(self, models, device, new_lane=lambda _: lane)

    monkeypatch.setattr(TorchRunner, "__init__", on_lane)
    predictor = load_predictor(SessionConfig(model_dir=str(folder)), device=Device("mps"), **FEATURES)
    lane._left = after
    return predictor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_bundle(tmp_path)


@pytest.mark.parametrize("error", [OUT_OF_MEMORY, GONE])
def test_the_failed_step_is_made_again_on_the_processor(folder: Path, error: Exception, monkeypatch) -> None:
    predictor = failing(folder, error, monkeypatch)
    plain = load_predictor(SessionConfig(model_dir=str(folder)), **FEATURES)
    windows = [make_window(audio=50 + k) for k in range(5)]
    found = [predictor.predict(one) for one in windows[:2]]
    assert (predictor.failure, predictor.backend) == (None, "torch")
    found += [predictor.predict(one) for one in windows[2:]]
    assert predictor.failure is not None and predictor.failure.__cause__ is error
    assert (predictor.backend, predictor.info["backend"], predictor.info["device"]) == ("onnx", "onnx", "cpu")
    for window, ours, exact in zip(windows, found, [False, False, True, True, True], strict=True):
        for fusion, theirs in plain.predict(window).items():
            np.testing.assert_allclose(ours[fusion].probabilities, theirs.probabilities, atol=0 if exact else 1e-5)
    assert predictor.subsets(windows[0]).keys() == plain.subsets(windows[0]).keys()


def test_another_error_is_no_reason_to_fall_back(folder: Path, monkeypatch) -> None:
    predictor = failing(folder, RuntimeError("a matrix does not fit"), monkeypatch)
    for _ in range(2):
        predictor.predict(make_window())
    with pytest.raises(RuntimeError, match="a matrix does not fit"):
        predictor.predict(make_window())
    assert predictor.failure is None


def test_without_a_spare_the_failure_is_told(folder: Path, monkeypatch) -> None:
    predictor = failing(folder, GONE, monkeypatch, after=0)
    alone = Predictor(predictor.models, predictor.runner)
    with pytest.raises(DeviceError, match="mps failed while the models ran"):
        alone.predict(make_window())


@pytest.mark.parametrize("inline", [True, False])
def test_a_session_goes_on_and_says_so(folder: Path, monkeypatch, inline: bool) -> None:
    predictor = failing(folder, OUT_OF_MEMORY, monkeypatch)
    parts = fake_components(predictor=predictor, vectors=_Vectors())
    source = FakeSource(recording(sound(6.0, [(0.5, 5.5)]), []), has_video=False)
    with Session(source, parts, SessionConfig(), hearing=FakeHearing()) as running:
        if inline:
            list(running.run_inline())
        else:
            running.start()
            assert running.wait(60)
    (fault,) = running.faults
    assert (fault.part, fault.lasting) == ("device", True)
    assert "goes on on the processor" in fault.text and "find no memory on mps" in fault.text
    made = [one.pts_s for one in running.timeline.predictions]
    assert fault.pts_s == made[2] and np.allclose(np.diff(made), 0.5) and made[-1] == 6.0


class _Vectors:
    name = FEATURES["vectors"]
    dim = FEATURES["text_dim"]

    def embed(self, words):
        return tuple(words), np.ones((len(words), self.dim), np.float32), 0


class _Faces:
    """Networks of a face encoder and detector, on a device that fails in the third call."""

    name, dim, checksum = "small", 2, "0"

    def __init__(self, error: Exception) -> None:
        self._error, self._left = error, 2

    def encode(self, crops):
        with named_errors(Device("cuda"), "the networks of the face encoder"):
            self._left -= 1
            if self._left < 0:
                raise self._error
            return np.zeros((len(crops), 2), np.float32)


class _OnProcessor(_Faces):
    def __init__(self) -> None:
        pass

    def encode(self, crops):
        return np.ones((len(crops), 2), np.float32)


@pytest.mark.parametrize("error", [OUT_OF_MEMORY, GONE])
def test_a_face_encoder_falls_back_too(error: Exception) -> None:
    encoder = SparedFaceEncoder(_Faces(error), _OnProcessor)
    crops = [np.zeros((8, 8, 3), np.uint8)]
    assert [float(encoder.encode(crops)[0, 0]) for _ in range(5)] == [0, 0, 1, 1, 1]
    assert encoder.failure is not None and (encoder.name, encoder.dim) == ("small", 2)


def test_the_detector_falls_back_in_the_middle_of_a_picture() -> None:
    class Failing:
        def __getattr__(self, name: str):
            def run(pictures):
                with named_errors(Device("cuda"), "the networks of the face detector"):
                    if name == "propose":
                        raise OUT_OF_MEMORY
                    return getattr(networks, name)(pictures)

            return run

    networks = open_networks()
    picture = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    plain = FaceDetector()
    falling = FaceDetector()
    falling._networks = SparedNetworks(Failing(), open_networks)
    np.testing.assert_array_equal(falling.detect(picture, 20, 200), plain.detect(picture, 20, 200))
    assert falling.failure is not None and plain.failure is None


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA card")
def test_a_card_that_has_no_memory_left_is_left(folder: Path) -> None:
    predictor = load_predictor(SessionConfig(model_dir=str(folder)), device=Device("cuda"), **FEATURES)
    plain = load_predictor(SessionConfig(model_dir=str(folder)), **FEATURES)
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(1e-9)
    try:
        found = predictor.subsets(make_window(audio=1000))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert "find no memory on cuda:0" in str(predictor.failure) and predictor.info["device"] == "cpu"
    for fusion, theirs in plain.subsets(make_window(audio=1000)).items():
        np.testing.assert_array_equal(found[fusion], theirs)


_GONE = """
import sys
import numpy as np
import torch
from engine.config import SessionConfig
from engine.device import Device
from engine.models.predictor import load_predictor
from tests.models.torch_free import FEATURES, make_window

predictor = load_predictor(SessionConfig(model_dir=sys.argv[1]), device=Device("cuda"), **FEATURES)
window = make_window()
before = predictor.predict(window)
try:  # an index that is out of range: the card is lost to this process
    torch.zeros(4, device="cuda")[torch.tensor([9], device="cuda")].cpu()
except RuntimeError:
    pass
after = predictor.predict(window)
assert predictor.failure is not None and predictor.backend == "onnx", predictor.failure
for fusion, outcome in after.items():
    np.testing.assert_allclose(outcome.probabilities, before[fusion].probabilities, atol=1e-2)
print("goes on:", predictor.failure, flush=True)
"""


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA card")
def test_a_card_that_is_lost_is_left(folder: Path) -> None:
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", _GONE, str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert "goes on: cuda:0 failed while the models ran" in done.stdout, done.stderr
