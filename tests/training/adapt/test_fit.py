from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.corpora.utterances import UtteranceBatch
from engine.models.card import Standardisation
from engine.models.fusion import FusionConfig, FusionModel
from engine.training.adapt.fit import Learner, Parent, calibrated_logits
from engine.training.adapt.recipe import AdaptationRecipe
from engine.training.adapt.variation import vary
from tests.training.adapt.shifted import CONFIG, QUICK, another, card, parent
from tests.training.utterances import DIMS, utterances

ROWS = np.arange(40)


def weights(model: FusionModel) -> dict[str, torch.Tensor]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def learn(recipe: AdaptationRecipe, start: Parent | None = None) -> FusionModel:
    own = another(40)
    learner = Learner(start or parent(), recipe, own, ROWS, own.labels)
    for model in learner.epochs():
        assert not model.training
    return learner.model


def test_it_learns_and_its_parent_stays() -> None:
    before = weights(parent().model)
    recipe = AdaptationRecipe(epochs=2, learning_rate=5e-3)
    first, again = learn(recipe), learn(recipe)
    for name, value in weights(parent().model).items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)
    for name, value in weights(first).items():
        torch.testing.assert_close(value, weights(again)[name], rtol=0, atol=0)
    own = another(40)
    right = [
        (calibrated_logits(model, parent(), own, ROWS).argmax(axis=1) == own.labels).mean()
        for model in (parent().model, learn(QUICK))
    ]
    assert right[0] < 0.5 < 0.75 < right[1]


def test_the_head_alone() -> None:
    before = weights(parent().model)
    for name, value in weights(learn(AdaptationRecipe(epochs=1, head_only=True))).items():
        moved = not torch.equal(value, before[name])
        assert moved == name.startswith(("concat_linear", "classifier")), name


def test_the_pull_to_the_start() -> None:
    def away(strength: float) -> float:
        model = learn(AdaptationRecipe(epochs=4, learning_rate=5e-3, towards_start=strength))
        old = dict(parent().model.named_parameters())
        return sum(float((one - old[name]).detach().square().sum()) for name, one in model.named_parameters())

    assert away(100.0) < 0.1 * away(0.0)


def test_temperatures_are_those_of_what_is_there() -> None:
    own = another(2)
    start = Parent(parent().model, card(temperature=2.0, temperatures={"audio+video": 4.0}))
    plain = Parent(parent().model, card())
    rows = np.arange(2)
    three = calibrated_logits(start.model, start, own, rows)
    np.testing.assert_allclose(three, calibrated_logits(start.model, plain, own, rows) / 2, rtol=1e-5)
    silent = [np.zeros((0, DIMS["text"]), np.float32)] * 2
    own.frames["text"] = silent
    two = calibrated_logits(start.model, start, own, rows)
    np.testing.assert_allclose(two, calibrated_logits(start.model, plain, own, rows) / 4, rtol=1e-5)


def test_the_paper_preset_keeps_its_standardisation() -> None:
    config = FusionConfig(
        fusion="self", preset="paper", modalities=("video",), dims=DIMS, hidden=6, heads=2, classes=3,
        input_dropout={"video": 0.0}, head_dropout=0.0,
    )  # fmt: skip
    statistics = Standardisation(mean=(1.0,) * DIMS["video"], std=(2.0,) * DIMS["video"])
    about = card(vectors=None, text_dim=None, mfcc={}, standardisation={"video": statistics})
    start = Parent(FusionModel(config), about)
    own = another(8)
    batch = own.batch(np.arange(8), ("video",), full=True)
    inputs, lengths, _ = start.tensors(batch)
    assert lengths is None
    for x, plain, length in zip(inputs["video"], batch.inputs["video"], batch.lengths["video"], strict=True):
        np.testing.assert_allclose(x[:length], (plain[:length] - 1) / 2, rtol=1e-6)
        assert not x[length:].any()
    learner = Learner(start, AdaptationRecipe(epochs=1), own, np.arange(8), own.labels)
    assert len(list(learner.epochs())) == 1


def test_variation_is_a_part_of_the_item() -> None:
    whole = utterances(30, 1).batch(np.arange(30), CONFIG.modalities, full=False)
    whole.inputs["audio"][:, :, 0] = 0  # its level changes at random
    recipe = AdaptationRecipe(cut=1.0, leave_out=0.5)
    varied = vary(whole, recipe, np.random.default_rng(0))
    lengths = np.stack([varied.lengths[name] for name in CONFIG.modalities])
    assert (lengths.max(axis=0) > 0).all() and (lengths == 0).any()
    for name in ("video", "text"):
        for row in range(30):
            count, full = varied.lengths[name][row], whole.lengths[name][row]
            kept = varied.inputs[name][row]
            assert not kept[count:].any()
            found = [
                at
                for at in range(full - count + 1)
                if np.array_equal(kept[:count], whole.inputs[name][row, at : at + count])
            ]
            assert count <= full and found and (name == "video" or 0 in found)


def test_without_variation_items_are_whole() -> None:
    whole = utterances(5, 1).batch(np.arange(5), CONFIG.modalities, full=False)
    before = UtteranceBatch(
        {name: x.copy() for name, x in whole.inputs.items()},
        {name: x.copy() for name, x in whole.lengths.items()},
        whole.labels,
    )
    same = vary(whole, AdaptationRecipe(cut=0.0, leave_out=0.0), np.random.default_rng(0))
    for name in CONFIG.modalities:
        np.testing.assert_array_equal(same.inputs[name], before.inputs[name])
        np.testing.assert_array_equal(whole.inputs[name], before.inputs[name])


def test_settings_have_limits() -> None:
    with pytest.raises(ValueError, match="parts must be from 2 to 20, found 1"):
        AdaptationRecipe(parts=1)
