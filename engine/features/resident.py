"""Feature networks in PyTorch that stay on a graphics processor."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.device import Device, first_line, is_about_memory, named_errors, require_single_precision
from engine.types import FloatArray

_log = logging.getLogger(__name__)

_WARM_UP_ROUNDS = 3
_WHAT = "the networks of the face encoder"
_HALF_TOLERANCE = 1e-2
"""Largest difference that half precision may make, as a share of the largest number of the result."""


class ResidentNetwork:
    """A network over pictures of one size, which go to it from pinned memory; it is waited for once a call.

    On a CUDA card the network runs in half precision where that changes its result by less than a hundredth, and a
    picture is one recorded CUDA graph: launching the hundreds of small kernels of a deep network one by one would take
    longer than they run.

    Parameters
    ----------
    prepare : from bytes [n, ...] u8 to what the network takes, always in single precision.
    network : from that to vectors [n, d].
    device : where both are moved to.
    shape : of one picture.

    Raises
    ------
    StageError : the device fails or has not enough memory, when the network is loaded or run.
    """

    def __init__(self, prepare: nn.Module, network: nn.Module, device: Device, shape: tuple[int, ...]) -> None:
        self._where, self._device = device, torch.device(str(device))
        self._replay: Callable[[Tensor], Tensor] | None = None
        with named_errors(device, _WHAT):
            self._prepare = prepare.to(self._device)
            self._network = network.eval().requires_grad_(False).to(self._device)
            if device.kind == "cuda":
                require_single_precision()
                with torch.cuda.device(self._device), torch.inference_mode():
                    self._network = self._in_half(shape)
                    self._replay = self._recorded(shape)

    @torch.inference_mode()
    def run(self, pictures: NDArray[np.uint8]) -> FloatArray:
        """Vectors [n, d] f32 of n pictures."""
        with named_errors(self._where, _WHAT):
            batch = to_device(pictures, self._device, move=self._replay is None)
            if self._replay is None:
                found = self._vectors(batch)
            else:
                with torch.cuda.device(self._device):
                    found = torch.cat([self._replay(one[None]) for one in batch])
            values: FloatArray = found.float().cpu().numpy()
        return values

    def _vectors(self, batch: Tensor) -> Tensor:
        dtype = next(self._network.parameters()).dtype
        vectors: Tensor = self._network(self._prepare(batch).to(dtype))
        return vectors

    def _in_half(self, shape: tuple[int, ...]) -> nn.Module:
        noise = np.random.default_rng(0).integers(0, 256, (1, *shape), np.uint8)
        prepared = self._prepare(to_device(noise, self._device))
        half: nn.Module = copy.deepcopy(self._network).half().to(memory_format=torch.channels_last)
        expected, found = self._network(prepared).float(), half(prepared.half()).float()
        if float((found - expected).abs().max()) <= _HALF_TOLERANCE * float(expected.abs().max()):
            return half
        _log.info("the face encoder runs in single precision: half precision would change its result")
        return self._network

    def _recorded(self, shape: tuple[int, ...]) -> Callable[[Tensor], Tensor] | None:
        """The network over one picture as a CUDA graph; None where none can be recorded.

        Source: PyTorch's notes on CUDA semantics, "CUDA Graphs".
        """
        picture = torch.zeros(1, *shape, dtype=torch.uint8, device=self._device)
        side, graph = torch.cuda.Stream(self._device), torch.cuda.CUDAGraph()  # type: ignore[no-untyped-call]
        try:
            side.wait_stream(torch.cuda.current_stream())
            # Libraries keep workspaces by stream, and PyTorch's own stream for recording lies on the card that was
            # current when it was made: so one stream warms up and records. Its context also ends where that fails.
            with torch.cuda.stream(side):
                for _ in range(_WARM_UP_ROUNDS):
                    self._vectors(picture)
                side.synchronize()
                with torch.cuda.graph(graph, stream=side, capture_error_mode="thread_local"):
                    found = self._vectors(picture)
        except RuntimeError as error:
            if is_about_memory(error):
                raise
            _log.warning(
                "no CUDA graph of the face encoder could be recorded (%s): faces take longer", first_line(error)
            )
            return None

        def replay(one: Tensor) -> Tensor:
            picture.copy_(one, non_blocking=True)
            graph.replay()
            return found.clone()

        return replay


def to_device(values: NDArray[np.uint8], device: torch.device, *, move: bool = True) -> Tensor:
    """An array on a device, or with ``move=False`` where the device can fetch it; CUDA cards are not waited for.

    Others are: Apple's would read the array after it is gone (pytorch/pytorch, issue 189690).
    """
    tensor = torch.from_numpy(np.require(values, requirements=["C", "W"]))
    cuda = device.type == "cuda"
    if cuda:
        tensor = tensor.pin_memory()
    return tensor.to(device, non_blocking=cuda) if move else tensor
