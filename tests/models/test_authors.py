"""The authors' weights, against the published architecture written out with torch's own layers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from engine.errors import CheckpointError
from engine.models.authors import from_authors_state_dict

ORDER = {"self": ("t", "v", "a"), "cross": ("a_t", "v_t", "t_v", "a_v", "t_a", "v_a")}


class Published(nn.Module):
    """The tri-modal model as the paper describes it."""

    def __init__(self, fusion: str, hidden: int = 60, text_dim: int = 300, video_dim: int = 2048, classes: int = 7):
        super().__init__()
        self.fusion = fusion
        for name, dim in (("text", text_dim), ("video", video_dim), ("audio", 120)):
            setattr(self, f"{name}_encoder", nn.GRU(dim, hidden, bidirectional=True, batch_first=True))
        self.video_conv = nn.Conv1d(32, 25, 1)
        self.audio_conv = nn.Conv1d(1000, 500, 1)
        for letters in ORDER[fusion]:
            setattr(self, f"mha_{letters}", nn.MultiheadAttention(2 * hidden, 6, dropout=0.1, batch_first=True))
        self.concat_linear = nn.Linear(4 * hidden, hidden)
        self.classifier = nn.Linear(hidden, classes)

    def forward(self, text, video, audio):
        states = {
            "t": self.text_encoder(nn.functional.dropout(text, 0.25, self.training))[0],
            "v": self.video_encoder(self.video_conv(video))[0],
            "a": self.audio_encoder(self.audio_conv(audio))[0],
        }
        vectors, maps = [], {}
        for letters in ORDER[self.fusion]:
            source, target = letters[0], letters[-1]
            attention = getattr(self, f"mha_{letters}")
            y, maps[letters] = attention(states[target], states[source], states[source], average_attn_weights=False)
            vectors.append(y.mean(dim=1))
        std, mean = torch.std_mean(torch.stack(vectors, dim=1), dim=1)
        return self.classifier(self.concat_linear(torch.cat([std, mean], dim=1))), maps


def inputs(text_dim: int = 300, video_dim: int = 2048) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return {
        "text": torch.randn(2, 128, text_dim, generator=generator),
        "video": torch.randn(2, 32, video_dim, generator=generator),
        "audio": torch.randn(2, 1000, 120, generator=generator),
    }


@pytest.mark.parametrize(("fusion", "parameters"), [("self", 1_645_892), ("cross", 1_820_132)])
def test_equals_the_published_architecture(fusion, parameters):
    torch.manual_seed(0)
    published = Published(fusion).eval()
    model = from_authors_state_dict(published.state_dict(), fusion)
    assert sum(one.numel() for one in model.parameters()) == parameters
    assert not model.training
    with torch.no_grad():
        expected, maps = published(**inputs())
        output = model(**inputs())
    torch.testing.assert_close(output.logits, expected, atol=1e-5, rtol=0)
    names = {"t": "text", "v": "video", "a": "audio"}
    assert len(output.attention) == len(maps)
    for letters, weights in maps.items():
        ours = output.attention[f"{names[letters[-1]]}_from_{names[letters[0]]}"]
        torch.testing.assert_close(ours, weights, atol=1e-5, rtol=0)


def test_reads_sizes_off_the_shapes_and_drops_the_parallel_prefix():
    published = Published("cross", hidden=9, text_dim=50, video_dim=64, classes=4).eval()
    state = {f"module.{name}": value.double() for name, value in published.state_dict().items()}
    model = from_authors_state_dict(state, "cross")
    assert (model.config.hidden, model.config.classes) == (9, 4)
    assert dict(model.config.dims) == {"audio": 120, "video": 64, "text": 50}
    with torch.no_grad():
        expected, _ = published(**inputs(50, 64))
        torch.testing.assert_close(model(**inputs(50, 64)).logits, expected, atol=1e-5, rtol=0)


def test_is_independent_of_the_state_dict_and_of_the_random_state():
    state = Published("self", hidden=3, text_dim=5, video_dim=5).state_dict()
    before = torch.get_rng_state()
    model = from_authors_state_dict(state, "self")
    assert torch.equal(before, torch.get_rng_state())
    state["classifier.bias"].fill_(100)
    assert model.classifier.bias.abs().max() < 100


def small_state(**changes):
    state = Published("self", hidden=3, text_dim=5, video_dim=5).state_dict()
    for name, value in changes.items():
        name = name.replace("__", ".")
        if value is None:
            del state[name]
        else:
            state[name] = value
    return state


@pytest.mark.parametrize(
    ("state", "fusion", "named"),
    [
        (small_state(classifier__bias=None), "self", "missing: classifier.bias"),
        (small_state(extra__weight=torch.zeros(1)), "self", "unexpected: extra.weight"),
        (small_state(), "cross", "mha_v_t.in_proj_bias"),
        (small_state(video_conv__weight=torch.zeros(24, 32, 1)), "self", r"video_conv.weight is \[24, 32, 1\]"),
        (small_state(classifier__bias=torch.zeros(7, 1)), "self", "classifier.bias"),
        (small_state(text_encoder__weight_hh_l0=torch.zeros(15, 5)), "self", "heads"),
        (small_state(classifier__bias=torch.zeros(7, dtype=torch.int64)), "self", "classifier.bias"),
        ({"state_dict": small_state()}, "self", "state_dict"),
        ([], "self", "list"),
        (small_state(), "both", "both"),
    ],
)
def test_refuses_other_weights_by_name(state, fusion, named):
    with pytest.raises(CheckpointError, match=named):
        from_authors_state_dict(state, fusion)
