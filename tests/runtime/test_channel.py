from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.runtime.channel import Channel, ChannelClosed, EndOfChannel


def in_thread(run: Callable[[], object]) -> object:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=20)


def test_a_full_channel_makes_its_writer_wait() -> None:
    channel: Channel[int] = Channel(1)
    channel.put(1)
    with pytest.raises(TimeoutError, match="full"):
        channel.put(2, timeout_s=0.0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(channel.put, 2)
        assert channel.get(20) == 1
        waiting.result(20)
    assert (channel.get(), channel.dropped, len(channel)) == (2, 0, 0)


def test_an_empty_channel_makes_its_reader_wait() -> None:
    channel: Channel[int] = Channel(1)
    with pytest.raises(TimeoutError, match="empty"):
        channel.get(timeout_s=0.0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(channel.get, 20)
        channel.put(1)
        assert waiting.result(20) == 1


@pytest.mark.parametrize("act", ["put", "get"])
def test_closing_wakes_everybody(act: str) -> None:
    channel: Channel[int] = Channel(1)
    if act == "put":
        channel.put(0)
    started = threading.Barrier(4)

    def wait() -> None:
        started.wait(20)
        with pytest.raises(ChannelClosed):
            channel.put(1) if act == "put" else channel.get()

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(wait) for _ in range(3)]
        started.wait(20)
        channel.close()
        channel.close()
        for one in waiting:
            one.result(20)
    with pytest.raises(ChannelClosed):
        channel.get()
    with pytest.raises(ChannelClosed):
        channel.put(1)


def test_it_ends_after_its_last_writer_and_its_last_item() -> None:
    channel: Channel[int] = Channel(4, writers=2)
    channel.put(1)
    channel.finish()
    with pytest.raises(TimeoutError):
        channel.get(0.0) and channel.get(0.0)
    channel.put(2)
    channel.finish()
    assert channel.get() == 2
    with pytest.raises(EndOfChannel):
        channel.get()


def test_a_live_channel_drops_the_oldest_and_counts() -> None:
    channel: Channel[int] = Channel(2, drop_oldest=True)
    for number in range(5):
        channel.put(number)
    channel.put(99, if_room=True)
    assert [channel.get(), channel.get(), channel.dropped] == [3, 4, 3]
    channel.put(99, if_room=True)
    assert channel.get() == 99
    channel.close()
    with pytest.raises(ChannelClosed):
        channel.put(1)


def test_nothing_is_lost_or_reordered_between_threads() -> None:
    channel: Channel[int] = Channel(3)

    def write() -> None:
        for number in range(500):
            channel.put(number)
        channel.finish()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(write)
        taken = []
        with pytest.raises(EndOfChannel):
            while True:
                taken.append(channel.get(20))
    assert taken == list(range(500))


def test_a_channel_needs_room() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Channel(0)


def test_what_may_be_left_out_goes_first_and_is_not_counted() -> None:
    channel = Channel[int](3, drop_oldest=True)
    for number, if_room in ((0, False), (1, True), (2, False), (3, False), (4, True)):
        channel.put(number, if_room=if_room)
    assert channel.dropped == 0
    channel.put(5)
    assert channel.dropped == 1
    assert [channel.get() for _ in range(3)] == [2, 3, 5]
