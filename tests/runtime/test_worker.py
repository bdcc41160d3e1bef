from __future__ import annotations

import threading

from engine.runtime.latest import Latest
from engine.runtime.stats import Latency, LatencyStats
from engine.runtime.worker import Worker, join_all


def wait_for(event: threading.Event) -> None:
    event.wait(20)


def test_a_worker_hands_on_what_went_wrong() -> None:
    failed: list[tuple[str, BaseException]] = []

    def run() -> None:
        raise SystemExit("enough")

    worker = Worker("broken", run, lambda name, error: failed.append((name, error)))
    assert worker.join(0.0)  # never began
    worker.start()
    assert worker.join(20)
    assert failed[0][0] == "broken"
    assert isinstance(failed[0][1], SystemExit)


def test_joining_is_bounded_and_names_who_is_left() -> None:
    go = threading.Event()
    workers = [Worker(name, lambda: wait_for(go), lambda *_: None) for name in "ab"]
    for worker in workers:
        worker.start()
    assert {thread.name for thread in threading.enumerate()} >= {"attune-a", "attune-b"}
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("attune-"))
    assert join_all(workers, 0.0) == ("a", "b")
    go.set()
    assert join_all(workers, 20) == ()
    assert join_all(workers, 0.0) == ()


def test_a_worker_can_be_asked_to_join_itself() -> None:
    answers: list[bool] = []
    worker = Worker("self", lambda: answers.append(worker.join(20)), lambda *_: None)
    worker.start()
    assert worker.join(20)
    assert answers == [False]


def test_latest_finds_the_value_of_a_position_and_forgets_the_oldest() -> None:
    latest: Latest[str] = Latest(keep=2)
    assert latest.at() is None
    for pts_s, value in ((1.0, "a"), (2.0, "b"), (3.0, "c")):
        latest.put(pts_s, value)
    assert (latest.at(), latest.at(2.9), latest.at(1.5)) == ((3.0, "c"), (2.0, "b"), None)


def test_latencies_are_over_the_most_recent() -> None:
    stats = LatencyStats(keep=10)
    assert stats.read() == Latency()
    for seconds in [100.0] * 5 + [1.0] * 9 + [3.0]:
        stats.add(seconds)
    now = stats.read()
    assert (now.p50_s, now.p95_s, now.newest_s, now.count, now.total_s) == (1.0, 3.0, 3.0, 15, 512.0)
    with stats.measure():
        pass
    assert 0 <= stats.newest_s < 100
