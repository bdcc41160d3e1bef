from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from engine.errors import SourceError, StageError
from engine.runtime.graph import Node
from engine.runtime.pipeline import Pipeline


def wait_for(event: threading.Event) -> None:
    event.wait(20)


class Step:
    """Adds its name to what it gets; may do something first."""

    def __init__(self, name: str, before: Callable[[str], None] = lambda item: None) -> None:
        self.name = name
        self._before = before

    def process(self, item: str) -> Sequence[str]:
        self._before(item)
        return [item + self.name]

    def finish(self) -> Sequence[str]:
        return ["end" + self.name]


class Sink(Step):
    """Keeps what it gets."""

    def __init__(self, name: str, before: Callable[[str], None] = lambda item: None) -> None:
        super().__init__(name, before)
        self.got: list[str] = []

    def process(self, item: str) -> Sequence[str]:
        self.got.append(item)
        return super().process(item)


class Rig:
    """Source -> a -> b -> sink, with a direct way from a to the sink."""

    def __init__(self, count: int = 20, live: bool = False, **before: Callable[[str], None]) -> None:
        self.count = count
        self.released = 0
        self.before = before
        self.sink = Sink("s", before.get("s", lambda item: None))
        last = Node(stage=self.sink, inputs=2, capacity=2)
        middle = Node(stage=Step("b", before.get("b", lambda item: None)), targets=(last,), capacity=2)
        self.first = Node(
            stage=Step("a", before.get("a", lambda item: None)), targets=(last, middle), capacity=2, live=live
        )
        self.pipeline = Pipeline(self.feed, [self.first, middle, last], [self.first], self.release)

    def feed(self) -> Iterator[tuple[Node, str]]:
        for number in range(self.count):
            self.before.get("source", lambda item: None)(str(number))
            yield self.first, str(number)

    def release(self) -> None:
        self.released += 1


def fail_with(error: BaseException, at: str) -> Callable[[str], None]:
    def fail(item: str) -> None:
        if item.startswith(at):
            raise error

    return fail


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def test_threads_hand_on_what_one_thread_does() -> None:
    inline, threaded = Rig(), Rig()
    assert len(list(inline.pipeline.run_inline())) == 2 * 20 + 2 + 2
    threaded.pipeline.start()
    assert threaded.pipeline.wait(20)
    assert inline.pipeline.complete
    assert threaded.pipeline.complete
    assert sorted(threaded.sink.got) == sorted(inline.sink.got)
    for way in ("a", "ab"):
        assert [one for one in threaded.sink.got if one.lstrip("0123456789") == way] == [f"{k}{way}" for k in range(20)]
    threaded.pipeline.stop()
    threaded.pipeline.stop()
    assert threaded.released == 0


@pytest.mark.parametrize("stage", ["source", "a", "b", "s"])
@pytest.mark.parametrize("inline", [True, False])
def test_the_first_error_comes_out_and_the_others_go_down(stage: str, inline: bool) -> None:
    broken = ZeroDivisionError("by zero")
    rig = Rig(**{stage: fail_with(broken, "7")})
    with pytest.raises(StageError, match=rf"{stage} stage failed with ZeroDivisionError: by zero") as caught:
        if inline:
            list(rig.pipeline.run_inline())
        else:
            rig.pipeline.start()
            rig.pipeline.wait(20)
    assert caught.value.__cause__ is broken
    assert rig.pipeline.failure is caught.value
    assert not rig.pipeline.complete
    with pytest.raises(StageError):
        rig.pipeline.stop()


@pytest.mark.parametrize("inline", [True, False])
def test_an_error_for_the_user_comes_out_as_it_is(inline: bool) -> None:
    broken = SourceError("the camera is gone")
    rig = Rig(a=fail_with(broken, "3"))
    with pytest.raises(SourceError) as caught:
        if inline:
            list(rig.pipeline.run_inline())
        else:
            rig.pipeline.start()
            rig.pipeline.wait()
    assert caught.value is broken


@pytest.mark.parametrize("stage", ["source", "a", "b", "s"])
def test_a_stage_that_is_blocked_is_reported_and_the_rest_stops(stage: str) -> None:
    reached, go = threading.Event(), threading.Event()

    def block(item: str) -> None:
        if item.startswith("5"):
            reached.set()
            go.wait(20)

    rig = Rig(**{stage: block})
    rig.pipeline.start()
    assert reached.wait(20)
    assert not rig.pipeline.wait(0.01)
    with pytest.raises(StageError, match=rf"still busy .*: {stage}\."):
        rig.pipeline.stop(0.05)
    assert rig.released == 1
    go.set()
    rig.pipeline.stop()
    assert not rig.pipeline.complete


@pytest.mark.parametrize("number", [0, 1, 7, 19])
def test_it_stops_at_any_time(number: int) -> None:
    reached = threading.Event()
    rig = Rig(b=lambda item: reached.set() if item.startswith(str(number)) else None)
    rig.pipeline.start()
    assert reached.wait(20)
    rig.pipeline.stop()
    rig.pipeline.stop()
    assert rig.pipeline.failure is None


def test_it_runs_once() -> None:
    rig = Rig()
    rig.pipeline.stop()
    with pytest.raises(RuntimeError, match="once"):
        rig.pipeline.start()
    with pytest.raises(RuntimeError, match="once"):
        list(rig.pipeline.run_inline())


def test_an_inline_run_can_be_left_and_stopped() -> None:
    left = Rig()
    run = left.pipeline.run_inline()
    next(run)
    run.close()
    left.pipeline.stop()
    stopped = Rig()
    run = stopped.pipeline.run_inline()
    next(run)
    stopped.pipeline.stop()
    assert stopped.released == 1
    assert len(list(run)) <= 1
    assert not stopped.pipeline.complete


def test_an_error_after_the_stop_is_no_news() -> None:
    reached, go = threading.Event(), threading.Event()

    def block(item: str) -> None:
        reached.set()
        go.wait(20)
        raise OSError("device closed")

    rig = Rig(source=block)
    rig.pipeline.start()
    assert reached.wait(20)
    with pytest.raises(StageError):
        rig.pipeline.stop(0.01)
    go.set()
    rig.pipeline.stop()
    assert rig.pipeline.failure is None


def test_live_input_drops_what_a_slow_stage_cannot_take() -> None:
    fed, go = threading.Event(), threading.Event()

    def feeding(item: str) -> None:
        if item == "19":
            fed.set()

    rig = Rig(live=True, source=feeding, a=lambda item: wait_for(go))
    rig.pipeline.start()
    assert fed.wait(20)
    go.set()
    assert rig.pipeline.wait(20)
    assert rig.first.channel.dropped >= 16
    assert "19a" in rig.sink.got
