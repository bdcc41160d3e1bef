"""The command ``attune bench``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def bench(
    stages: Annotated[
        list[str] | None,
        typer.Argument(metavar="STAGE...", help="Stages to measure; all of them by default.", show_default=False),
    ] = None,
    device: Annotated[
        str,
        typer.Option(
            "--device",
            metavar="auto|cpu|cuda:N|mps",
            help="Where the networks run, ours and those of the baselines.",
        ),
    ] = "auto",
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write every figure to this file.", show_default=False)
    ] = None,
    rounds: Annotated[
        int | None,
        typer.Option("--rounds", metavar="N", min=1, help="Measure so many calls of each way.", show_default=False),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--seconds",
            metavar="S",
            min=0.1,
            help="Measure calls for so long; sessions in real time last so long.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", metavar="FILE", help="Measure on this recording, not on the sample.", show_default=False
        ),
    ] = None,
    busy: Annotated[
        int,
        typer.Option(
            "--busy", metavar="N", min=0, max=64, help="Other busy processes that the stage live must bear at its end."
        ),
    ] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Just enough to see that everything can be measured.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the stages.")] = False,
) -> None:
    """Measure how fast Attune is here.

    Every claim is a ratio to the usual way of doing the same work, measured
    in the same call, in which the two take turns. Shows p50, p95 and p99 of
    our calls, the processor time of one, the baseline's p50, the ratio of the
    times and of the processor times, and the bar where one was promised. A
    bar that is missed is said, and is no error. All stages take about ten
    minutes.

    [bold]Examples[/bold]

    attune bench fusion mfcc face

    attune bench --json bench.json

    attune bench live --seconds 60 --busy 2
    """
    from demo.cli.bench import list_stages, own_command, run_bench
    from engine.bench.bench import BenchSettings
    from engine.device import choose_device

    if rounds is not None and seconds is not None:
        raise typer.BadParameter("measure so many calls, or for so long: give one of the two", param_hint="--rounds")
    if list_:
        list_stages()
        return
    settings = BenchSettings(
        device=choose_device(device),
        rounds=rounds,
        seconds=seconds,
        quick=quick,
        file=file,
        busy=busy,
        command=own_command(),
    )
    run_bench(stages or [], settings, json)
