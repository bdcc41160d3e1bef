"""The steps of a bidirectional GRU on the processor, forward and backward, with few operations for each.

Both directions advance together: a step is five operations forward and three backward. Everything that does not
depend on the step before is done for many steps at once, and the weights' gradients are products of whole stretches.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

STRETCH_VALUES = 1 << 18
"""Gate values of a stretch of steps that is worked on at once: about 1 MB, so that it stays in the cache."""

HOLD = 1e4
"""Added to the update gate's input on padding: its sigmoid is then exactly one, so the state stays as it is."""


class Recurrence(torch.autograd.Function):
    """Both directions over all steps.

    Step s is instant s of the forward and instant t - 1 - s of the backward direction. Features come before items, so
    that every gate of a direction is one block of memory. The four blocks of ``gates`` [t, 2, 4 h, b] are, in this
    order, the state's part of the candidate q, reset gate r, update gate z and candidate n: the first three take the
    product with the state, the last three the product with the input.

        q = W h + b        n = tanh(n_in + r q)        h' = n + z (h - n)
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, lengths: Tensor | None, w_in: Tensor, w_state: Tensor, b_in: Tensor, b_state: Tensor
    ) -> Tensor:
        """Hidden states [b, t, 2 h]; shapes of the others are those of `engine.models.gru.BiGRU._stacked`."""
        items, steps, _ = x.shape
        hidden = w_state.shape[2]
        recurrent = _candidate_first(w_state)  # [2, 3h, h], for the first three blocks
        gates = x.new_empty(steps, 2, 4 * hidden, items)
        states = x.new_empty(steps + 1, 2, hidden, items)
        states[0] = 0
        valid = None if lengths is None else torch.arange(steps) < lengths[:, None]  # [b, t]
        bias = _gate_bias(b_in, b_state)  # [2, 4h, 1]
        output = x.new_empty(items, steps, 2 * hidden)
        for begin, end in _stretches(steps, gates[0].numel()):
            part = gates[begin:end]
            part[:, :, :hidden] = bias[:, :hidden]
            for direction in (0, 1):
                product = w_in[direction] @ _frames(x, direction, begin, end).flatten(0, 1).t()  # [3h, steps * b]
                of_steps = product.view(-1, end - begin, items).transpose(0, 1)  # [steps, 3h, b]
                torch.add(of_steps, bias[direction, hidden:], out=part[:, direction, hidden:])
                if valid is not None:
                    past = ~_frames(valid[:, :, None], direction, begin, end).transpose(1, 2)  # [steps, 1, b]
                    part[:, direction, 2 * hidden : 3 * hidden] += past * HOLD
            _advance(part, states[begin : end + 1], recurrent)
            for direction, half in enumerate(output.chunk(2, dim=2)):
                _put(half, states[begin + 1 : end + 1, direction].transpose(1, 2), direction, begin, end)
        if valid is not None:
            output *= valid[:, :, None]
        ctx.save_for_backward(x, valid, gates, states, w_in, recurrent)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_output: Tensor) -> tuple[Tensor | None, ...]:
        """Gradients of `forward`'s arguments."""
        x, valid, gates, states, w_in, recurrent = ctx.saved_tensors
        steps, _, rows, items = gates.shape
        hidden = rows // 4
        if valid is not None:
            d_output = d_output * valid[:, :, None]
        d_x = torch.zeros_like(x) if ctx.needs_input_grad[0] else None
        d_in, d_state, d_bias = torch.zeros_like(w_in), torch.zeros_like(recurrent), gates.new_zeros(2, rows)
        back = recurrent.transpose(1, 2).contiguous()
        carry = gates.new_zeros(2, hidden, items)
        stretches = _stretches(steps, rows * 2 * items)
        room, d_room = torch.empty_like(gates[: stretches[0][1]]), torch.empty_like(states[: stretches[0][1]])
        for begin, end in reversed(stretches):
            d_states, d_gates = d_room[: end - begin], room[: end - begin]
            for direction, half in enumerate(d_output.chunk(2, dim=2)):
                d_states[:, direction] = _frames(half, direction, begin, end).transpose(1, 2)
            d_states[-1] += carry
            part, before = gates[begin:end], states[begin:end]
            _slopes(part, before, d_gates)
            _retreat(d_gates, d_states, part[:, :, 2 * hidden : 3 * hidden], back, carry.zero_())
            for direction in (0, 1):
                table = d_gates[:, direction].transpose(0, 1).flatten(1)  # [4h, steps * b]
                frames = _frames(x, direction, begin, end).flatten(0, 1)
                d_bias[direction] += table.sum(dim=1)
                d_in[direction].addmm_(table[hidden:], frames)
                d_state[direction].addmm_(table[: 3 * hidden], before[:, direction].transpose(0, 1).flatten(1).t())
                if d_x is not None:
                    d_frames = (table[hidden:].t() @ w_in[direction]).unflatten(0, (end - begin, items))
                    _add(d_x, d_frames, direction, begin, end)
        return d_x, None, d_in, _candidate_last(d_state), d_bias[:, hidden:], _candidate_last(d_bias[:, : 3 * hidden])


def _advance(gates: Tensor, states: Tensor, recurrent: Tensor) -> None:
    """Run some steps forward, in place: inputs of the gates become the gates, and ``states[1:]`` are filled in."""
    hidden = states.shape[2]
    candidates = gates[:, :, 3 * hidden :]
    before, *after = states.unbind(0)
    for product, both, q, r, z, n, fast_n, h in zip(
        gates[:, :, : 3 * hidden].unbind(0),
        gates[:, :, hidden : 3 * hidden].unbind(0),
        gates[:, :, :hidden].unbind(0),
        gates[:, :, hidden : 2 * hidden].unbind(0),
        gates[:, :, 2 * hidden : 3 * hidden].unbind(0),
        candidates.unbind(0),
        candidates.numpy(),  # NumPy's tanh takes a fifth of the time of PyTorch's
        after,
        strict=True,
    ):
        product.baddbmm_(recurrent, before)
        both.sigmoid_()
        n.addcmul_(r, q)
        np.tanh(fast_n, out=fast_n)
        before = torch.lerp(n, before, z, out=h)


def _slopes(gates: Tensor, before: Tensor, slopes: Tensor) -> None:
    """How the input of every gate changes the state after its step. [t, 2, 4h, b], [t, 2, h, b] -> [t, 2, 4h, b]."""
    q, r, z, n = gates.chunk(4, dim=2)
    of_q, of_r, of_z, of_n = slopes.chunk(4, dim=2)
    torch.mul(n, n, out=of_z)
    torch.neg(z, out=of_q).add_(1)
    torch.addcmul(of_q, of_q, of_z, value=-1, out=of_n)  # (1 - z)(1 - n^2)
    torch.sub(before, n, out=of_z)
    of_z.mul_(z).mul_(of_q)  # (h - n) z (1 - z)
    torch.mul(of_n, r, out=of_q)
    torch.mul(of_q, q, out=of_r)
    of_r.addcmul_(of_r, r, value=-1)  # q r (1 - r) (1 - z)(1 - n^2)


def _retreat(slopes: Tensor, d_states: Tensor, z: Tensor, back: Tensor, carry: Tensor) -> None:
    """Run some steps backward, in place: slopes become gradients; ``carry`` gets that of the state before them."""
    hidden = d_states.shape[2]
    wide = slopes.view(*slopes.shape[:2], 4, hidden, -1).unbind(0)
    through_state = slopes[:, :, : 3 * hidden].unbind(0)
    every, update = d_states.unbind(0), z.unbind(0)
    columns = d_states.unsqueeze(2).unbind(0)
    for step in range(len(every) - 1, -1, -1):
        target = every[step - 1] if step else carry
        wide[step].mul_(columns[step])
        target.addcmul_(every[step], update[step])
        target.baddbmm_(back, through_state[step])


def _stretches(steps: int, values: int) -> list[tuple[int, int]]:
    """Consecutive ranges of steps, each with about `STRETCH_VALUES` gate values."""
    length = max(1, STRETCH_VALUES // values)
    return [(begin, min(begin + length, steps)) for begin in range(0, steps, length)]


def _frames(x: Tensor, direction: int, begin: int, end: int) -> Tensor:
    """Frames of the steps of a stretch, as a direction meets them. [b, t, d] -> [steps, b, d]."""
    if direction == 0:
        return x[:, begin:end].transpose(0, 1)
    steps = x.shape[1]
    return x[:, steps - end : steps - begin].transpose(0, 1).flip(0)


def _put(x: Tensor, frames: Tensor, direction: int, begin: int, end: int) -> None:
    """The reverse of `_frames`: write frames [steps, b, d] to where they belong in ``x`` [b, t, d]."""
    if direction == 0:
        x[:, begin:end] = frames.transpose(0, 1)
    else:
        steps = x.shape[1]
        x[:, steps - end : steps - begin] = frames.flip(0).transpose(0, 1)


def _add(x: Tensor, frames: Tensor, direction: int, begin: int, end: int) -> None:
    """As `_put`, but added."""
    if direction == 0:
        x[:, begin:end] += frames.transpose(0, 1)
    else:
        steps = x.shape[1]
        x[:, steps - end : steps - begin] += frames.flip(0).transpose(0, 1)


def _gate_bias(b_in: Tensor, b_state: Tensor) -> Tensor:
    """Biases of the four blocks. [2, 3h], [2, 3h] -> [2, 4h, 1]."""
    hidden = b_in.shape[1] // 3
    gates = b_in[:, : 2 * hidden] + b_state[:, : 2 * hidden]
    return torch.cat([b_state[:, 2 * hidden :], gates, b_in[:, 2 * hidden :]], dim=1).unsqueeze(2)


def _candidate_first(x: Tensor) -> Tensor:
    """From PyTorch's order reset, update, candidate to that of the first three blocks. [2, 3h, ...]."""
    return x.roll(x.shape[1] // 3, dims=1)


def _candidate_last(x: Tensor) -> Tensor:
    """The reverse of `_candidate_first`."""
    return x.roll(-(x.shape[1] // 3), dims=1)
