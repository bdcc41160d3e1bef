"""``attune experiment run``: the runs of a plan, on this machine or on a cluster."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from demo.cli.experiment_progress import Lines
from demo.cli.experiment_screen import Screen
from demo.cli.guard import FAILED, INTERRUPTED, complain, wrong_usage
from demo.cli.progress import progress_bar
from engine.experiment.datasets import OnItem, open_dataset, source_of
from engine.experiment.execute import Executor, code_version
from engine.experiment.jobs import Choice, check_choice
from engine.experiment.lock import locked
from engine.experiment.runner import Outcome, run_experiment
from engine.machine import usable_cores
from engine.pools.devices import choose_devices
from engine.pools.local import LocalPool

if TYPE_CHECKING:
    from engine.experiment.events import RunPool
    from engine.experiment.plan import Plan

EVERYTHING = Choice()


def run_plan(
    plan: Plan,
    data: Path,
    out: Path,
    *,
    jobs: int | None = None,
    device: str = "auto",
    ray: str | None = None,
    choice: Choice = EVERYTHING,
    cache: Path | None = None,
) -> Outcome:
    """Do the runs of a plan that are not done yet.

    Raises
    ------
    typer.Exit
        With status 1 when a run failed, 130 after Ctrl-C.
    """
    check_choice(plan, choice)
    out = out.expanduser()
    source = source_of(plan, data.expanduser(), None if cache is None else cache.expanduser())
    source.check()  # before a folder is made for nothing
    listener = _listener()
    try:
        with locked(out), _pool(ray, device, jobs) as pool:
            with progress_bar(counted=True) as bar:
                dataset = open_dataset(source, jobs=jobs or usable_cores(), on_item=_extraction(bar))
            for note in dataset.notes:
                listener.note(note)
            with listener:
                outcome = run_experiment(plan, dataset, source, out, pool, listener, choice)
    except KeyboardInterrupt:
        typer.echo(f"stopped: {listener.state()}. The same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if outcome.failed:
        complain(
            f"{len(outcome.failed)} of {outcome.total} runs have failed, {outcome.before + outcome.done} are done: "
            "the same command tries them again"
        )
        raise typer.Exit(FAILED)
    return outcome


def parse_seeds(text: str | None) -> tuple[int, ...]:
    """Seeds with commas between them.

    >>> parse_seeds("1, 2")
    (1, 2)
    """
    parts = [one.strip() for one in (text or "").split(",")] if text is not None else []
    if not all(one.isdecimal() for one in parts):
        raise wrong_usage(f"--seeds takes whole numbers with commas, such as 1,2, not {text!r}")
    return tuple(int(one) for one in parts)


def _extraction(bar: Progress) -> OnItem:
    """Shows how far the extraction of features is, where there is one."""
    tasks: list[TaskID] = []

    def told(done: int, total: int, item: str, reason: str | None) -> None:
        if not tasks:
            tasks.append(bar.add_task("features", total=total))
        bar.update(tasks[0], completed=done, total=total)

    return told


def _listener() -> Screen | Lines:
    console = Console(stderr=True)
    return Screen(console) if console.is_terminal and not console.is_dumb_terminal else Lines(console)


def _pool(ray: str | None, device: str, jobs: int | None) -> AbstractContextManager[RunPool]:
    if ray is None:
        return nullcontext(LocalPool(Executor(), choose_devices(device, jobs)))
    from engine.pools.cluster import Terms, ray_pool

    return ray_pool(Executor(), ray, device, jobs, Terms(version=code_version))
