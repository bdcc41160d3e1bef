from __future__ import annotations

import itertools
import subprocess
import sys

import numpy as np
import pytest

from engine.config import FUSIONS
from engine.models.checkpoint import build_model, weights_sha256
from engine.models.fusion import FusionModel
from engine.models.fusion_config import FusionConfig
from engine.models.stored import read_checkpoint
from engine.models.weights import arrays_sha256, convolutions, expected_shapes
from tests.models.factory import make_bundle, make_model

SOME = [("audio", "video", "text"), ("audio", "text"), ("video",)]


@pytest.mark.parametrize("preset", ["paper", "temporal"])
@pytest.mark.parametrize("modalities", SOME)
def test_the_expected_weights_are_those_of_the_model(preset, modalities):
    for fusion, pooling in itertools.product(FUSIONS, ("statistical", "concatenate")):
        if fusion != "self" and len(modalities) < 2:
            continue
        config = FusionConfig(
            fusion=fusion, pooling=pooling, preset=preset, modalities=modalities, hidden=12, heads=4, classes=3
        )
        state = FusionModel(config).state_dict()
        assert expected_shapes(config) == {name: tuple(value.shape) for name, value in state.items()}


def test_the_checksum_of_arrays_is_that_of_the_model_in_any_order(tmp_path):
    model = make_model("cross")
    arrays = {name: value.numpy() for name, value in model.state_dict().items()}
    assert arrays_sha256(arrays.items()) == arrays_sha256(reversed(arrays.items())) == weights_sha256(model)
    # pinned: the checkpoints that people have carry it
    small = [("b", np.arange(3)), ("a", np.float32([[1.5]])), ("none", np.zeros((0, 2), np.float32))]
    assert arrays_sha256(small) == "1363dab9bfb359965a6ba76e86c29b5f6c15b9d1d4f0d38a1f66112cae3319bb"


def test_a_stored_checkpoint_becomes_its_model(tmp_path):
    make_bundle(tmp_path, "paper", onnx=False)
    stored = read_checkpoint(tmp_path / "self")
    model = build_model(stored)
    assert not model.training
    assert weights_sha256(model) == stored.checksum
    conv = convolutions(stored.weights, stored.config)
    assert {name: one.shape for name, one in conv.items()} == {"audio": (500, 1000), "video": (25, 32)}
    assert np.array_equal(conv["video"], model.encoders["video"].conv.weight[:, :, 0].detach().numpy())
    assert repr(stored) == f"Stored({str(tmp_path / 'self.json')!r})"


_RUN = """
import sys
from engine.config import SessionConfig
from engine.models.predictor import load_predictor
from tests.models.torch_free import FEATURES, make_window
predictor = load_predictor(SessionConfig(model_dir=sys.argv[1]), **FEATURES)
found = predictor.predict(make_window())
predictor.subsets(make_window())
print(predictor.backend, list(found), sorted({"torch", "onnx", "safetensors.torch"} & {*sys.modules}))
"""


@pytest.mark.parametrize("preset", ["paper", "temporal"])
def test_on_the_processor_models_run_without_torch(tmp_path, preset):
    make_bundle(tmp_path, preset)
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "onnx ['self', 'cross'] []", done.stderr
