from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest
import torch

from engine.config import EMOTIONS, MODALITIES, SessionConfig
from engine.errors import AssetError, CheckpointError
from engine.models.card import Standardisation
from engine.models.checkpoint import load_checkpoint, save_checkpoint
from engine.models.predictor import load_predictor
from tests.models.factory import FEATURES, make_bundle, make_card, make_model, make_window

WINDOWS = {
    "all": make_window(),
    "longest": make_window(1000, 32, 128),
    "shortest": make_window(1, 1, 1),
    "face only": make_window(0, 4, 0),
    "no face": make_window(30, 0, 2),
    "nothing": make_window(0, 0, 0),
}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    return {name: make_bundle(tmp_path_factory.mktemp(name), name) for name in ("temporal", "paper")}


def load(folder, backend="onnx", **changes):
    return load_predictor(SessionConfig(model_dir=str(folder)), **(FEATURES | changes), backend=backend)


@pytest.mark.parametrize("preset", ["temporal", "paper"])
def test_backends_agree_and_repeat_themselves(bundles, preset):
    onnx, onnx_again, in_torch = (load(bundles[preset], backend) for backend in ("onnx", "onnx", "torch"))
    assert (onnx.backend, in_torch.backend) == ("onnx", "torch")
    for window in WINDOWS.values():
        first, second, third = onnx.predict(window), onnx_again.predict(window), in_torch.predict(window)
        assert list(first) == list(third) == (["self", "cross"] if window.present else [])
        for fusion, outcome in first.items():
            np.testing.assert_array_equal(outcome.probabilities, second[fusion].probabilities)
            np.testing.assert_allclose(outcome.probabilities, third[fusion].probabilities, atol=1e-4)
            assert len(outcome.attention) == len(third[fusion].attention)
            for ours, theirs in zip(outcome.attention, third[fusion].attention, strict=True):
                assert (ours.target, ours.source) == (theirs.target, theirs.source)
                np.testing.assert_allclose(ours.weights, theirs.weights, atol=1e-4)


@pytest.mark.parametrize("preset", ["temporal", "paper"])
@pytest.mark.parametrize("name", WINDOWS)
def test_maps_are_between_present_modalities_with_a_time_for_every_position(bundles, preset, name):
    window = WINDOWS[name]
    outcomes = load(bundles[preset]).predict(window)
    for fusion, outcome in outcomes.items():
        present = window.present
        expected = {(one, one) for one in present}
        if fusion == "cross":
            expected = {pair for a, b in combinations(present, 2) for pair in ((a, b), (b, a))}
        assert {(one.target, one.source) for one in outcome.attention} == expected
        for one in outcome.attention:
            assert one.weights.shape == (6, len(one.target_times_s), len(one.source_times_s))
            np.testing.assert_allclose(one.weights.sum(-1), 1, rtol=1e-4)
            assert one.back_projected == (preset == "paper")
            assert not one.weights.flags.writeable
            for times in (one.target_times_s, one.source_times_s):
                assert (np.diff(times) > 0).all()
                assert window.start_s <= times[0] <= times[-1] <= window.end_s + 60


def test_temporal_times_are_those_of_the_frames(bundles):
    window = make_window(10, 4, 3)
    own = {one.target: one.target_times_s for one in load(bundles["temporal"]).predict(window)["self"].attention}
    np.testing.assert_array_equal(own["audio"], window.audio_times_s[[0, 8]])
    np.testing.assert_array_equal(own["video"], window.video_times_s)
    np.testing.assert_array_equal(own["text"], window.text_times_s)


def test_probabilities_are_the_calibrated_softmax_of_the_model(bundles):
    model, card = load_checkpoint(bundles["temporal"] / "cross")
    window = make_window(40, 0, 3)
    inputs = {"audio": window.audio, "video": np.zeros((1, 16), np.float32), "text": window.text}
    with torch.no_grad():
        output = model(
            **{name: torch.tensor(x)[None] for name, x in inputs.items()},
            lengths={"audio": torch.tensor([40]), "video": torch.tensor([0]), "text": torch.tensor([3])},
        )
    expected = (output.logits[0] / card.temperature).softmax(0).numpy()
    probabilities = load(bundles["temporal"]).predict(window)["cross"].probabilities
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)
    assert probabilities.sum() == pytest.approx(1, abs=1e-6)


def test_paper_preset_is_padded_with_zeros_after_standardisation(tmp_path):
    model = make_model(preset="paper")
    statistics = {"video": Standardisation(mean=(0.5,) * 16, std=(2.0,) * 16)}
    save_checkpoint(tmp_path, "self", model, make_card(standardisation=statistics))
    predictor = load_predictor(SessionConfig(model_dir=str(tmp_path), fusions=("self",)), **FEATURES, backend="torch")
    window = make_window(7, 2, 1)
    padded = {
        "audio": np.pad(window.audio, ((0, 993), (0, 0))),
        "video": np.pad((window.video - 0.5) / 2, ((0, 30), (0, 0))),
        "text": np.pad(window.text, ((0, 127), (0, 0))),
    }
    with torch.no_grad():
        logits = model(**{name: torch.tensor(x, dtype=torch.float32)[None] for name, x in padded.items()}).logits[0]
    np.testing.assert_allclose(
        predictor.predict(window)["self"].probabilities, (logits / 1.5).softmax(0).numpy(), atol=1e-5
    )


def test_classes_are_brought_into_the_order_of_the_engine(tmp_path):
    model = make_model()
    for name, labels in (("plain", EMOTIONS), ("turned", EMOTIONS[::-1])):
        save_checkpoint(tmp_path / name, "self", model, make_card(labels=labels))
    config = {name: SessionConfig(model_dir=str(tmp_path / name), fusions=("self",)) for name in ("plain", "turned")}
    plain, turned = (
        load_predictor(one, **FEATURES, backend="torch").predict(make_window())["self"].probabilities
        for one in config.values()
    )
    np.testing.assert_array_equal(plain, turned[::-1])


def test_models_of_fewer_modalities_ignore_the_others(tmp_path):
    predictor = load(make_bundle(tmp_path, modalities=("video", "text")))
    outcome = predictor.predict(make_window())["cross"]
    assert {(one.target, one.source) for one in outcome.attention} == {("video", "text"), ("text", "video")}


def test_info_is_what_a_summary_needs(bundles):
    info = json.loads(json.dumps(load(bundles["paper"]).info))
    assert (info["backend"], info["device"], info["precision"], info["cuda_graph"]) == ("onnx", "cpu", "float32", None)
    assert list(info["models"]) == ["self", "cross"]
    about = info["models"]["cross"]
    assert (about["preset"], about["temperature"], about["unsure_threshold"]) == ("paper", 1.5, 0.4)
    assert len(about["weights_sha256"]) == 64


@pytest.mark.parametrize("backend", ["auto", "onnx"])
def test_where_there_is_no_onnx_file_it_is_traced(tmp_path, bundles, backend):
    predictor = load(make_bundle(tmp_path, onnx=False), backend)
    assert predictor.backend == "onnx"
    assert not list(tmp_path.glob("*.onnx"))
    for fusion, outcome in load(bundles["temporal"]).predict(WINDOWS["all"]).items():
        np.testing.assert_array_equal(predictor.predict(WINDOWS["all"])[fusion].probabilities, outcome.probabilities)


def test_only_chosen_models_are_loaded(tmp_path):
    save_checkpoint(tmp_path, "cross", make_model("cross"), make_card())
    predictor = load_predictor(SessionConfig(model_dir=str(tmp_path), fusions=("cross",)), **FEATURES, backend="torch")
    assert predictor.fusions == ("cross",)
    assert load(tmp_path, "torch").fusions == ("cross",)  # a folder of one's own may lack the other
    with pytest.raises(AssetError, match=r"self\.json"):
        load_predictor(SessionConfig(model_dir=str(tmp_path), fusions=("self",)), **FEATURES, backend="torch")


def test_features_that_do_not_fit_are_refused(bundles):
    with pytest.raises(CheckpointError, match="face encoder: trained with small face"):
        load(bundles["temporal"], face_encoder="resnet101", face_dim=2048)


def test_a_checkpoint_under_the_wrong_name_is_refused(tmp_path):
    save_checkpoint(tmp_path, "self", make_model("cross"), make_card())
    with pytest.raises(CheckpointError, match="must hold a self-attention model"):
        load_predictor(SessionConfig(model_dir=str(tmp_path), fusions=("self",)), **FEATURES, backend="torch")


def test_windows_that_do_not_fit_are_refused(bundles):
    predictor = load(bundles["temporal"])
    with pytest.raises(ValueError, match="at most 32 frames of video"):
        predictor.predict(make_window(1, 33, 1))


@pytest.mark.parametrize("preset", ["temporal", "paper"])
@pytest.mark.parametrize("name", ["all", "face only", "no face", "nothing"])
@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_subsets_in_one_call_equal_windows_without_the_rest(bundles, preset, name, backend):
    predictor = load(bundles[preset], backend)
    window = WINDOWS[name]
    for fusion, rows in predictor.subsets(window).items():
        assert rows.shape == (8, 7)
        for subset in range(8):
            absent = [one for k, one in enumerate(MODALITIES) if not subset >> k & 1]
            model, rest = predictor.models[fusion], window.without(absent)
            (alone,) = predictor.runner.run({fusion: model.batch(rest)}).values()
            np.testing.assert_allclose(rows[subset], model.outcome(rest, alone).probabilities, atol=1e-5)


@pytest.mark.parametrize("preset", ["temporal", "paper"])
@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_without_maps_the_probabilities_are_the_same_bits(bundles, preset, backend):
    predictor = load(bundles[preset], backend)
    for window in WINDOWS.values():
        whole, bare = predictor.predict(window), predictor.predict(window, maps=False)
        assert list(whole) == list(bare)
        for fusion, outcome in bare.items():
            assert outcome.attention == ()
            np.testing.assert_array_equal(outcome.probabilities, whole[fusion].probabilities)
