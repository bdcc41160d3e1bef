from __future__ import annotations

import pytest
import torch

from engine.bench.published import DIMS, STEPS, PublishedModel, PublishedStep


@pytest.mark.parametrize(("fusion", "parameters", "blocks"), [("self", 1_645_892, 3), ("cross", 1_820_132, 6)])
def test_it_is_the_published_architecture(fusion: str, parameters: int, blocks: int) -> None:
    model = PublishedModel(fusion).eval()  # type: ignore[arg-type]
    assert sum(one.numel() for one in model.parameters()) == parameters
    inputs = {name: torch.zeros(2, STEPS[name][0], dim) for name, dim in DIMS.items()}
    with torch.inference_mode():
        logits, weights = model(**inputs)
    assert logits.shape == (2, 7) and len(weights) == blocks
    for block, (target, source) in model.blocks.items():
        assert weights[block].shape == (2, STEPS[target][1], STEPS[source][1])


def test_our_models_of_the_paper_have_as_many_parameters() -> None:
    from engine.models.fusion import FusionModel
    from engine.models.fusion_config import FusionConfig

    torch.manual_seed(0)
    for fusion in ("self", "cross"):
        published = PublishedModel(fusion).eval()
        ours = FusionModel(FusionConfig(fusion=fusion, preset="paper", dims=dict(DIMS), classes=7)).eval()
        own, theirs = sum(one.numel() for one in ours.parameters()), sum(one.numel() for one in published.parameters())
        assert own == theirs


def test_a_step_gives_probabilities_and_weights_of_both_models() -> None:
    threads = torch.get_num_threads()
    try:
        (own, own_weights), (cross, cross_weights) = PublishedStep("cpu")()  # type: ignore[misc]
    finally:
        torch.set_num_threads(threads)
    assert own.sum() == pytest.approx(1.0) and cross.sum() == pytest.approx(1.0)
    assert (len(own_weights), len(cross_weights)) == (3, 6)
