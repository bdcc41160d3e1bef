from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.bench.bench import BenchSettings
from engine.bench.record import FORMAT, FORMAT_VERSION, PACKAGES, StageResult
from engine.bench.run import measure, run_stage
from engine.errors import OutputError
from tests.bench.fakes import FakeStage


def test_the_file_says_all_that_a_reader_needs(tmp_path: Path) -> None:
    stages = [FakeStage("one"), FakeStage("two")]
    first, second, last = measure(stages, BenchSettings(rounds=2, quick=True))
    assert (first.complete, second.complete, last.complete) == (False, False, True)
    path = tmp_path / "new" / "bench.json"
    last.write(path)
    read = json.loads(path.read_text(encoding="utf-8"))
    assert (read["format"], read["format_version"], read["complete"]) == (FORMAT, FORMAT_VERSION, True)
    assert {"processor", "cores", "usable_cores", "memory_bytes", "system", "graphics"} <= set(read["machine"])
    assert {"python", "numpy", "onnxruntime", "torch"} <= set(read["versions"])
    assert len(set(PACKAGES)) == len(PACKAGES)
    assert {"onnxruntime_each_session", "torch", "environment"} == set(read["threads"])
    assert read["settings"] | {"stages": None} == {
        "stages": None,
        "device": "cpu",
        "rounds": 2,
        "seconds": None,
        "quick": True,
        "file": None,
        "busy": 1,
    }
    assert [one["name"] for one in read["stages"]] == ["one", "two"]
    call, share = read["stages"][0]["rows"]
    assert call["ours"]["wall_s"] == [0.001, 0.002]
    assert (call["ours"]["p50_s"], call["ours"]["p95_s"], call["ours"]["count"]) == (0.001, 0.002, 2)
    assert (call["ratio"], call["processor_ratio"], call["met"]) == (10.0, 10.0, True)
    assert call["bar"] == {"of": "ratio", "at_least": 3, "at_most": None}
    assert (share["value"], share["unit"], share["met"], share["ours"]) == (93.25, "%", False, None)


def test_a_stage_that_fails_keeps_what_it_has_found() -> None:
    result = run_stage(FakeStage(failure="something is missing"), BenchSettings())
    assert (len(result.rows), result.error) == (1, "something is missing")


def test_what_other_processes_had_is_judged() -> None:
    shares = {0.19: False, 0.21: True, None: False}
    for share, disturbed in shares.items():
        assert StageResult(name="", about="", rows=(), seconds=1.0, others=share).disturbed is disturbed


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    record = next(measure([], BenchSettings()))
    with pytest.raises(OutputError, match="folder"):
        record.write(tmp_path)
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(OutputError, match="not a folder"):
        record.write(blocked / "bench.json")
