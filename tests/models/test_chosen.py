from __future__ import annotations

import shutil

import numpy as np
import pytest

from engine.config import EMOTIONS, SessionConfig
from engine.errors import AssetError, CheckpointError
from engine.models.checkpoint import load_checkpoint, save_checkpoint
from engine.models.chosen import checkpoint_at, load_chosen, shared_labels
from engine.models.fusion import FusionConfig, FusionModel
from engine.models.onnx_export import export_onnx
from engine.models.predictor import load_predictor, make_predictor
from tests.models.factory import FEATURES, make_card, make_model, make_window

IEMOCAP = ("angry", "excited", "happy", "sad", "frustrated", "surprise", "neutral")


def save(folder, name="model", fusion="self", modalities=("audio", "video", "text"), labels=EMOTIONS, **card):
    """A random model of some classes."""
    small = make_model("self" if fusion == "cross+self" else fusion, modalities=modalities).config
    shape = {"fusion": fusion, "modalities": modalities, "dims": dict(small.dims), "hidden": 12}
    model = FusionModel(FusionConfig(**shape, classes=len(labels), pooling="concatenate")).eval()
    return save_checkpoint(folder, name, model, make_card(modalities, labels=labels, **card))


def chosen(*paths):
    return load_chosen(SessionConfig(models=tuple(map(str, paths))))


def test_a_model_is_named_by_any_of_its_files_or_by_the_folder_of_its_run(tmp_path):
    card = save(tmp_path / "run")
    for path in (
        tmp_path / "run",
        card,
        card.with_suffix(".safetensors"),
        card.with_suffix(""),
        card.with_suffix(".onnx"),
    ):
        assert checkpoint_at(path) == card
    assert chosen(tmp_path / "run")["self"].path == card
    (tmp_path / "empty").mkdir()
    with pytest.raises(AssetError, match=r"holds no model\.json: name a checkpoint, or the folder of one run"):
        chosen(tmp_path / "empty")
    with pytest.raises(AssetError, match="there is no checkpoint"):
        chosen(tmp_path / "nothing")


def test_models_that_are_named_run_in_fixed_order_one_of_each_kind(tmp_path):
    paths = [save(tmp_path / name, fusion=name) for name in ("cross+self", "cross", "self")]
    assert list(chosen(*paths)) == ["self", "cross", "cross+self"]
    shutil.copytree(tmp_path / "cross", tmp_path / "other")
    with pytest.raises(CheckpointError, match="are both cross-attention models: give one of each kind"):
        chosen(tmp_path / "other", tmp_path / "cross")


def test_models_that_know_different_classes_do_not_run_together(tmp_path):
    save(tmp_path / "a", labels=IEMOCAP)
    save(tmp_path / "b", fusion="cross", labels=("low", "high"))
    with pytest.raises(CheckpointError, match=r"knows the classes angry, .* but .* knows low, high"):
        chosen(tmp_path / "a", tmp_path / "b")


def test_classes_of_a_model_keep_their_order_and_other_models_follow_it(tmp_path):
    save(tmp_path / "a", labels=IEMOCAP)
    save(tmp_path / "b", fusion="cross", labels=IEMOCAP[::-1])
    both = chosen(tmp_path / "a", tmp_path / "b")
    assert shared_labels(both) == IEMOCAP
    predictor = make_predictor(both, backend="torch")
    alone = make_predictor(chosen(tmp_path / "b"), backend="torch")
    assert (predictor.labels, alone.labels) == (IEMOCAP, IEMOCAP[::-1])
    window = make_window()
    outcome, other = predictor.predict(window)["cross"], alone.predict(window)["cross"]
    assert outcome.labels == IEMOCAP and outcome.top == other.top
    np.testing.assert_array_equal(outcome.probabilities, other.probabilities[::-1])


def test_a_folder_may_hold_both_kinds_in_one_model(tmp_path):
    config = SessionConfig(model_dir=str(tmp_path))
    save(tmp_path, "cross+self", "cross+self")
    assert list(load_chosen(config)) == ["cross+self"]
    save(tmp_path, "self")
    save(tmp_path, "cross", "cross")
    assert list(load_chosen(config)) == ["self", "cross", "cross+self"]
    assert list(load_chosen(SessionConfig(model_dir=str(tmp_path), fusions=("cross",)))) == ["cross"]


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_a_model_with_both_kinds_has_all_maps(tmp_path, backend):
    predictor = make_predictor(chosen(save(tmp_path, fusion="cross+self")), backend=backend)
    assert predictor.fusions == ("cross+self",)
    pairs = [(one.target, one.source) for one in predictor.predict(make_window())["cross+self"].attention]
    assert len(set(pairs)) == 9 and pairs[0] == ("audio", "audio") and pairs[3] == ("audio", "video")


def test_a_model_answers_only_where_something_is_that_it_uses(tmp_path):
    save(tmp_path / "a", modalities=("audio",), labels=IEMOCAP)
    save(tmp_path / "b", fusion="cross", modalities=("video", "text"), labels=IEMOCAP)
    predictor = make_predictor(chosen(tmp_path / "a", tmp_path / "b"), backend="torch")
    assert predictor.uses == {"self": ("audio",), "cross": ("video", "text")}
    assert predictor.modalities == ("audio", "video", "text")
    assert list(predictor.predict(make_window())) == ["self", "cross"]
    assert list(predictor.predict(make_window(audio=0))) == ["cross"]
    assert predictor.predict(make_window(0, 0, 0)) == {} == predictor.subsets(make_window(0, 0, 0))
    rows = predictor.subsets(make_window())["self"]
    np.testing.assert_array_equal(rows[1], rows[7])
    np.testing.assert_array_equal(rows[0], rows[6])


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_the_temperature_is_that_of_what_is_there(tmp_path, backend):
    modalities = ("audio", "text")
    plain = save(tmp_path / "plain", fusion="cross", modalities=modalities, temperature=1.0)
    model = load_checkpoint(plain)[0]
    temperatures = {"audio": 2.0, "audio+text": 0.5}
    card = make_card(modalities, temperature=1.0, temperatures=temperatures)
    warm = save_checkpoint(tmp_path / "warm", "model", model, card)
    first, second = (make_predictor(chosen(one), backend=backend) for one in (plain, warm))

    def logits(predictor, window):
        return np.log(predictor.predict(window)["cross"].probabilities.astype(np.float64))

    for window, divisor in ((make_window(), 0.5), (make_window(text=0), 2.0), (make_window(audio=0), 1.0)):
        cold, hot = logits(first, window), logits(second, window)
        np.testing.assert_allclose((cold - cold[0]) / divisor, hot - hot[0], atol=1e-4)
        np.testing.assert_allclose(
            second.subsets(window)["cross"][7], second.predict(window)["cross"].probabilities, atol=1e-5
        )
    assert second.info["models"]["cross"]["temperatures"] == temperatures


def test_an_onnx_file_beside_a_model_that_was_named_is_used_and_must_be_its_own(tmp_path):
    path = save(tmp_path / "a")
    export_onnx(load_checkpoint(path)[0], path.with_suffix(".onnx"))
    assert make_predictor(chosen(path)).backend == "onnx"
    save(tmp_path / "b", labels=IEMOCAP[:4])
    shutil.copy(path.with_suffix(".onnx"), tmp_path / "b" / "model.onnx")
    with pytest.raises(CheckpointError, match="was made from other weights"):
        make_predictor(chosen(tmp_path / "b"))


def test_a_model_that_was_named_must_fit_the_features(tmp_path):
    path = save(tmp_path)
    config = SessionConfig(models=(str(path),))
    assert load_predictor(config, **FEATURES, backend="torch").labels == EMOTIONS
    with pytest.raises(CheckpointError, match="word vectors: trained with small words"):
        load_predictor(config, **(FEATURES | {"vectors": "others"}), backend="torch")
