"""Every cell of the paper's tables, against PyTorch's own layers with the same weights."""

from __future__ import annotations

from itertools import combinations

import pytest
import torch
from torch import Tensor, nn

from engine.config import MODALITIES
from engine.models.fusion import FusionConfig, FusionModel, block_name

DIMS = {"audio": 12, "video": 16, "text": 10}
FRAMES = {"audio": 1000, "video": 32, "text": 128}
SUBSETS = [one for count in (1, 2, 3) for one in combinations(MODALITIES, count)]
CELLS = [
    (fusion, pooling, subset)
    for subset in SUBSETS
    for fusion in ("self", "cross", "cross+self")
    for pooling in ("statistical", "concatenate")
    if len(subset) > 1 or fusion == "self"
]


def build(fusion: str, pooling: str, subset: tuple[str, ...], preset: str = "paper") -> FusionModel:
    torch.manual_seed(0)
    dims = {name: DIMS[name] for name in subset}
    return FusionModel(FusionConfig(fusion=fusion, pooling=pooling, modalities=subset, preset=preset, dims=dims)).eval()


def reference(model: FusionModel, inputs: dict[str, Tensor]) -> Tensor:
    """The published computation, spelled out with ``nn.GRU`` and ``nn.MultiheadAttention``."""
    config = model.config
    states = {}
    for name in config.modalities:
        encoder, x = model.encoders[name], inputs[name]
        x = encoder.conv(x) if encoder.conv is not None else x
        gru = nn.GRU(x.shape[2], config.hidden, bidirectional=True, batch_first=True)
        gru.load_state_dict(encoder.gru.state_dict())
        states[name] = gru(x)[0]
    within = [(name, name) for name in config.modalities]
    between = [(a, b) for a in config.modalities for b in config.modalities if a != b]
    kinds = {"self": [within], "cross": [between], "cross+self": [within, between]}[config.fusion]
    pooled = []
    for kind in kinds:
        vectors = []
        for target, source in kind:
            attention = nn.MultiheadAttention(2 * config.hidden, config.heads, batch_first=True).eval()
            attention.load_state_dict(model.attention[block_name(target, source)].state_dict())
            vectors.append(attention(states[target], states[source], states[source])[0].mean(dim=1))
        stacked = torch.stack(vectors, dim=1)
        if config.pooling == "concatenate" or len(vectors) == 1:
            pooled.append(torch.cat(vectors, dim=1))
        else:
            pooled.append(torch.cat([stacked.std(dim=1), stacked.mean(dim=1)], dim=1))
    return model.classifier(model.concat_linear(torch.cat(pooled, dim=1)))


@pytest.mark.parametrize(("fusion", "pooling", "subset"), CELLS)
@torch.no_grad()
def test_a_cell_computes_what_was_published(fusion, pooling, subset):
    model = build(fusion, pooling, subset)
    inputs = {name: torch.randn(2, FRAMES[name], DIMS[name]) for name in subset}
    output = model(**inputs)
    assert torch.allclose(output.logits, reference(model, inputs), atol=1e-5)
    assert list(output.attention) == [block_name(*block) for block in model.config.blocks]


@pytest.mark.parametrize(("fusion", "pooling", "subset"), CELLS)
@torch.no_grad()
def test_padding_changes_nothing_in_the_temporal_preset(fusion, pooling, subset):
    model = build(fusion, pooling, subset, "temporal")
    lengths = {"audio": torch.tensor([33, 20]), "video": torch.tensor([4, 6]), "text": torch.tensor([7, 2])}
    short = {name: torch.randn(2, int(lengths[name].max()), DIMS[name]) for name in subset}
    long = {name: nn.functional.pad(x, (0, 0, 0, 5), value=9.0) for name, x in short.items()}
    here = {name: lengths[name] for name in subset}
    one, two = model(**short, lengths=here).logits, model(**long, lengths=here).logits
    assert torch.allclose(one, two, atol=1e-5)


def test_sizes_are_those_of_the_published_models():
    dims = {"audio": 120, "video": 2048, "text": 300}

    def parameters(**changes: object) -> int:
        model = FusionModel(FusionConfig(preset="paper", dims=dims, **changes))
        return sum(one.numel() for one in model.parameters())

    assert parameters(fusion="self") == 1_645_892
    assert parameters(fusion="cross") == 1_820_132
    one_block = 4 * 120 * 120 + 4 * 120
    assert parameters(fusion="cross+self") == 1_820_132 + 3 * one_block + 240 * 60
    assert parameters(fusion="self", pooling="concatenate") == 1_645_892 + (360 - 240) * 60


@pytest.mark.parametrize("fusion", ["cross", "cross+self"])
def test_cross_attention_needs_two_modalities(fusion):
    with pytest.raises(ValueError, match="at least two"):
        FusionConfig(fusion=fusion, modalities=("audio",))
