from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from engine.errors import DataError, OutputError
from engine.experiment.jobs import Choice
from engine.experiment.lock import locked
from engine.experiment.runner import Outcome, run_experiment
from engine.pools.local import LocalPool
from tests.experiment.fakes import (
    FakeDataset,
    FakeExecute,
    InlinePool,
    Listener,
    results,
    tiny_plan,
    tiny_source,
    wait_until,
)
from tests.signals import hearing_ctrl_c

ROOT = Path(__file__).parents[2]
HANGING = "self A+T, two, seed 1"


def run(
    out: Path,
    execute: FakeExecute,
    *changes: tuple[str, str],
    dataset: FakeDataset | None = None,
    choice: Choice | None = None,
    workers: int = 0,
    listener: Listener | None = None,
) -> tuple[Outcome, Listener]:
    plan, heard = tiny_plan(*changes), listener or Listener()
    pool = LocalPool(execute, ["cpu"] * workers) if workers else InlinePool(execute)
    outcome = run_experiment(plan, dataset or FakeDataset(), tiny_source(plan), out, pool, heard, choice or Choice())
    return outcome, heard


def drive(out: Path, log: Path, workers: int, *moods: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.experiment.drive", str(out), str(log), str(workers), *moods],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hearing_ctrl_c,
    )


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, object]:
    run(tmp_path / "whole", FakeExecute(tmp_path / "whole-log"))
    return results(tmp_path / "whole")


def test_every_run_is_done_once_and_kept(tmp_path: Path) -> None:
    execute = FakeExecute(tmp_path / "log")
    outcome, heard = run(tmp_path / "out", execute)
    assert outcome == Outcome(total=8, before=0, done=8, failed={})
    assert heard.done[:4] == [f"{cell} A+T, {fold}, seed 1" for fold in ("one", "two") for cell in ("self", "cross")]
    assert (heard.total, heard.before) == (8, 0)
    folder = tmp_path / "out" / "runs" / "self-a-t" / "one-seed01"
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "model.safetensors", "record.json"]
    about = json.loads((tmp_path / "out" / "experiment.json").read_text())
    assert (about["dataset"], about["fingerprint"], about["folds"]) == ("tiny data", "f1", ["one", "two"])
    again, heard = run(tmp_path / "out", execute)
    assert again == Outcome(total=8, before=8, done=0, failed={}) and heard.begun == []
    assert len(execute.runs()) == 8


def test_workers_give_what_one_process_gives(tmp_path: Path, whole: dict[str, object]) -> None:
    execute = FakeExecute(tmp_path / "log")
    outcome, heard = run(tmp_path / "out", execute, workers=2)
    assert outcome.done == 8 and len(execute.runs()) == 8
    assert sorted(heard.epochs) == sorted((name, number) for name in heard.begun for number in (1, 2))
    assert results(tmp_path / "out") == whole
    assert not multiprocessing.active_children()


def test_some_of_the_runs(tmp_path: Path) -> None:
    execute = FakeExecute(tmp_path / "log")
    outcome, _ = run(tmp_path / "out", execute, choice=Choice(cells=("cross A+T",), folds=("two",), seeds=(2,)))
    assert outcome.total == 1 and execute.runs() == ["cross A+T, two, seed 2"]
    for choice in (Choice(cells=("cros A+T",)), Choice(folds=("three",)), Choice(seeds=(7,))):
        with pytest.raises(DataError, match=r"--(cells|folds|seeds) .*no such one"):
            run(tmp_path / "out", execute, choice=choice)


def test_a_run_that_fails_stops_no_other_and_is_tried_again(tmp_path: Path, whole: dict[str, object]) -> None:
    moods = {
        "self A+T, one, seed 1": "raises",
        "cross A+T, one, seed 1": "refuses",
        "self A+T, two, seed 1": "dies",
        "cross A+T, two, seed 1": "killed",
    }
    outcome, _ = run(tmp_path / "out", FakeExecute(tmp_path / "log", moods), workers=2)
    assert outcome.done == 4 and outcome.failed.keys() == moods.keys()
    reasons = list(moods)
    assert outcome.failed[reasons[0]].startswith("RuntimeError: loss is not a number (fakes.py:")
    assert outcome.failed[reasons[1]] == "the data have changed"
    assert "exit status 3" in outcome.failed[reasons[2]]
    assert "memory" in outcome.failed[reasons[3]] and "--jobs" in outcome.failed[reasons[3]]
    kept = tmp_path / "out" / "runs" / "self-a-t" / "one-seed01"
    assert "not a number" in (kept / "failure.txt").read_text()
    assert run(tmp_path / "out", FakeExecute(tmp_path / "log"))[0].done == 4
    assert results(tmp_path / "out") == whole


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_in_the_middle_it_goes_on(workers: int, tmp_path: Path, whole: dict[str, object]) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    with drive(out, log, workers, f"{HANGING}=hangs") as process:
        wait_until((log / "hangs").exists)
        if workers == 2:  # the other worker has done what there was to do
            wait_until(lambda: len(list(out.rglob("record.json"))) == 7)
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.kill()
        process.communicate(timeout=60)
        assert not psutil.wait_procs(children, timeout=60)[1]
    left = next(out.glob("runs/self-a-t/two-seed01/progress-*"))
    assert left.read_bytes() == b"half way"
    before = FakeExecute(log).runs()
    with locked(out):  # a lock dies with its process
        outcome, _ = run(out, FakeExecute(log))
    assert outcome.before == len(before) - 1 and outcome.done == 8 - outcome.before
    assert results(out) == whole
    after = FakeExecute(log).runs()
    assert len(after) == 9 and [name for name in after if after.count(name) > 1] == [HANGING] * 2


def test_ctrl_c_leaves_no_process(tmp_path: Path, whole: dict[str, object]) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    with drive(out, log, 2, f"{HANGING}=hangs") as process:
        wait_until((log / "hangs").exists)
        children = psutil.Process(process.pid).children(recursive=True)
        for one in [process.pid, *(child.pid for child in children)]:  # a terminal tells them all
            os.kill(one, signal.SIGINT)
        shown, said = process.communicate(timeout=60)
        assert (process.returncode, shown, said) == (130, "", "")
        assert not psutil.wait_procs(children, timeout=60)[1]
    assert not list(out.rglob(".draft*"))
    run(out, FakeExecute(log))
    assert results(out) == whole


def test_two_processes_on_one_folder(tmp_path: Path) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    with drive(out, log, 1, f"{HANGING}=hangs") as process:
        wait_until((log / "hangs").exists)
        with (
            pytest.raises(OutputError, match=rf"in use by another .* \(process {process.pid} on host .*, since 2"),
            locked(out),
        ):
            pass
        (log / "go").touch()
        assert process.wait(timeout=60) == 0
    with locked(out):
        pass


def test_a_full_disk_stops_everything_and_can_be_gone_on_from(
    tmp_path: Path, whole: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, execute, write = tmp_path / "out", FakeExecute(tmp_path / "log"), Path.write_text

    def full(path: Path, text: str, *args: object, **options: object) -> int:
        if ".record-" in path.name and len(list(out.rglob("record.json"))) == 3:
            write(path, text[:10])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, text, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        run(out, execute)
    monkeypatch.undo()
    assert len(list(out.rglob("model.safetensors"))) == 3
    assert not [path for path in out.rglob(".*") if path.is_file()]
    assert run(out, execute)[0].before == 3
    assert results(out) == whole


def test_a_worker_with_a_full_disk_stops_everything(tmp_path: Path) -> None:
    execute = FakeExecute(tmp_path / "log", {HANGING: "full disk"})
    with pytest.raises(OutputError, match="No space left"):
        run(tmp_path / "out", execute, workers=1)
    assert len(execute.runs()) == 3


@pytest.mark.parametrize("damage", ["half", "other key", "no weights", "half the weights", "half the card", "not text"])
def test_a_damaged_record_is_set_aside_and_its_run_done_again(
    damage: str, tmp_path: Path, whole: dict[str, object]
) -> None:
    out, execute = tmp_path / "out", FakeExecute(tmp_path / "log")
    run(out, execute)
    path = out / "runs" / "self-a-t" / "one-seed02" / "record.json"
    text = path.read_text()
    if damage == "half":
        path.write_text(text[: len(text) // 2])
    elif damage == "other key":
        path.write_text(text.replace(json.loads(text)["key"], "0" * 64))
    elif damage == "no weights":
        path.with_name("model.safetensors").unlink()
    elif damage == "half the weights":
        weights = path.with_name("model.safetensors")
        weights.write_bytes(weights.read_bytes()[:-4])
    elif damage == "half the card":
        path.with_name("model.json").write_bytes(b"{")
    else:
        path.write_bytes(b"\xff\xfe" + text.encode())
    outcome, heard = run(out, execute)
    assert (outcome.before, outcome.done) == (7, 1)
    assert len(heard.notes) == 1 and "damaged-1-record.json" in heard.notes[0]
    assert {name: one for name, one in results(out).items() if "damaged" not in name} == whole


def test_a_record_of_another_version_is_refused(tmp_path: Path) -> None:
    run(tmp_path / "out", FakeExecute(tmp_path / "log"))
    path = next((tmp_path / "out").rglob("record.json"))
    path.write_text(path.read_text().replace('"format_version": 1', '"format_version": 2'))
    with pytest.raises(DataError, match="format version 2, and this Attune reads 1"):
        run(tmp_path / "out", FakeExecute(tmp_path / "log"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('name = "tiny"', 'name = "other"'), "name: tiny there, other here"),
        (("seeds = [1, 2]", "seeds = [2, 3]"), "seeds: 1 there, but not here"),
        (('folds = ["one", "two"]', 'folds = ["one"]'), "folds: two there, but not here"),
        (('fusion = "cross"', 'fusion = "cross+self"'), r"cell cross A\+T, fusion: cross there, cross\+self here"),
        (('name = "cross A+T"', 'name = "third"'), r"cell cross A\+T: there, but not here"),
        (
            ('[[cells]]\nname = "self', '[protocol]\nbatch = 16\n\n[[cells]]\nname = "self'),
            "protocol.batch: nothing there, 16 here",
        ),
        (('layout = "folds"', 'layout = "folds"\nvectors = "glove"'), "data.vectors: nothing there, glove here"),
    ],
)
def test_another_plan_is_refused(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    execute = FakeExecute(tmp_path / "log")
    run(tmp_path / "out", execute)
    with pytest.raises(DataError, match=rf"results of another plan:\n  {message}\nChoose"):
        run(tmp_path / "out", execute, change)


def test_a_plan_may_grow(tmp_path: Path) -> None:
    execute = FakeExecute(tmp_path / "log")
    run(tmp_path / "out", execute)
    outcome, _ = run(tmp_path / "out", execute, ("seeds = [1, 2]", "seeds = [1, 2, 3]"), ("A tiny plan", "Bigger"))
    assert (outcome.before, outcome.done) == (8, 4)
    assert "Bigger" in (tmp_path / "out" / "plan.toml").read_text()


def test_other_data_are_refused(tmp_path: Path) -> None:
    execute = FakeExecute(tmp_path / "log")
    run(tmp_path / "out", execute)
    with pytest.raises(DataError, match="other data: tiny data there, new data now, and their content differ"):
        run(tmp_path / "out", execute, dataset=FakeDataset(name="new data", fingerprint="f2"))


def test_another_trainer_is_refused(tmp_path: Path) -> None:
    execute = FakeExecute(tmp_path / "log")
    run(tmp_path / "out", execute)
    path = tmp_path / "out" / "experiment.json"
    path.write_text(path.read_text().replace('"trainer_version": ', '"trainer_version": 99'))
    with pytest.raises(DataError, match=r"version 99.* of the training"):
        run(tmp_path / "out", execute)


def test_what_was_cut_off_is_cleared_away(tmp_path: Path, whole: dict[str, object]) -> None:
    folder = tmp_path / "out" / "runs" / "self-a-t" / "one-seed01"
    execute = FakeExecute(tmp_path / "log")
    run(tmp_path / "out", execute, choice=Choice(seeds=(2,)))
    folder.mkdir(parents=True)
    for name in ("model.safetensors", ".model-1-ab.json", "progress-other.safetensors", "failure.txt"):
        (folder / name).write_text("left")
    run(tmp_path / "out", execute)
    assert results(tmp_path / "out") == whole
