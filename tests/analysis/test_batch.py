from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from engine.analysis import batch
from engine.analysis.batch import in_order, run_here, run_pool, tasks_of, worker_devices
from engine.analysis.places import find_recordings
from engine.analysis.results import RESULTS, SUMMARY, write_results
from engine.errors import CheckpointError, DataError, OutputError
from engine.pools.local import LocalPool
from tests.analysis.fakes import FakeAnalyzer, Heard, contents, write_recordings


def run(
    folder: Path, out: Path, *, workers: int = 0, resume: bool = False, log: Path | None = None
) -> tuple[batch.Outcome, Heard, FakeAnalyzer]:
    analyzer, heard = FakeAnalyzer(log or out.with_name(f"{out.name}-log")), Heard()
    tasks = tasks_of(find_recordings([folder], out).recordings, resume=resume)
    if workers:
        return run_pool(tasks, LocalPool(analyzer, ["cpu"] * workers, batch.AGAIN), heard), heard, analyzer
    return run_here(tasks, analyzer, "cpu", heard), heard, analyzer


def test_any_number_of_processes_writes_the_same(tmp_path: Path) -> None:
    talks = write_recordings(tmp_path / "talks", **{f"t{number}": f"text {number}" for number in range(5)})
    write_recordings(talks / "more", t0="inner")
    outcome, heard, _ = run(talks, tmp_path / "here")
    assert (outcome.done, outcome.before, outcome.failed) == (6, 0, {})
    assert heard.begun == heard.done == ["t0.mp4", "t0.mp4", "t1.mp4", "t2.mp4", "t3.mp4", "t4.mp4"]
    assert heard.shares[:2] == [("t0.mp4", 0.0), ("t0.mp4", 0.5)]
    for workers in (1, 2):
        out = tmp_path / str(workers)
        outcome, heard, analyzer = run(talks, out, workers=workers)
        assert outcome.done == 6 and sorted(heard.shares) == sorted((name, s) for name in heard.done for s in (0, 0.5))
        assert contents(out) == contents(tmp_path / "here")
        assert len(analyzer.processes()) <= workers and str(os.getpid()) not in analyzer.processes()
    assert set(contents(tmp_path / "here")) >= {f"more/t0/{name}" for name in RESULTS}


def test_what_fails_costs_its_own_recording(tmp_path: Path) -> None:
    moods = {"a": "dies", "b": "killed", "c": "raises", "d": "damaged"}
    talks = write_recordings(tmp_path / "talks", **moods, e="fine", f="fine", g="fine")
    outcome, heard, _ = run(talks, tmp_path / "out", workers=2)
    assert outcome.done == 3 and list(outcome.failed) == [talks / one for one in heard.failures]
    assert sorted(heard.done) == ["e.mp4", "f.mp4", "g.mp4"]
    assert "exit status 3" in heard.failures["a.mp4"] and "--resume" in heard.failures["a.mp4"]
    assert "memory" in heard.failures["b.mp4"]
    assert heard.failures["c.mp4"].startswith("ValueError: that is a defect (fakes.py:")
    assert 'raise ValueError("that is a defect")' in heard.traces["c.mp4"]
    assert (heard.failures["d.mp4"], heard.traces["d.mp4"]) == ("it is damaged: copy it again", "")
    assert not (tmp_path / "out" / "a").exists()


@pytest.mark.parametrize("workers", [0, 2])
def test_without_models_nothing_goes_on(workers: int, tmp_path: Path) -> None:
    talks = write_recordings(tmp_path / "talks", a="no models", b="no models", c="no models")
    with pytest.raises(CheckpointError, match="the models are damaged"):
        run(talks, tmp_path / "out", workers=workers)


def test_a_place_that_cannot_be_written_costs_its_own_recording(tmp_path: Path) -> None:
    talks = write_recordings(tmp_path / "talks", a="one", b="two")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").touch()
    outcome, heard, _ = run(talks, tmp_path / "out")
    assert heard.done == ["b.mp4"] and "is a file, not a folder" in outcome.failed[talks / "a.mp4"]


def test_resume_does_what_is_missing_or_has_changed(tmp_path: Path) -> None:
    talks, out = write_recordings(tmp_path / "talks", a="one", b="two", c="three", d="four"), tmp_path / "out"
    run(talks, out)
    before = contents(out)
    (out / "b" / "words.csv").unlink()
    (out / "c" / SUMMARY).write_bytes(before[f"c/{SUMMARY}"][:-5])
    write_recordings(talks, d="other", e="new")
    outcome, heard, _ = run(talks, out, resume=True)
    assert heard.done == ["b.mp4", "c.mp4", "d.mp4", "e.mp4"] and heard.kept == ["a.mp4"]
    assert (outcome.done, outcome.before) == (4, 1)
    assert {name: one for name, one in contents(out).items() if name[0] in "abc"} == {
        name: one for name, one in before.items() if name[0] in "abc"
    }
    assert run(talks, out, resume=True, workers=1)[0].before == 5
    assert run(talks, out)[0].done == 5  # without it everything is done again


def test_a_summary_lies_only_beside_what_it_was_made_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_results(dict.fromkeys(RESULTS, b"old"), tmp_path)
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if "timeline" in path.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        write_results(dict.fromkeys(RESULTS, b"new"), tmp_path)
    assert contents(tmp_path) == {
        "predictions.csv": b"new",
        "words.csv": b"new",
        "utterances.csv": b"new",
        "timeline.png": b"old",
    }


def test_the_largest_comes_first(tmp_path: Path) -> None:
    talks = write_recordings(tmp_path, a="1", b="333", c="22")
    tasks = tasks_of(find_recordings([talks], tmp_path / "out").recordings, resume=False)
    assert [one.name for one in in_order(tasks)] == ["b.mp4", "c.mp4", "a.mp4"]


def test_how_many_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "usable_cores", lambda: 4)
    monkeypatch.setattr(batch, "room", lambda each: 100)
    assert worker_devices("cpu", None, 9) == ("cpu",) * 4
    assert worker_devices("cpu", None, 3) == ("cpu",) * 3
    assert worker_devices("cpu", 6, 9) == ("cpu",) * 6
    monkeypatch.setattr(batch, "room", lambda each: 2)
    assert worker_devices("cpu", None, 9) == ("cpu",) * 2
    with pytest.raises(DataError, match="--device tpu"):
        worker_devices("tpu", None, 9)
