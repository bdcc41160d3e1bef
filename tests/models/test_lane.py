"""What is asked of CUDA, in which order; a stand-in for CUDA writes it down and does nothing else."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import torch

from engine.models import lane
from engine.models.lane import CudaLane

CARD = torch.device("cuda:1")


class Cuda:
    """Streams by number, and what was asked of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple] = []
        self.current: list[int] = [-1]
        made = iter(range(100))
        cuda = self

        class Stream:
            def __init__(self, device: torch.device) -> None:
                assert device == CARD
                self.number = next(made)

            def wait_stream(self, other: Stream) -> None:
                cuda.asked.append(("wait", self.number, other.number))

            def synchronize(self) -> None:
                cuda.asked.append(("synchronise", self.number))

        class Graph:
            def replay(self) -> None:
                cuda.asked.append(("replay", cuda.current[-1]))

        @contextmanager
        def stream(one: Stream):
            self.current.append(one.number)
            yield
            self.current.pop()

        @contextmanager
        def graph(one: Graph, *, pool: object, stream: Stream, capture_error_mode: str):
            assert (pool, capture_error_mode) == ("memory", "thread_local")
            self.asked.append(("begin", stream.number))
            yield
            self.asked.append(("end", stream.number))

        @contextmanager
        def device(one: torch.device):
            assert one == CARD
            yield

        for name, value in {"Stream": Stream, "CUDAGraph": Graph, "stream": stream, "graph": graph}.items():
            monkeypatch.setattr(torch.cuda, name, value)
        monkeypatch.setattr(torch.cuda, "device", device)
        monkeypatch.setattr(torch.cuda, "graph_pool_handle", lambda: "memory")
        monkeypatch.setattr(lane, "require_single_precision", lambda: None)


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> Cuda:
    return Cuda(monkeypatch)


@pytest.mark.parametrize("count", [1, 6, 9])
def test_pieces_fork_from_the_stream_and_join_it_again(cuda: Cuda, count: int) -> None:
    given = CudaLane(CARD)
    with given.working():
        ran = given.together([lambda: cuda.current[-1]] * count)
        assert cuda.current[-1] == 0
    used = range(1, min(count, 6) + 1)
    assert set(ran) == set(used) and len(ran) == count
    assert cuda.asked == [*(("wait", one, 0) for one in used), *(("wait", 0, one) for one in used)]


def test_work_is_warmed_up_and_recorded_on_one_stream(cuda: Cuda) -> None:
    given, number = CudaLane(CARD), torch.ones(1)

    def work() -> torch.Tensor:
        cuda.asked.append(("work", cuda.current[-1]))
        return number

    with given.working():
        launch = given.record(work)
        recorded, cuda.asked[:] = list(cuda.asked), []
        assert launch() is number
        given.wait()
    assert recorded == [("work", 0)] * 3 + [("synchronise", 0), ("begin", 0), ("work", 0), ("end", 0)]
    assert cuda.asked == [("replay", 0), ("synchronise", 0)]
