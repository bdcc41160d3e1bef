"""How work is given to a device, and how it is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import cycle
from typing import Protocol, TypeVar

import torch
from torch import Tensor

from engine.device import require_single_precision

T = TypeVar("T")

_STREAMS = 6  # three modalities of two models
_WARM_UP_ROUNDS = 3


class Lane(Protocol):
    """A device as a `engine.models.step.Step` sees it."""

    device: torch.device

    def working(self) -> AbstractContextManager[None]:
        """All of the following happens inside."""
        ...

    def host_buffer(self, size: int) -> Tensor:
        """Memory [size] f32 of the processor that the device can copy from and to."""
        ...

    def together(self, pieces: Sequence[Callable[[], T]]) -> list[T]:
        """Results of pieces of work that do not need each other."""
        ...

    def record(self, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        """The same work, ready to be launched at once; its inputs and outputs stay where they are in memory."""
        ...

    def wait(self) -> None:
        """Until everything that was asked for is done."""
        ...


class PlainLane:
    """The processor, or Apple's graphics processor: work is done in the order in which it is asked for.

    Attributes
    ----------
    waits : how often it has been waited for.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.waits = 0

    @contextmanager
    def working(self) -> Iterator[None]:
        """As `Lane.working`."""
        with torch.inference_mode():
            yield

    def host_buffer(self, size: int) -> Tensor:
        """As `Lane.host_buffer`."""
        return torch.zeros(size)

    def together(self, pieces: Sequence[Callable[[], T]]) -> list[T]:
        """One after the other."""
        return [piece() for piece in pieces]

    def record(self, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        """The work itself: there is nothing to record."""
        return work

    def wait(self) -> None:
        """As `Lane.wait`."""
        self.waits += 1
        if self.device.type == "mps":
            torch.mps.synchronize()


class CudaLane:
    """A CUDA card: one stream of its own, others for pieces that run side by side, and recorded graphs.

    Recurrent networks take a step after the other and leave most of a card idle, so those of all modalities and models
    run at once; they fork from the lane's stream and join it again, which a recorded graph keeps.

    Source: PyTorch's notes on CUDA semantics, "CUDA Graphs": work is run a few times before it is recorded, on the
    streams that record it; recordings on one stream may share memory, since they never run at the same time here and
    what comes out of one is copied before the next.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        require_single_precision()
        with torch.cuda.device(device):
            self._stream, *self._side = (torch.cuda.Stream(device) for _ in range(1 + _STREAMS))  # type: ignore[no-untyped-call]
            self._memory = torch.cuda.graph_pool_handle()

    @contextmanager
    def working(self) -> Iterator[None]:
        """As `Lane.working`."""
        with torch.inference_mode(), torch.cuda.device(self.device), torch.cuda.stream(self._stream):
            yield

    def host_buffer(self, size: int) -> Tensor:
        """As `Lane.host_buffer`; pinned, so that copies do not wait."""
        return torch.zeros(size, pin_memory=True)

    def together(self, pieces: Sequence[Callable[[], T]]) -> list[T]:
        """Side by side."""
        results, used = [], self._side[: len(pieces)]
        for stream in used:
            stream.wait_stream(self._stream)
        for stream, piece in zip(cycle(used), pieces):
            with torch.cuda.stream(stream):
                results.append(piece())
        for stream in used:
            self._stream.wait_stream(stream)
        return results

    def record(self, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        """As `Lane.record`, as a CUDA graph."""
        for _ in range(_WARM_UP_ROUNDS):
            work()
        self._stream.synchronize()
        graph = torch.cuda.CUDAGraph()
        # Other threads may use the card meanwhile: only what this one does belongs into the graph.
        with torch.cuda.graph(graph, pool=self._memory, stream=self._stream, capture_error_mode="thread_local"):
            output = work()

        def launch() -> Tensor:
            graph.replay()
            return output

        return launch

    def wait(self) -> None:
        """As `Lane.wait`."""
        self._stream.synchronize()
