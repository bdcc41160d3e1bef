"""Deletion and insertion curves, against attention whose meaning is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.models.fusion import FusionConfig, FusionModel
from engine.training.batches import batches
from engine.training.faithfulness import FRACTIONS, RANDOM_ORDERS, _curves, _masks, measure_faithfulness
from engine.training.protocol import Protocol
from engine.training.trainer import train
from tests.training.utterances import CLASSES, DIMS, tiny_fold


def model_of(preset: str, fusion: str = "cross") -> FusionModel:
    torch.manual_seed(0)
    return FusionModel(
        FusionConfig(
            fusion=fusion,
            preset=preset,
            modalities=("video", "text"),
            dims={"video": DIMS["video"], "text": DIMS["text"]},
            classes=CLASSES,
            hidden=12,
            heads=2,
        )
    ).eval()


def test_attention_that_finds_the_telling_frame_is_faithful():
    fold, protocol = tiny_fold("video"), Protocol.of("temporal", learning_rate=5e-3, max_epochs=10)
    run = train(model_of("temporal").config, protocol, fold, seed=1)
    parts = batches(fold.test, run.model.config, protocol, {}, torch.device("cpu"))
    found = measure_faithfulness(run.model, ((inputs, lengths) for inputs, lengths, _ in parts))
    assert set(found) == {"video_from_text", "text_from_video"}
    telling = found["text_from_video"]
    assert telling.n == len(fold.test)
    assert telling.deletion_gain_ci[0] > 0
    assert telling.deletion_gain == pytest.approx(
        np.trapezoid(np.subtract(telling.deletion_random, telling.deletion), FRACTIONS)
    )
    assert telling.deletion[0] == pytest.approx(telling.insertion[-1])  # everything is there
    assert telling.deletion[-1] == pytest.approx(telling.insertion[0])  # nothing is there
    assert abs(found["video_from_text"].deletion_gain) < 0.05  # the words tell nothing


@pytest.mark.parametrize("preset", ["paper", "temporal"])
def test_curves_equal_attention_taken_anew_over_what_is_left(preset):
    model = model_of(preset, "cross+self")
    frames = 32 if preset == "paper" else 6
    x = {
        "video": torch.randn(3, frames, DIMS["video"]),
        "text": torch.randn(3, 128 if preset == "paper" else 5, DIMS["text"]),
    }
    lengths = None if preset == "paper" else {"video": torch.tensor([6, 4, 2]), "text": torch.tensor([5, 2, 3])}
    with torch.no_grad():
        encoded = model.encode(x, lengths)
        vectors, maps = model.attend(encoded)
        generator = torch.Generator().manual_seed(1)
        curves = _curves(model, encoded, vectors, maps["text_from_video"], ("text", "video"), generator)
        attention = model.attention["text_from_video"]
        importance = torch.stack(
            [
                maps["text_from_video"][i, :, : None if lengths is None else int(lengths["text"][i])].mean(dim=(0, 1))
                for i in range(3)
            ]
        )
        masks = _masks(importance * attention.heads, encoded.valid["video"], torch.Generator().manual_seed(1))
        answer = model.classify(vectors).argmax(dim=1)
        flat = curves.reshape(3, -1)
        for item in range(3):
            for variant in range(masks.shape[2]):
                left = masks[item, :, variant].bool()
                if not left.any():
                    continue
                target = encoded.states["text"][item : item + 1]
                if lengths is not None:
                    target = target[:, : int(lengths["text"][item])]
                vector, _ = attention(target, encoded.states["video"][item : item + 1, left])
                logits = model.classify(
                    {name: v[item : item + 1] for name, v in vectors.items()} | {"text_from_video": vector}
                )
                assert float(logits.softmax(dim=1)[0, answer[item]]) == pytest.approx(flat[item, variant], abs=1e-5)


def test_masks_take_the_most_attended_first_and_never_padding():
    importance = torch.tensor([[0.1, 0.6, 0.3, 0.9]])
    masks = _masks(importance, torch.tensor([3]), torch.Generator().manual_seed(0))
    shaped = masks.reshape(1, 4, 2, 1 + RANDOM_ORDERS, len(FRACTIONS))
    assert shaped[0, :, 0, 0, 0].tolist() == [1, 1, 1, 0]  # nothing deleted; the fourth is padding
    assert shaped[0, :, 0, 0, 3].tolist() == [1, 0, 1, 0]
    assert shaped[0, :, 1, 0, 7].tolist() == [0, 1, 1, 0]
    assert not shaped[0, :, 0, :, -1].any()
    assert not shaped[0, 3].any()


def test_items_without_a_modality_are_left_out():
    model = model_of("temporal")
    inputs = {"video": torch.randn(4, 6, DIMS["video"]), "text": torch.randn(4, 5, DIMS["text"])}
    lengths = {"video": torch.tensor([6, 0, 5, 1]), "text": torch.tensor([5, 5, 0, 5])}
    found = measure_faithfulness(model, [(inputs, lengths)] * 2)
    assert found["text_from_video"].n == 2  # the first only: none, no words, and one picture leave no choice
    assert found["video_from_text"].n == 4


def test_too_few_items_give_no_curves():
    inputs = {"video": torch.randn(1, 6, DIMS["video"]), "text": torch.randn(1, 5, DIMS["text"])}
    lengths = {"video": torch.tensor([6]), "text": torch.tensor([5])}
    assert measure_faithfulness(model_of("temporal"), [(inputs, lengths)]) == {}
