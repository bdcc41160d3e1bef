"""One step of some fusion models at fixed sizes: an array of numbers goes to the device, and one comes back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import torch
from torch import Tensor

from engine.config import Fusion
from engine.models.fusion_config import Block, block_name
from engine.models.lane import Lane
from engine.models.positions import position_step
from engine.models.resident import Resident
from engine.models.runner import Batch, Result
from engine.types import FloatArray

Sizes = Mapping[Fusion, tuple[int, Mapping[str, int]]]
"""Per model the items of its batch, and the frames of each of its modalities, padding included."""

_Numbers = TypeVar("_Numbers", FloatArray, Tensor)


@dataclass(frozen=True, slots=True)
class _Input:
    """Where one modality of one model lies among the numbers that go there: its frames, then their lengths."""

    fusion: Fusion
    name: str
    begin: int
    shape: tuple[int, int, int]

    @property
    def end(self) -> int:
        return self.begin + math.prod(self.shape) + self.shape[0]

    def of(self, numbers: _Numbers) -> tuple[_Numbers, _Numbers]:
        """Frames [b, t, dim] and lengths [b]."""
        own = numbers[self.begin : self.end]
        return own[: -self.shape[0]].reshape(self.shape), own[-self.shape[0] :]


@dataclass(frozen=True, slots=True)
class _Output:
    """Where logits, or the map of a block, lie among the numbers that come back."""

    fusion: Fusion
    block: Block | None
    begin: int
    shape: tuple[int, ...]

    @property
    def end(self) -> int:
        return self.begin + math.prod(self.shape)


class Step:
    """One copy there, one copy back, one wait; nothing in between needs the processor.

    Parameters
    ----------
    models : as they lie on the device of the lane.
    sizes : shorter batches are padded to them. Padding changes no result by more than rounding.
    lane : what the device is asked through.
    """

    def __init__(self, models: Mapping[Fusion, Resident], sizes: Sizes, lane: Lane) -> None:
        self._models = {fusion: models[fusion] for fusion in sizes}
        self._lane = lane
        self._inputs: list[_Input] = []
        end = 0
        for fusion, model in self._models.items():
            items, frames = sizes[fusion]
            for name in model.config.modalities:
                one = _Input(fusion, name, end, (items, frames[name], model.config.dims[name]))
                self._inputs.append(one)
                end = one.end
        self._there, self._here = lane.host_buffer(end), torch.zeros(end, device=lane.device)
        self._launch: Callable[[], Tensor] = self._compute
        self._outputs: list[_Output] = []
        self._back: Tensor | None = None

    def record(self) -> None:
        """Launch the computation from now on as the lane has recorded it; nothing is made ready later."""
        self._launch = self._lane.record(self._compute)
        self._back = self._lane.host_buffer(len(self._launch()))
        self._lane.wait()

    def run(self, batches: Mapping[Fusion, Batch], *, maps: bool) -> dict[Fusion, Result]:
        """Results of batches that are no longer than the sizes of this step; their arrays are the caller's own."""
        numbers = self._there.numpy()
        for one in self._inputs:
            self._fill(one, numbers, batches[one.fusion])
        self._here.copy_(self._there, non_blocking=True)
        output = self._launch()
        if self._back is None:
            self._back = self._lane.host_buffer(len(output))
        wanted = len(output) if maps else max(one.end for one in self._outputs if one.block is None)
        self._back[:wanted].copy_(output[:wanted], non_blocking=True)
        self._lane.wait()
        got = self._back[:wanted].numpy().copy()
        return {fusion: self._result(fusion, got, batch) for fusion, batch in batches.items()}

    def _fill(self, one: _Input, numbers: FloatArray, batch: Batch) -> None:
        frames, lengths = one.of(numbers)
        x = batch.inputs[one.name]
        frames[:, : x.shape[1]] = x
        frames[:, x.shape[1] :] = 0
        lengths[:] = batch.present[:, self._models[one.fusion].config.modalities.index(one.name)] * x.shape[1]

    def _compute(self) -> Tensor:
        """From the numbers on the device to those that go back: all logits, then all maps."""
        encoded = self._lane.together([partial(self._encode, one) for one in self._inputs])
        states = {(one.fusion, one.name): found for one, found in zip(self._inputs, encoded, strict=True)}
        finished = self._lane.together([partial(self._finish, fusion, states) for fusion in self._models])
        found: list[tuple[Fusion, Block | None, Tensor]] = []
        for fusion, (logits, _) in zip(self._models, finished, strict=True):
            found.append((fusion, None, logits))
        for (fusion, model), (_, maps) in zip(self._models.items(), finished, strict=True):
            found += [(fusion, block, maps[block_name(*block)]) for block in model.config.blocks]
        self._outputs = []
        for fusion, block, x in found:
            begin = self._outputs[-1].end if self._outputs else 0
            self._outputs.append(_Output(fusion, block, begin, tuple(x.shape)))
        return torch.cat([x.reshape(-1) for _, _, x in found])

    def _encode(self, one: _Input) -> tuple[Tensor, Tensor | None]:
        frames, lengths = one.of(self._here)
        return self._models[one.fusion].encode(one.name, frames, lengths.long())

    def _finish(
        self, fusion: Fusion, states: Mapping[tuple[Fusion, str], tuple[Tensor, Tensor | None]]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        names = self._models[fusion].config.modalities
        found = {name: states[fusion, name] for name in names}
        return self._models[fusion].finish(
            {name: h for name, (h, _) in found.items()}, {name: n for name, (_, n) in found.items()}
        )

    def _result(self, fusion: Fusion, numbers: FloatArray, batch: Batch) -> Result:
        """One model's share of what came back, without padding."""
        found = {
            one.block: numbers[one.begin : one.end].reshape(one.shape)
            for one in self._outputs
            if one.fusion == fusion and one.end <= len(numbers)
        }
        logits = found.pop(None)
        maps = {}
        for block, weights in found.items():
            assert block is not None
            rows, columns = (self._positions(fusion, batch.inputs[name].shape[1], name) for name in block)
            maps[block_name(*block)] = weights[:, :, :rows, :columns]
        return Result(logits, maps)

    def _positions(self, fusion: Fusion, frames: int, name: str) -> int | None:
        """Positions of this many frames in the temporal preset; None, for all, in the paper preset."""
        paper = self._models[fusion].config.preset == "paper"
        return None if paper else -(-frames // position_step(name))
