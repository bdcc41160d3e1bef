from __future__ import annotations

import json
import os

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import AssetError, CheckpointError, OutputError
from engine.models.card import Standardisation, check_features
from engine.models.checkpoint import load_checkpoint, save_checkpoint
from tests.models.factory import FEATURES, make_card, make_model


@pytest.fixture
def saved(tmp_path):
    return save_checkpoint(tmp_path, "self", make_model(), make_card())


@pytest.mark.parametrize("preset", ["paper", "temporal"])
@pytest.mark.parametrize("modalities", [("audio", "video", "text"), ("video", "text")])
def test_what_is_saved_is_loaded(tmp_path, preset, modalities):
    model = make_model("cross", preset, modalities)
    card = make_card(modalities, figures={"accuracy": np.float32(0.5), "recall": np.ones(2)})
    path = save_checkpoint(tmp_path / "new" / "folder", "cross", model, card)
    before = torch.get_rng_state()
    for name in (path, path.with_suffix(""), path.with_suffix(".safetensors")):
        loaded, read = load_checkpoint(name)
    assert torch.equal(before, torch.get_rng_state())
    assert loaded.config == model.config
    assert not loaded.training
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in loaded.state_dict().items())
    assert read.figures == {"accuracy": 0.5, "recall": [1.0, 1.0]}
    assert (read.temperature, read.unsure_threshold, read.labels) == (1.5, 0.4, card.labels)
    assert read.versions["torch"] == str(torch.__version__)
    x = {"video": torch.randn(1, 32, 16), "text": torch.randn(1, 128, 10), "audio": torch.randn(1, 1000, 120)}
    x = {name: x[name] for name in modalities}
    with torch.no_grad():
        assert torch.equal(loaded(**x).logits, model(**x).logits)


def test_saving_leaves_nothing_else_and_can_be_repeated(saved):
    save_checkpoint(saved.parent, "self", make_model("cross"), make_card())
    assert sorted(os.listdir(saved.parent)) == ["self.json", "self.safetensors"]
    assert load_checkpoint(saved)[0].config.fusion == "cross"


def test_standardisation_of_the_paper_preset_is_kept(tmp_path):
    statistics = {"audio": Standardisation(mean=(1.0,) * 120, std=(2.0,) * 120)}
    path = save_checkpoint(tmp_path, "self", make_model(preset="paper"), make_card(standardisation=statistics))
    assert load_checkpoint(path)[1].standardisation == statistics


@pytest.mark.parametrize(
    "changes",
    [
        {"face_dim": 17},
        {"vectors": None},
        {"labels": ("a", "b")},
        {"temperature": 0.0},
        {"temperature": float("nan")},
        {"figures": {"accuracy": float("nan")}},
        {"training": {"data": object()}},
        {"standardisation": {"audio": Standardisation(mean=(0.0,), std=(1.0,))}},
    ],
)
def test_refuses_to_save_a_card_that_contradicts_the_model(tmp_path, changes):
    with pytest.raises(CheckpointError, match="cannot be saved"):
        save_checkpoint(tmp_path, "self", make_model(), make_card(**changes))
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "a/b", "../self"])
def test_refuses_names_with_folders(tmp_path, name):
    with pytest.raises(CheckpointError, match="plain file name"):
        save_checkpoint(tmp_path, name, make_model(), make_card())


def test_says_when_it_cannot_write(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        save_checkpoint(tmp_path / "file", "self", make_model(), make_card())


def test_missing_files_are_named(saved):
    with pytest.raises(AssetError, match=r"other\.json"):
        load_checkpoint(saved.with_name("other"))
    weights = saved.with_suffix(".safetensors")
    weights.rename(weights.with_suffix(".moved"))
    with pytest.raises(CheckpointError, match=r"self\.safetensors is missing"):
        load_checkpoint(saved)
    weights.with_suffix(".moved").rename(weights)
    saved.unlink()
    with pytest.raises(CheckpointError, match=r"self\.json is missing"):
        load_checkpoint(saved)


@pytest.mark.parametrize("keep", [0, 4, 100, -1])
def test_truncated_weights_are_named(saved, keep):
    weights = saved.with_suffix(".safetensors")
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(CheckpointError, match=r"self\.safetensors cannot be used"):
        load_checkpoint(saved)


def test_one_changed_weight_is_noticed(saved):
    weights = saved.with_suffix(".safetensors")
    data = bytearray(weights.read_bytes())
    data[-2] ^= 1
    weights.write_bytes(data)
    with pytest.raises(CheckpointError, match=r"self\.safetensors does not hold the weights"):
        load_checkpoint(saved)


def test_weights_of_another_model_are_refused_before_they_are_loaded(saved):
    other = save_checkpoint(saved.parent, "other", make_model("cross"), make_card())
    other.with_suffix(".safetensors").replace(saved.with_suffix(".safetensors"))
    with pytest.raises(CheckpointError, match=r"attention\.audio_from_audio\.in_proj_bias is missing"):
        load_checkpoint(saved)


def test_weights_that_are_not_finite_are_refused(tmp_path):
    model = make_model()
    with torch.no_grad():
        model.classifier.bias[0] = torch.inf
    with pytest.raises(CheckpointError, match=r"classifier\.bias holds values that are not finite"):
        load_checkpoint(save_checkpoint(tmp_path, "self", model, make_card()))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": NaN}', "[" * 100_000, '{"a": 1' + "0" * 5000 + "}", " " * 2_000_000, "\udcff"],
)
def test_a_card_that_is_no_json_object_is_named(saved, text):
    saved.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CheckpointError, match=r"self\.json cannot be used"):
        load_checkpoint(saved)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], "other"),
        (["format_version"], 2),
        (["config", "hidden"], 10**9),
        (["config", "hidden"], True),
        (["config", "hidden"], 12.0),
        (["config", "heads"], 5),
        (["config", "dims", "video"], 10**12),
        (["config", "dims"], {"audio": 120}),
        (["config", "modalities"], ["text", "audio", "video"]),
        (["config", "modalities"], [["audio"]]),
        (["config", "fusion"], "both"),
        (["config", "preset"], None),
        (["config", "extra"], 1),
        (["config", "input_dropout", "text"], 1.5),
        (["labels"], ["a"] * 7),
        (["temperature"], "1"),
        (["temperature"], -1),
        (["unsure_threshold"], 2),
        (["face_dim"], None),
        (["text_dim"], 11),
        (["mfcc"], []),
        (["versions", "torch"], 3),
        (["standardisation", "audio"], {"mean": [0], "std": [1]}),
        (["weights_sha256"], 5),
    ],
)
def test_wrong_entries_of_the_card_are_named(saved, path, value):
    content = json.loads(saved.read_text())
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    saved.write_text(json.dumps(content))
    with pytest.raises(CheckpointError, match=r"self\.json cannot be used"):
        load_checkpoint(saved)


def test_card_and_weights_of_other_sizes_are_told_apart(saved):
    content = json.loads(saved.read_text())
    content["config"]["hidden"] = 1023  # 50 million weights, none of which are in the file
    saved.write_text(json.dumps(content))
    with pytest.raises(CheckpointError, match=r"self\.safetensors cannot be used: .*expected F32"):
        load_checkpoint(saved)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_entry_may_hold_anything(saved, data):
    original = saved.read_text()
    content = json.loads(original)
    inner = data.draw(st.sampled_from([content, content["config"], content["config"]["dims"]]))
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(VALUES)
    saved.write_text(json.dumps(content))
    try:
        load_checkpoint(saved)
    except CheckpointError as error:
        assert "self." in str(error)
    finally:
        saved.write_text(original)


def test_features_that_fit_are_accepted():
    check_features(make_card(), **FEATURES)
    check_features(make_card(("audio",)), **(FEATURES | {"face_dim": 1, "vectors": "others"}))


def test_features_that_do_not_fit_are_spelled_out_line_by_line():
    card = make_card(mfcc=dict(make_card().mfcc) | {"hop_s": 0.02})
    with pytest.raises(CheckpointError) as caught:
        check_features(card, face_encoder="resnet101", face_dim=2048, vectors="small words", text_dim=300)
    assert str(caught.value).splitlines()[1:4] == [
        "  face encoder: trained with small face (16-d), running resnet101 (2048-d)",
        "  word vectors: trained with small words (10-d), running small words (300-d)",
        "  audio features, hop_s: trained with 0.02, running 0.01",
    ]
