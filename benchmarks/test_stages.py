"""The stages of ``attune bench`` as pytest-benchmark suites: run ``python -m pytest benchmarks``.

Each piece of work is a group of ours and its baseline; with --benchmark-json the figures are kept, and with
--benchmark-compare those of two versions of Attune are compared. What runs in real time, or in other processes, is
measured by ``attune bench`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engine.bench import encoder, face, fusion, hearing, mfcc
from engine.bench.bench import Bench, BenchSettings, BenchStage

SETTINGS = BenchSettings(quick=True)
STAGES = {stage.name: stage for stage in (module.STAGE for module in (fusion, mfcc, hearing, face, encoder))}

pytestmark = pytest.mark.filterwarnings("default")


def cases() -> Iterator[object]:
    for stage in STAGES.values():
        for index, bench in enumerate(stage.benches(SETTINGS)):
            group = pytest.mark.benchmark(group=f"{stage.name}: {bench.what}")
            for way in ("ours", "baseline") if bench.against else ("ours",):
                yield pytest.param(stage, index, way, id=f"{stage.name}-{index}-{way}", marks=group)


@pytest.fixture(scope="module")
def prepared() -> Callable[[BenchStage, int], Bench]:
    """Makes each bench ready once."""
    made: dict[tuple[str, int], Bench] = {}

    def get(stage: BenchStage, index: int) -> Bench:
        key = stage.name, index
        if key not in made:
            made[key] = stage.benches(SETTINGS)[index]
            made[key].prepare()
        return made[key]

    return get


@pytest.mark.parametrize(("stage", "index", "way"), list(cases()))
def test_stage(
    stage: BenchStage, index: int, way: str, benchmark: BenchmarkFixture, prepared: Callable[[BenchStage, int], Bench]
) -> None:
    benchmark(getattr(prepared(stage, index), way))
