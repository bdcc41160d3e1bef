"""The GRU trained on the processor is PyTorch's, in result and gradients."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.models import recurrence
from engine.models.gru import BiGRU

STATES = {torch.float32: 1e-6, torch.float64: 1e-12}
GRADIENTS = {torch.float32: 1e-5, torch.float64: 1e-11}
SIZES = st.tuples(
    st.integers(1, 5), st.integers(1, 23), st.integers(1, 7), st.integers(1, 6)
)  # items, steps, dim, hidden


def reference(module: nn.GRU, x: Tensor, lengths: Tensor | None) -> Tensor:
    if lengths is None:
        return nn.GRU.forward(module, x)[0]
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    states: Tensor = pad_packed_sequence(nn.GRU.forward(module, packed)[0], batch_first=True, total_length=x.shape[1])[
        0
    ]
    return states


def random_case(size: tuple[int, int, int, int], dtype: torch.dtype, seed: int) -> tuple[BiGRU, Tensor, Tensor]:
    items, steps, dim, hidden = size
    random = torch.Generator().manual_seed(seed)
    module = BiGRU(dim, hidden).to(dtype)
    for weight in module.parameters():
        nn.init.normal_(weight, 0, 0.6, generator=random)
    x = torch.randn(items, steps, dim, dtype=dtype, generator=random)
    weights = torch.randn(items, steps, 2 * hidden, dtype=dtype, generator=random)
    return module, x, weights


def gradients(states: Tensor, weights: Tensor, *inputs: Tensor) -> list[Tensor]:
    return list(torch.autograd.grad((states * weights).sum(), inputs))


def assert_close(one: list[Tensor], other: list[Tensor], tolerance: float) -> None:
    for a, b in zip(one, other, strict=True):
        assert a.shape == b.shape
        assert (a - b).detach().abs().max() <= tolerance * max(1.0, float(b.detach().abs().max()))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@given(size=SIZES, data=st.data(), seed=st.integers(0, 1000), stretch=st.sampled_from([1, 100, 1000, 1 << 18]))
@settings(max_examples=60, deadline=None)
def test_states_and_gradients_are_those_of_pytorch(
    dtype: torch.dtype, size: tuple[int, int, int, int], data: st.DataObject, seed: int, stretch: int
) -> None:
    module, x, weights = random_case(size, dtype, seed)
    items, steps = size[:2]
    lengths = data.draw(st.none() | st.lists(st.integers(1, steps), min_size=items, max_size=items))
    given_lengths = None if lengths is None else torch.tensor(lengths)
    x.requires_grad_()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recurrence, "STRETCH_VALUES", stretch)
        states = module(x, given_lengths)
        got = gradients(states, weights, x, *module.parameters())
    expected = reference(module, x, given_lengths)
    assert type(states.grad_fn).__name__ == "RecurrenceBackward"
    assert_close([states], [expected], STATES[dtype])
    assert_close(got, gradients(expected, weights, x, *module.parameters()), GRADIENTS[dtype])


@pytest.mark.parametrize("lengths", [None, [2, 4, 1]])
def test_gradients_are_those_of_finite_differences(lengths: list[int] | None) -> None:
    module, x, _ = random_case((3, 4, 2, 3), torch.float64, 5)
    steps = None if lengths is None else torch.tensor(lengths)

    def run(x: Tensor, *weights: Tensor) -> Tensor:
        named = dict(zip(dict(module.named_parameters()), weights, strict=True))
        states: Tensor = torch.func.functional_call(module, named, (x, steps))
        return states

    weights = [weight.detach().clone().requires_grad_() for weight in module.parameters()]
    assert torch.autograd.gradcheck(run, (x.requires_grad_(), *weights))


def test_long_sequences_stay_close() -> None:
    module, x, weights = random_case((2, 500, 12, 60), torch.float32, 1)
    module = BiGRU(12, 60)
    expected = reference(module, x, None)
    states = module(x)
    assert_close([states], [expected], 1e-6)
    assert_close(
        gradients(states, weights, *module.parameters()), gradients(expected, weights, *module.parameters()), 1e-5
    )


def test_is_repeatable_bit_for_bit() -> None:
    module, x, weights = random_case((4, 37, 9, 60), torch.float32, 2)
    x.requires_grad_()
    lengths = torch.tensor([37, 1, 20, 5])
    one, other = (gradients(module(x, lengths), weights, x, *module.parameters()) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_weights_and_their_start_are_those_of_pytorch() -> None:
    torch.manual_seed(3)
    ours = BiGRU(5, 4)
    torch.manual_seed(3)
    theirs = nn.GRU(5, 4, bidirectional=True, batch_first=True)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert all(torch.equal(ours.state_dict()[name], value) for name, value in theirs.state_dict().items())
    theirs.load_state_dict(ours.state_dict())


@pytest.mark.parametrize("lengths", [None, [6, 3]])
def test_without_gradients_it_is_pytorchs_own(lengths: list[int] | None) -> None:
    module, x, _ = random_case((2, 6, 3, 4), torch.float32, 0)
    steps = None if lengths is None else torch.tensor(lengths)
    with torch.no_grad():
        assert torch.equal(module(x, steps), reference(module, x, steps))
    for weight in module.parameters():
        weight.requires_grad_(False)
    states = module(x, steps)
    assert states.grad_fn is None
    assert torch.equal(states, reference(module, x, steps))


def test_padding_changes_nothing() -> None:
    module, x, weights = random_case((3, 8, 4, 5), torch.float32, 4)
    lengths = torch.tensor([8, 2, 5])
    other = x.clone()
    for row, length in zip(other, lengths, strict=True):
        row[int(length) :] = 1e3
    one, two = (gradients(module(frames, lengths), weights, *module.parameters()) for frames in (x, other))
    assert_close(one, two, 0.0)
    states = module(other, lengths)
    assert not states[1, 2:].any()
    assert torch.equal(states, module(x, lengths))


def test_two_passes_before_the_gradients() -> None:
    module, x, weights = random_case((2, 9, 4, 5), torch.float64, 6)
    states = module(x) * weights + module(2 * x)
    expected = reference(module, x, None) * weights + reference(module, 2 * x, None)
    ones = torch.ones_like(states)
    assert_close(gradients(states, ones, *module.parameters()), gradients(expected, ones, *module.parameters()), 1e-11)


def test_gradients_twice_over_one_graph() -> None:
    module, x, weights = random_case((2, 9, 4, 5), torch.float64, 7)
    loss = (module(x) * weights).sum()
    one, two = (torch.autograd.grad(loss, list(module.parameters()), retain_graph=True) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))
