"""Release of items in time, and how it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest

from engine.clock import MonotonicClock, SteppedClock
from engine.sources.base import Item, SourceInfo
from engine.sources.media_file import MediaFile
from engine.sources.paced import Paced
from engine.types import AudioBlock
from tests.sources.media import write_clip


class Blocks:
    """A source of 0.5 s blocks of silence."""

    live = False
    info = SourceInfo(
        name="blocks",
        duration_s=None,
        has_audio=True,
        has_video=False,
        width=None,
        height=None,
        frame_rate_hz=None,
        audio_rate_hz=16000,
    )
    notes: tuple[str, ...] = ("a remark",)

    def __init__(self, count: int = 6, start_s: float = 0.0) -> None:
        self.count, self.start_s, self.closed = count, start_s, 0

    def __iter__(self) -> Iterator[Item]:
        for seq in range(self.count):
            samples = np.zeros(8000, np.float32)
            yield AudioBlock(
                seq=seq, pts_s=self.start_s + seq / 2, captured_s=0.0, rate_hz=16000, samples=samples, gap=seq == 2
            )

    def close(self) -> None:
        self.closed += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ImpatientClock(SteppedClock):
    """A stepped clock that tells when somebody begins to wait for real."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Event()

    def wait(self, stop: threading.Event, timeout_s: float) -> bool:
        self.waiting.set()
        return stop.wait(60)


@pytest.mark.parametrize("speed", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("lead_s", [0.0, 0.75])
def test_items_leave_when_their_time_has_come(speed: float, lead_s: float) -> None:
    clock = SteppedClock(100.0)
    with Paced(Blocks(), speed, lead_s, clock=clock) as source:
        for item in source:
            due_s = 100.0 + max(item.pts_s - lead_s, 0.0) / speed
            assert clock.now_s() == pytest.approx(due_s)
            assert item.captured_s == pytest.approx(due_s)
            assert source.position_s == pytest.approx(max(item.pts_s - lead_s, 0.0))


def test_items_pass_unchanged_but_for_the_stamp() -> None:
    original, paced = list(Blocks()), list(Paced(Blocks(), clock=SteppedClock()))
    assert [(one.seq, one.pts_s, one.gap) for one in paced] == [(one.seq, one.pts_s, one.gap) for one in original]


def test_the_play_head_starts_at_zero_and_ends_with_the_last_item() -> None:
    clock = SteppedClock(7.0)
    source = Paced(Blocks(6), 2.0, 1.0, clock=clock)
    assert source.position_s == 0.0
    list(source)
    assert source.position_s == pytest.approx(1.5)
    clock.wait(threading.Event(), 0.25)
    assert source.position_s == pytest.approx(2.0)
    clock.wait(threading.Event(), 100.0)
    assert source.position_s == 3.0


def test_a_late_consumer_is_not_made_to_wait_again() -> None:
    clock = SteppedClock()
    items = iter(Paced(Blocks(), clock=clock))
    next(items)
    clock.wait(threading.Event(), 10.0)
    assert len(list(items)) == 5
    assert clock.now_s() == 10.0


def test_close_ends_a_wait_from_another_thread() -> None:
    clock, played = ImpatientClock(), Blocks(start_s=1000.0)
    source = Paced(played, clock=clock)
    items: list[Item] = []
    thread = threading.Thread(target=lambda: items.extend(source))
    thread.start()
    assert clock.waiting.wait(10)
    source.close()
    thread.join(10)
    assert not thread.is_alive()
    assert items == [] and played.closed == 1
    source.close()


def test_the_clock_of_the_machine_wakes_up_at_once() -> None:
    stop, woken = threading.Event(), threading.Event()
    clock = MonotonicClock()
    thread = threading.Thread(target=lambda: woken.set() if clock.wait(stop, 60) else None)
    thread.start()
    stop.set()
    thread.join(10)
    assert woken.is_set() and not thread.is_alive()


def test_a_real_file_in_real_time(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", seconds=0.6)
    begin_s = time.monotonic()
    with Paced(MediaFile(path, frame_hz=6), speed=4.0, lead_s=0.1) as source:
        for item in source:
            assert item.captured_s - begin_s >= (item.pts_s - 0.1) / 4.0
        assert (source.info.name, source.notes, source.live) == ("a.mp4", (), False)


@pytest.mark.parametrize(("speed", "lead_s"), [(0, 0), (-1, 0), (float("nan"), 0), (1, -1), (1, float("inf"))])
def test_senseless_settings_are_refused(speed: float, lead_s: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        Paced(Blocks(), speed, lead_s)
