from __future__ import annotations

import pytest
import torch

from engine.models.gru import BiGRU
from engine.models.held_gru import HeldGRU

LENGTHS = torch.tensor([9, 1, 4, 8])


@pytest.mark.parametrize("dim", [3, 7, 8])
def test_it_equals_the_packed_one_and_padding_changes_nothing(dim):
    torch.manual_seed(0)
    gru = BiGRU(dim, 5).eval()
    held, x = HeldGRU(gru), torch.randn(4, 9, dim) * 3
    with torch.inference_mode():
        expected, found = gru(x, LENGTHS), held(x, LENGTHS)
        other = x + 50 * (torch.arange(9)[None, :] >= LENGTHS[:, None])[:, :, None]
        assert torch.equal(held(other, LENGTHS), found)
        torch.testing.assert_close(held(x), gru(x), rtol=0, atol=1e-6)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)
    assert not found[1, 1:].any()


def test_what_it_was_made_from_stays_as_it_is():
    gru = BiGRU(3, 5)
    before = {name: value.clone() for name, value in gru.named_parameters()}
    assert HeldGRU(gru).input_size == 8
    assert all(torch.equal(value, before[name]) for name, value in gru.named_parameters())
