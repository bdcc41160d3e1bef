from __future__ import annotations

import pytest

from engine.bench.rows import Bar, Row
from engine.bench.spread import Spread


def spread(*milliseconds: float, processor: tuple[float, ...] = ()) -> Spread:
    return Spread(wall_s=tuple(one / 1000 for one in milliseconds), processor_s=tuple(one / 1000 for one in processor))


def test_percentiles_are_of_nearest_rank() -> None:
    calls = spread(*range(1, 201))
    assert (calls.p50_s, calls.p95_s, calls.p99_s, calls.count) == (0.1, 0.19, 0.198, 200)
    assert calls.mean_s == pytest.approx(0.1005)
    assert calls.processor_mean_s is None
    assert spread(7).p99_s == 0.007


def test_no_calls_are_no_measurement() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Spread(wall_s=())


def test_the_ratio_is_of_medians_unless_said() -> None:
    ours, theirs = spread(1, 1, 10), spread(3, 3, 3)
    assert Row(what="", ours=ours, baseline=theirs).ratio == pytest.approx(3.0)
    assert Row(what="", ours=ours, baseline=theirs, ratio_of="mean").ratio == pytest.approx(0.75)
    assert Row(what="", ours=ours).ratio is None


def test_the_processor_has_a_ratio_of_its_own() -> None:
    ours, theirs = spread(1, processor=(2, 4)), spread(1, processor=(12, 12))
    assert Row(what="", ours=ours, baseline=theirs).processor_ratio == pytest.approx(4.0)
    assert Row(what="", ours=spread(1), baseline=theirs).processor_ratio is None
    assert Row(what="", ours=spread(1, processor=(0,)), baseline=theirs).processor_ratio is None


@pytest.mark.parametrize(
    ("bar", "met"),
    [
        (Bar(of="ratio", at_least=3), True),
        (Bar(of="ratio", at_least=3.01), False),
        (Bar(of="p50", at_most=0.002), True),
        (Bar(of="p95", at_most=0.002), False),
        (Bar(of="mean", at_most=0.003), True),
        (None, None),
    ],
)
def test_bars_are_met_or_not(bar: Bar | None, met: bool | None) -> None:
    assert Row(what="", ours=spread(2, 2, 4), baseline=spread(6, 6, 6), bar=bar).met is met


def test_a_value_has_a_bar_too() -> None:
    at_most = Bar(of="value", at_most=0)
    assert Row(what="", unit="", value=0.0, bar=at_most).met is True
    assert Row(what="", unit="", value=1.0, bar=at_most).met is False


def test_a_bar_for_a_ratio_that_is_not_there_is_neither_met_nor_missed() -> None:
    assert Row(what="", ours=spread(1), bar=Bar(of="ratio", at_least=3)).met is None


def test_rows_and_bars_hold_one_thing() -> None:
    with pytest.raises(ValueError, match="durations or a value"):
        Row(what="")
    with pytest.raises(ValueError, match="durations or a value"):
        Row(what="", ours=spread(1), value=1.0)
    with pytest.raises(ValueError, match="limit"):
        Bar(of="ratio")
    with pytest.raises(ValueError, match="limit"):
        Bar(of="ratio", at_least=1, at_most=2)
