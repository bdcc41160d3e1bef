"""``attune bench``: how fast Attune is here, as ratios to the usual ways of doing the same work."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import typer
from rich.console import Console

from demo.cli.bench_table import print_list, print_stage, print_summary
from demo.cli.guard import FAILED, complain
from engine.bench.bench import BenchSettings, Stage
from engine.bench.run import measure
from engine.files import make_folder
from engine.replaceable import require_replaceable

_BEGINS = (b'{\n "format": "attune-bench"',)
"""What the file of the figures begins with."""


def all_stages() -> tuple[Stage, ...]:
    """Every stage, in the order in which they are measured."""
    from demo.bench import start, window
    from engine.bench.catalogue import STAGES

    return (*STAGES, window.STAGE, start.STAGE)


def own_command() -> tuple[str, ...]:
    """How to call Attune in a process of its own: as this one was, installed or in a checkout."""
    spec = find_spec("main")
    assert spec is not None and spec.origin is not None
    return (sys.executable, spec.origin)


def list_stages() -> None:
    """Print which stages there are."""
    print_list(all_stages(), Console())


def run_bench(names: Sequence[str], settings: BenchSettings, json: Path | None) -> None:
    """Measure the named stages, or all of them; print a table of each, and write the JSON after each.

    Raises
    ------
    typer.BadParameter
        When a stage is not known.
    OutputError
        When the file cannot be written, which is tried before anything is measured.
    typer.Exit
        With status 1 when a stage failed, after the others are done.
    """
    stages = chosen_stages(names)
    console, messages = Console(), Console(stderr=True)
    if json is not None:
        make_folder(json.parent)
        require_replaceable(json, _BEGINS)
    records = measure(stages, settings, lambda stage: messages.print(f"measuring {stage.name} ...", highlight=False))
    shown = 0
    for record in records:
        if json is not None and (record.stages or not json.is_file()):  # older figures stay until there are new ones
            record.write(json)
        for result in record.stages[shown:]:
            print_stage(result, console)
            if result.error is not None:
                complain(f"{result.name}: {result.error}")
        shown = len(record.stages)
    print_summary(record, console)
    if json is not None:
        console.print(f"written to {json}", highlight=False, soft_wrap=True)
    if any(one.error is not None for one in record.stages):
        raise typer.Exit(FAILED)


def chosen_stages(names: Sequence[str]) -> tuple[Stage, ...]:
    """The stages of these names, in the order of the catalogue; all where none is named.

    Raises
    ------
    typer.BadParameter
        When one is not known.
    """
    every = {one.name: one for one in all_stages()}
    unknown = [name for name in names if name not in every]
    if unknown:
        known = ", ".join(every)
        raise typer.BadParameter(f"there is no stage {', '.join(unknown)}: choose from {known}", param_hint="STAGE")
    return tuple(one for name, one in every.items() if not names or name in names)
