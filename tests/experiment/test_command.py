from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from rich.console import Console

from demo.cli import experiment_run
from demo.cli.app import Guarded
from demo.cli.experiment import experiment
from demo.cli.experiment_progress import Lines
from demo.cli.experiment_screen import Screen
from engine.experiment.jobs import Job, all_jobs
from tests.experiment.fakes import (
    PLAN,
    FakeDataset,
    FakeExecute,
    epoch_record,
    run_record,
    tiny_plan,
    tiny_source,
)


def run(*arguments: str | Path) -> int:
    app = typer.Typer(cls=Guarded, pretty_exceptions_enable=False, add_completion=False)
    app.add_typer(experiment, name="experiment")
    app.callback()(lambda: None)
    try:
        app(args=["experiment", "run", *map(str, arguments)], prog_name="attune")
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny plan on a disk, with runs and data that are fakes."""
    monkeypatch.setattr(experiment_run, "Executor", lambda: FakeExecute(tmp_path / "log"))
    monkeypatch.setattr(experiment_run, "open_dataset", lambda source, **_: FakeDataset())
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    return path


def test_a_plan_from_the_command_line(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = plan.with_name("out")
    part = ("--cells", "self A+T", "--cells", "cross A+T", "--folds", "one", "--seeds", "2")
    assert run(plan, "--data", plan.parent, "--out", out, "--jobs", "1", "--device", "cpu", *part) == 0
    shown, said = capsys.readouterr()
    assert shown == f"all 2 runs are done (2 now). Next: attune experiment report {out}\n"
    assert "note: one utterance was left out" in said
    assert "2/2  cross A+T, one, seed 2: balanced accuracy (paper: WA)" in said
    assert run(plan, "--data", plan.parent, "--out", out, "--jobs", "1", "--device", "cpu", *part) == 0
    assert "(nothing was left to do)" in capsys.readouterr().out


def test_runs_that_failed(plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    execute = FakeExecute(plan.parent / "log", {"self A+T, one, seed 2": "raises"})
    monkeypatch.setattr(experiment_run, "Executor", lambda: execute)
    assert run(plan, "--data", plan.parent, "--out", plan.with_name("out"), "--jobs", "1", "--seeds", "2") == 1
    said = capsys.readouterr().err
    assert "failed: self A+T, one, seed 2: RuntimeError: loss is not a number (fakes.py:" in said
    assert "error: 1 of 4 runs have failed, 3 are done: the same command tries them again" in said


def test_ctrl_c(plan: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(self: Lines, job: Job, place: str) -> None:
        if job.seed == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Lines, "started", interrupt)
    assert run(plan, "--data", plan.parent, "--out", plan.with_name("out"), "--jobs", "1", "--folds", "one") == 130
    assert "stopped: 2 of 4 runs are done. The same command goes on" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["papr", "--data", ".", "--out", "o"], 1, "there is no plan papr"),
        (["paper", "--data", ".", "--out", "o", "--seeds", "1,x"], 2, "--seeds takes whole numbers"),
        (["paper", "--data", "nowhere", "--out", "o"], 1, "no data at"),
        (["paper", "--data", ".", "--out", "o", "--jobs", "0"], 2, "--jobs"),
        (["paper", "--data", "."], 2, "--out"),
        (["paper", "--data", ".", "--out", "file"], 1, "is a file, not a folder"),
    ],
)
def test_mistakes(
    arguments: list[str],
    status: int,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert run(*arguments) == status
    assert message in " ".join(capsys.readouterr().err.split())


def test_the_screen_of_a_terminal() -> None:
    plan = tiny_plan()
    jobs = all_jobs(plan, FakeDataset(), tiny_source(plan))
    records = [
        run_record(job, (epoch_record(1, job.key), replace(epoch_record(2, job.key), dev_accuracy=0.75)))
        for job in jobs
    ]
    console = Console(file=io.StringIO(), force_terminal=True, width=100, height=40)
    screen = Screen(console)
    with screen:
        screen.begin(jobs[2:], records[:2], 2)
        screen.started(jobs[2], "cpu")
        screen.started(jobs[3], "cuda:1")
        screen.epoch(jobs[2], records[2].epochs[1])
        screen.finished(jobs[3], records[3])
        screen.failed(jobs[4], "no memory")
        plain = Console(file=io.StringIO(), width=100)
        plain.print(screen._render())
    text = plain.file.getvalue()  # type: ignore[attr-defined]
    assert "3/8" in text and "left" in text
    assert "self A+T, two, seed 1" in text and "75.0%" in text and "cpu" in text
    assert "cuda:1" not in text  # that run is over
    assert [line.split()[:3] for line in text.splitlines() if "A+T " in line] == [
        ["self", "A+T", "1"],
        ["cross", "A+T", "2"],
    ]
    written = console.file.getvalue()  # type: ignore[attr-defined]
    assert "failed: self A+T, one, seed 2: no memory" in written
