from __future__ import annotations

import pytest
import torch

from engine.models.attention import AttentionBlock

MODES = ((False, True), (True, True), (False, False), (True, False))
"""Training or not, with maps or without."""


@pytest.mark.parametrize("lengths", [None, torch.tensor([5, 1, 3])])
def test_mixing_before_projecting_gives_what_training_computes(lengths: torch.Tensor | None) -> None:
    torch.manual_seed(0)
    block = AttentionBlock(12, 3, dropout=0.0)
    torch.nn.init.normal_(block.in_proj_bias)
    target, source = torch.randn(3, 4, 12), torch.randn(3, 5, 12)
    results = [block.train(training)(target, source, None, lengths, maps=maps) for training, maps in MODES]
    for output, _ in results[1:]:
        torch.testing.assert_close(output, results[0][0])
    weights = results[0][1]
    assert weights is not None
    torch.testing.assert_close(weights.sum(dim=3), torch.ones(3, 3, 4))
