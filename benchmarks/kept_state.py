"""Fusion models that go on from what they computed for the windows before: trials for `benchmarks.bench_incremental`.

A model is cut in two ONNX graphs. The first makes positions of the sound from frames of it, the second everything else
from all positions. Positions of whole chunks are kept. A chunk is always computed from the same frames at the same
sizes, whether its window comes after others or alone, so both give the same bits; the frames after the last whole chunk
are computed anew each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.features.onnx_session import open_session
from engine.models.encoders import TemporalEncoder
from engine.models.fusion import Encoded, FusionModel
from engine.models.positions import position_step
from engine.tracing import trace_onnx
from engine.types import FloatArray

Kept = Literal["convolutions", "forward", "chunked", "causal"]
"""What is kept of a chunk.

convolutions : their output. Exact.
forward : that, and the states of the forward GRU. Exact.
chunked : the states of both directions, the backward one seeing its own chunk only. Other results.
causal : the states of a forward GRU of twice the units, which would have to be trained. The same time as if it were.
"""

_FRAMES = position_step("audio")  # of a position
_BEFORE = 2 * _FRAMES  # frames before a chunk that its convolutions need, as whole positions
_AFTER = 7  # frames after a chunk that they need
_WIDTHS: Mapping[Kept, int] = {"convolutions": 128, "forward": 188, "chunked": 120, "causal": 120}
_WEIGHTS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


class _Positions(nn.Module):
    """From frames [1, f, 120] and the forward state [1, 1, units] to positions ``first`` to ``end``, and the state."""

    def __init__(self, encoder: TemporalEncoder, kept: Kept) -> None:
        super().__init__()
        self.encoder, self.kept = encoder, kept
        self.gru: nn.GRU = encoder.gru
        if kept == "forward":
            self.gru = one_direction(encoder.gru, reverse=False)
        if kept == "causal":
            self.gru = nn.GRU(encoder.gru.input_size, 2 * encoder.gru.hidden_size, batch_first=True)

    def forward(self, x: Tensor, state: Tensor, first: Tensor, end: Tensor) -> tuple[Tensor, Tensor]:
        x = convolved(self.encoder, x)[:, first:end]  # type: ignore[misc]
        if self.kept == "convolutions":
            return x, state
        if self.kept == "chunked":
            states, ends = nn.GRU.forward(self.gru, x, torch.cat([state, torch.zeros_like(state)]))
            return states, ends[:1]
        states, end_state = self.gru(x, state)
        return (torch.cat([x, states], 2) if self.kept == "forward" else states), end_state


class _Rest(nn.Module):
    """From all positions of the sound, and the other modalities, to logits and attention."""

    def __init__(self, model: FusionModel, kept: Kept) -> None:
        super().__init__()
        self.model, self.kept = model, kept
        gru = cast(TemporalEncoder, model.encoders["audio"]).gru
        self.gru: nn.GRU = one_direction(gru, reverse=True) if kept == "forward" else gru
        self.width = gru.input_size

    def forward(self, audio: Tensor, video: Tensor, text: Tensor, present: Tensor) -> tuple[Tensor, ...]:
        if self.kept == "convolutions":
            audio = self.gru(audio)
        if self.kept == "forward":
            convolved, forward = audio[:, :, : self.width], audio[:, :, self.width :]
            audio = torch.cat([forward, self.gru(convolved.flip(1))[0].flip(1)], 2)
        states = {"audio": audio}
        states |= {name: self.model.encoders[name](x)[0] for name, x in (("video", video), ("text", text))}
        for at, name in enumerate(self.model.config.modalities):
            states[name] = torch.where(present[:, at, None, None], states[name], self.model.absent[name])
        vectors, maps = self.model.attend(Encoded(states, dict.fromkeys(states)))
        return self.model.classify(vectors), *maps.values()


class KeptState:
    """A model of three modalities that goes on from the window before, as long as that is a beginning of the new one.

    Parameters
    ----------
    chunk : positions of a chunk.
    """

    def __init__(self, model: FusionModel, kept: Kept, chunk: int) -> None:
        encoder = cast(TemporalEncoder, model.encoders["audio"])
        units = (2 if kept == "causal" else 1) * model.config.hidden
        state, numbers = torch.zeros(1, 1, units), {"first": torch.tensor(2), "end": torch.tensor(2 + chunk)}
        given = {"x": torch.randn(1, 90, model.config.dims["audio"]), "state": state, **numbers}
        axes = {"x": {1: "frames"}, "positions": {1: "chunk"}}
        positions = _Positions(encoder, kept)
        self._positions = open_session(trace_onnx(positions, given, ["positions", "end_state"], axes))
        given = {"audio": torch.randn(1, 20, _WIDTHS[kept])}
        given |= {name: torch.randn(1, 5, model.config.dims[name]) for name in ("video", "text")}
        given["present"] = torch.ones(1, 3, dtype=torch.bool)
        names = ["logits", *(f"map_{number}" for number in range(len(model.config.blocks)))]
        axes = {name: {1: f"{name}_positions"} for name in ("audio", "video", "text")}
        self._rest = open_session(trace_onnx(_Rest(model, kept), given, names, axes))
        self._chunk, self._start = chunk, state.numpy()
        self.forget()

    def forget(self) -> None:
        """Begin with another window."""
        self._kept: list[FloatArray] = []
        self._state: FloatArray = self._start

    def run(self, inputs: Mapping[str, FloatArray]) -> list[FloatArray]:
        """Logits and attention of a window; ``inputs`` are those of its graph."""
        audio = inputs["audio"]
        while _FRAMES * self._chunk * (len(self._kept) + 1) + _AFTER <= audio.shape[1]:
            states, self._state = self._compute(audio, whole=True)
            self._kept.append(states)
        parts = list(self._kept)
        if _FRAMES * self._chunk * len(parts) < audio.shape[1]:
            parts.append(self._compute(audio, whole=False)[0])
        found: list[FloatArray] = self._rest.run(None, {**inputs, "audio": np.concatenate(parts, axis=1)})
        return found

    def _compute(self, audio: FloatArray, *, whole: bool) -> tuple[FloatArray, FloatArray]:
        """The chunk after those that are kept, or the frames after it."""
        begin = _FRAMES * self._chunk * len(self._kept)
        end = begin + _FRAMES * self._chunk + _AFTER if whole else audio.shape[1]
        first = 2 if begin else 0
        count = self._chunk if whole else -(-(end - begin) // _FRAMES)
        frames = audio[:, max(0, begin - _BEFORE) : end]
        feed = {"x": frames, "state": self._state, "first": np.array(first), "end": np.array(first + count)}
        states, state = self._positions.run(None, {one.name: feed[one.name] for one in self._positions.get_inputs()})
        return states, state


class ChunkedGRU(nn.Module):
    """A bidirectional GRU whose backward direction starts anew in every chunk.

    Parameters
    ----------
    gru : its weights.
    chunk : positions of a chunk, counted from the start.
    ahead : how many chunks after its own the backward direction sees.
    """

    def __init__(self, gru: nn.GRU, chunk: int, ahead: int) -> None:
        super().__init__()
        self.gru, self.back = gru, one_direction(gru, reverse=True)
        self.chunk, self.sees = chunk, chunk * (1 + ahead)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Hidden states [b, t, 2 hidden] of [b, t, dim]."""
        items, steps, _ = x.shape
        lengths = torch.full((items,), steps) if lengths is None else lengths
        states = self.gru(x, lengths).clone()
        x = F.pad(x, (0, 0, 0, self.sees))
        for begin in range(0, steps, self.chunk):
            count = (lengths - begin).clamp(0, self.sees)  # [b]
            order = (count[:, None] - 1 - torch.arange(self.sees)).clamp_min(0)[:, :, None]  # the last one first
            back = self.back(x[:, begin : begin + self.sees].gather(1, order.expand(-1, -1, x.shape[2])))[0]
            back = back.gather(1, order.expand(-1, -1, back.shape[2]))[:, : min(self.chunk, steps - begin)]
            here = torch.arange(back.shape[1]) < count[:, None]
            states[:, begin : begin + self.chunk, back.shape[2] :] = back * here[:, :, None]
        return states


def convolved(encoder: TemporalEncoder, x: Tensor) -> Tensor:
    """What the encoder's GRU is given. [b, frames, dim] -> [b, positions, channels]."""
    x = (x - encoder.mean) * encoder.scale
    for conv, norm in zip(encoder.convs, encoder.norms, strict=True):
        x = F.gelu(norm(conv(x.transpose(1, 2)).transpose(1, 2)))
    return x


def one_direction(gru: nn.GRU, *, reverse: bool) -> nn.GRU:
    """One direction of a bidirectional GRU, as a GRU of its own that runs forward."""
    one = nn.GRU(gru.input_size, gru.hidden_size, batch_first=True)
    one.load_state_dict({name: getattr(gru, f"{name}_reverse" if reverse else name) for name in _WEIGHTS})
    return one.eval()
