"""``attune analyze``: tables and a picture for each recording."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from demo.cli.analyze_progress import Lines
from demo.cli.guard import FAILED, INTERRUPTED, complain
from engine.files import make_folder

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from engine.analysis.analyzer import Task
    from engine.analysis.batch import Outcome, TaskPool
    from engine.config import SessionConfig


def analyze_recordings(
    places: Sequence[Path],
    out: Path,
    config: SessionConfig,
    *,
    jobs: int | None = None,
    ray: str | None = None,
    resume: bool = False,
) -> None:
    """Analyse every recording, those of folders included, into a folder of its own below ``out``.

    Parameters
    ----------
    places : files and folders.
    jobs : recordings at the same time, None for as many as is best.
    ray : address of a cluster that does them.
    resume : leave recordings alone whose results are there and still right.

    Raises
    ------
    DataError
        When a folder holds no recording.
    OutputError
        When ``out`` cannot be made.
    typer.Exit
        With status 1 when a recording failed, or something failed for good in one, after all others are done; with 130
        after Ctrl-C.
    """
    from engine.analysis.batch import tasks_of
    from engine.analysis.places import find_recordings

    found = find_recordings(places, out)
    make_folder(out)
    tasks = tasks_of(found.recordings, resume=resume, anywhere=ray is not None)
    began_s = time.monotonic()
    lines = Lines(len(tasks))
    if found.passed_over:
        files = "1 other file" if found.passed_over == 1 else f"{found.passed_over} other files"
        lines.say(f"{_recordings(len(tasks))}; {files} passed over")
    try:
        with lines:
            outcome = _analyze(tasks, config, jobs, ray, lines)
    except KeyboardInterrupt:
        raise _stopped(lines) from None
    if len(tasks) > 1 or resume:
        lines.say(_verdict(outcome, lines.media_s, time.monotonic() - began_s))
    if outcome.failed:
        if len(tasks) > 1:
            complain(f"{len(outcome.failed)} of {len(tasks)} recordings could not be analysed")
        raise typer.Exit(FAILED)
    if outcome.partly:
        complain(f"{_recordings(outcome.partly)} could only be analysed in part: --resume tries again")
        raise typer.Exit(FAILED)


def _analyze(tasks: Sequence[Task], config: SessionConfig, jobs: int | None, ray: str | None, lines: Lines) -> Outcome:
    from engine.analysis.analyzer import Analyzer
    from engine.analysis.batch import in_order, run_here, run_pool

    if len(tasks) == 1 and ray is None:
        with closing(Analyzer(config, threads=True)) as analyzer:
            return run_here(tasks, analyzer, config.device, lines)
    with _pool(config, jobs, ray, len(tasks)) as pool:
        return run_pool(tasks if pool.parallel == 1 else in_order(tasks), pool, lines)


def _pool(config: SessionConfig, jobs: int | None, ray: str | None, count: int) -> AbstractContextManager[TaskPool]:
    from engine.analysis.analyzer import Analyzer, located
    from engine.analysis.batch import AGAIN, SHARING, worker_devices
    from engine.machine import usable_cores
    from engine.pools.local import LocalPool

    if ray is not None:
        from engine.pools.cluster import Terms, ray_pool

        analyzer = Analyzer(config, threads=False, places=located(config))
        return ray_pool(analyzer, ray, config.device, jobs, Terms(sharing=SHARING, again=AGAIN))
    devices = worker_devices(config.device, jobs, count)
    # A thread for each stage takes 5 % more of the processor (6.4 s for the sample instead of 6.1 s), but ends a
    # recording sooner where another core would be idle.
    threads = usable_cores() >= 2 * len(devices)
    return nullcontext(LocalPool(Analyzer(config, threads=threads), devices, AGAIN))


def _stopped(lines: Lines) -> typer.Exit:
    if lines.count > 1:
        typer.echo(
            f"stopped: {lines.ended} of {lines.count} recordings are done. The same command with --resume goes on",
            err=True,
        )
    else:
        typer.echo("stopped", err=True)
    return typer.Exit(INTERRUPTED)


def _verdict(outcome: Outcome, media_s: float, elapsed_s: float) -> str:
    parts = []
    if outcome.done:
        pace = f" of {media_s / 60:.1f} min in {elapsed_s:.0f} s ({media_s / elapsed_s:.1f}x real time)"
        parts.append(f"{_recordings(outcome.done)}{pace if media_s else ''}")
    if outcome.before:
        parts.append(f"{_recordings(outcome.before)} done before")
    return ", ".join(parts) or "nothing was analysed"


def _recordings(count: int) -> str:
    return "1 recording" if count == 1 else f"{count} recordings"
