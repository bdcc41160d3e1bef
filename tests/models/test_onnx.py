from __future__ import annotations

import os
import warnings

import numpy as np
import onnx
import pytest
import torch

from engine.errors import AssetError, CheckpointError, OutputError
from engine.models.checkpoint import weights_sha256
from engine.models.onnx import OnnxBackend, open_onnx
from engine.models.onnx_export import export_onnx
from tests.models.factory import make_model


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    model = make_model("cross")
    return model, export_onnx(model, tmp_path_factory.mktemp("onnx") / "cross.onnx")


@pytest.mark.parametrize("frames", [(1, 1, 1), (7, 32, 2), (1000, 3, 128)])
@pytest.mark.parametrize("present", [[True, True, True], [False, True, False], [False, False, False]])
def test_temporal_graph_equals_torch_at_any_length(exported, frames, present):
    model, path = exported
    generator = torch.Generator().manual_seed(5)
    sizes = zip(("audio", "video", "text"), frames, (120, 16, 10), strict=True)
    inputs = {name: torch.randn(3, count, dim, generator=generator) for name, count, dim in sizes}
    mask = torch.tensor([present, [True] * 3, present])
    with torch.no_grad():
        expected = model(**inputs, present=mask)
    backend = OnnxBackend(path, model.config)
    logits, maps = backend.run({name: x.numpy() for name, x in inputs.items()}, mask.numpy())
    np.testing.assert_allclose(logits, expected.logits.numpy(), atol=1e-4)
    assert list(maps) == list(expected.attention)
    for name, weights in expected.attention.items():
        np.testing.assert_allclose(maps[name], weights.numpy(), atol=1e-4)


@pytest.mark.parametrize(("fusion", "modalities"), [("self", ("audio", "video", "text")), ("self", ("text",))])
def test_paper_graph_has_fixed_lengths_and_no_mask(tmp_path, fusion, modalities):
    model = make_model(fusion, "paper", modalities)
    path = export_onnx(model, tmp_path / "paper.onnx")
    shapes = {one.name: one.type.tensor_type.shape.dim for one in onnx.load(path).graph.input}
    assert list(shapes) == list(modalities)
    assert (shapes["text"][0].dim_param, shapes["text"][1].dim_value) == ("batch", 128)


def test_graph_is_one_file_with_gru_nodes_and_named_free_axes(exported):
    _, path = exported
    assert os.listdir(path.parent) == [path.name]
    proto = onnx.load(path)
    onnx.checker.check_model(proto)
    assert [node.op_type for node in proto.graph.node].count("GRU") == 3
    axes = {
        one.name: [axis.dim_param or axis.dim_value for axis in one.type.tensor_type.shape.dim]
        for one in [*proto.graph.input, *proto.graph.output]
    }
    assert axes["audio"] == ["batch", "audio_frames", 120]
    assert axes["present"] == ["subsets", 3]
    assert axes["logits"] == ["subsets", 7]
    assert axes["video_from_text"] == ["subsets", 6, "video_positions", "text_positions"]


@pytest.mark.parametrize("earlier", [False, True])
def test_a_window_with_several_subsets_of_its_modalities_is_encoded_once_to_the_same_bits(exported, earlier):
    model, path = exported
    proto = onnx.load(path)
    if earlier:  # an export that names both axes alike
        for one in [*proto.graph.input, *proto.graph.output]:
            one.type.tensor_type.shape.dim[0].dim_param = "batch"
    backend = OnnxBackend(proto.SerializeToString(), model.config)
    generator = torch.Generator().manual_seed(6)
    sizes = (("audio", 203, 120), ("video", 4, 16), ("text", 3, 10))
    inputs = {name: torch.randn(1, count, dim, generator=generator).numpy() for name, count, dim in sizes}
    present = np.array([[True, True, True], [False, True, True], [False, False, False]])
    logits, maps = backend.run(inputs, present)
    repeated = {name: np.repeat(x, 3, axis=0) for name, x in inputs.items()}
    expected, expected_maps = backend.run(repeated, present)
    np.testing.assert_array_equal(logits, expected)
    for name, weights in expected_maps.items():
        np.testing.assert_array_equal(maps[name], weights)


def test_export_leaves_the_model_as_it_is(tmp_path):
    model = make_model(modalities=("video", "text")).train()
    before = weights_sha256(model)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        export_onnx(model, tmp_path / "self.onnx")
    assert model.training
    assert weights_sha256(model) == before


def test_export_says_when_it_cannot_write(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        export_onnx(make_model(modalities=("text",)), tmp_path / "file" / "self.onnx")


def test_a_graph_that_differs_from_its_model_is_not_written(tmp_path, monkeypatch):
    run = OnnxBackend.run
    monkeypatch.setattr(OnnxBackend, "run", lambda *given: (run(*given)[0] + 1, run(*given)[1]))
    with pytest.raises(CheckpointError, match="differs"):
        export_onnx(make_model(modalities=("text",)), tmp_path / "self.onnx")
    assert not any(tmp_path.iterdir())


def test_graphs_of_other_weights_damaged_and_missing_ones_are_refused(exported, tmp_path):
    model, path = exported
    assert open_onnx(path, model.config, weights_sha256(model)).weights_sha256 == weights_sha256(model)
    with pytest.raises(CheckpointError, match="other weights"):
        open_onnx(path, model.config, "0" * 64)
    damaged = tmp_path / "cross.onnx"
    with pytest.raises(AssetError, match=r"cross\.onnx is missing"):
        open_onnx(damaged, model.config, "")
    damaged.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(CheckpointError, match="damaged"):
        open_onnx(damaged, model.config, "")
