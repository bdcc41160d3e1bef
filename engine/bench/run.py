"""Measuring one stage after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from engine.bench.bench import BenchSettings, Stage
from engine.bench.processor import OtherWork, load_average
from engine.bench.record import PACKAGES, BenchRecord, StageResult
from engine.bench.rows import Row
from engine.errors import AttuneError
from engine.machine import this_machine, versions


def new_record(settings: BenchSettings, stages: Sequence[Stage]) -> BenchRecord:
    """A record in which nothing has been measured yet."""
    device = str(settings.device)
    return BenchRecord(
        machine=this_machine(device),
        versions=versions(PACKAGES),
        settings={
            "stages": [one.name for one in stages],
            "device": device,
            "rounds": settings.rounds,
            "seconds": settings.seconds,
            "quick": settings.quick,
            "file": None if settings.file is None else settings.file.name,
            "busy": settings.busy,
        },
        load_before=load_average(),
    )


def measure(
    stages: Sequence[Stage], settings: BenchSettings, begin: Callable[[Stage], None] = lambda stage: None
) -> Iterator[BenchRecord]:
    """Measure stages; a stage that fails for a reason of the user's does not stop the others.

    Parameters
    ----------
    stages, settings : what to measure, and how.
    begin : is told of each stage when it begins.

    Yields
    ------
    The record so far: empty at first, then after each stage.
    """
    record = new_record(settings, stages)
    yield record
    for stage in stages:
        begin(stage)
        result = run_stage(stage, settings)
        record = replace(
            record,
            stages=(*record.stages, result),
            load_after=load_average(),
            complete=len(record.stages) + 1 == len(stages),
        )
        yield record


def run_stage(stage: Stage, settings: BenchSettings) -> StageResult:
    """Measure one stage."""
    rows: list[Row] = []
    error: str | None = None
    began_s = time.monotonic()
    with OtherWork() as others:
        try:
            rows.extend(stage.run(settings))
        except AttuneError as problem:
            error = str(problem)
    return StageResult(
        name=stage.name,
        about=stage.about,
        rows=tuple(rows),
        seconds=time.monotonic() - began_s,
        others=others.share,
        error=error,
    )
