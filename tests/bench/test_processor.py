from __future__ import annotations

import os
import time

import psutil

from engine.bench.busy import busy_processes
from engine.bench.processor import OtherWork, load_average, own_time_s
from engine.bench.timed import Stopwatch


def test_processor_time_is_that_of_this_process() -> None:
    before_s, own_s = own_time_s(), time.process_time()
    while time.process_time() - own_s < 0.05:
        sum(range(1000))
    assert own_time_s() - before_s >= 0.03  # told in steps of 10 ms


def test_busy_processes_are_ours_unless_left_out_and_surely_end() -> None:
    with busy_processes(2) as others:
        assert len(set(others)) == 2 and all(psutil.pid_exists(one) for one in others)
        process = psutil.Process(others[0])
        before_s = own_time_s(), own_time_s(others)
        while process.cpu_times().user < 0.1:  # until it has worked
            time.sleep(0)
        assert own_time_s() - before_s[0] >= 0.05
    assert not any(psutil.pid_exists(one) for one in others)


def test_no_busy_process_is_fine_too() -> None:
    with busy_processes(0) as others:
        assert others == ()


def test_the_share_of_others_is_a_share() -> None:
    with OtherWork() as others:
        sum(range(100_000))
    assert others.share is not None and 0 <= others.share <= 1


def test_the_load_has_three_parts_where_the_system_tells() -> None:
    assert len(load_average()) == (3 if hasattr(os, "getloadavg") else 0)


def test_a_stopwatch_divides_by_the_length_of_the_media() -> None:
    watch = Stopwatch()
    assert [watch.time(lambda: 5, 10.0), watch.time(lambda: 6, 10.0)] == [5, 6]
    assert watch.spread.count == 2 and len(watch.spread.processor_s) == 2
