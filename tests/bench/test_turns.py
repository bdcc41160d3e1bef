from __future__ import annotations

from engine.bench.bench import BenchSettings
from engine.bench.turns import Effort, take_turns


def test_ways_take_turns_and_the_first_ones_do_not_count() -> None:
    calls: list[str] = []
    found = take_turns({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, Effort(rounds=3), warm_up=1)
    assert calls == ["a", "b"] * 4
    assert [one.count for one in found.values()] == [3, 3]
    assert all(len(one.processor_s) == 3 and min(one.wall_s) >= 0 for one in found.values())


def test_time_ends_turns_but_never_too_early() -> None:
    assert take_turns({"a": int}, Effort(seconds=0.0, least=4))["a"].count == 4


def test_what_is_asked_for_comes_before_what_a_bench_thinks() -> None:
    assert BenchSettings(rounds=2).effort(seconds=9, least=9).wants_more(2, 0.0) is False
    assert BenchSettings(seconds=1.0).effort(seconds=9, least=2).wants_more(2, 1.5) is False
    assert BenchSettings(quick=True).effort(seconds=8, least=10) == Effort(seconds=1.0, least=3)
    assert BenchSettings(rounds=4).runs(2) == 4
    assert (BenchSettings(quick=True).runs(5), BenchSettings().runs(5)) == (1, 5)
    assert BenchSettings(seconds=3.0).lasting(60, 8) == 3.0
    assert (BenchSettings(quick=True).lasting(60, 8), BenchSettings().lasting(60, 8)) == (8, 60)
