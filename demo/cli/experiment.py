"""The command group ``attune experiment``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

experiment = typer.Typer(rich_markup_mode="rich")

PLACE = "Where it runs"
PART = "A part of the plan"


@experiment.callback(invoke_without_command=True)
def _experiment(context: typer.Context) -> None:
    """Train every model of a plan on every fold with every seed, and compare them.

    The plan [bold]paper[/bold] has all cells of tables 1 and 2 of Rajan, Brutti, Cavallaro, ICASSP 2022.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@experiment.command("run")
def run(
    plan: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN",
            help="A TOML file, or a plan that comes with Attune: paper, quick, bundle.",
            show_default=False,
        ),
    ],
    data: Annotated[
        Path, typer.Option("--data", metavar="PATH", help="Folder of the folds, or a manifest.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the results; made if need be.", show_default=False)
    ],
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            max=1024,
            help="Runs at the same time; the default is one for each core, or for each GPU.",
            rich_help_panel=PLACE,
        ),
    ] = None,
    device: Annotated[
        str,
        typer.Option(
            "--device", metavar="D", help="auto (GPUs if there are any), cpu, cuda or cuda:N.", rich_help_panel=PLACE
        ),
    ] = "auto",
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray",
            metavar="ADDRESS",
            help="Run on the machines of a Ray cluster: 'auto' or HOST:PORT. They must see PATH.",
            rich_help_panel=PLACE,
        ),
    ] = None,
    cells: Annotated[
        list[str] | None,
        typer.Option("--cells", metavar="NAME", help="This cell alone; may be repeated.", rich_help_panel=PART),
    ] = None,
    folds: Annotated[
        list[str] | None,
        typer.Option("--folds", metavar="NAME", help="This fold alone; may be repeated.", rich_help_panel=PART),
    ] = None,
    seeds: Annotated[
        str | None, typer.Option("--seeds", metavar="1,2", help="These seeds alone.", rich_help_panel=PART)
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option("--cache", metavar="DIR", help="Folder that keeps features of a manifest's files."),
    ] = None,
) -> None:
    """Do all runs of a plan that are not done yet.

    What is done is kept in DIR. After Ctrl-C, a full disk or a power cut the
    same command goes on where it was; nothing is lost, nothing is done twice.
    A run that fails is reported and does not stop the others; the exit status
    is then 1. The weights of every run are in DIR/runs and work with
    --model.

    [bold]Examples[/bold]

    attune experiment run paper --data FOLDS --out results

    attune experiment run paper --data FOLDS --out results --cells "self A+V+T" --folds fold01 --seeds 1,2

    attune experiment run my.toml --data talks.csv --out results --ray auto
    """
    from demo.cli.experiment_run import parse_seeds, run_plan
    from engine.experiment.jobs import Choice
    from engine.experiment.plan import read_plan
    from engine.experiment.shipped import find_plan

    choice = Choice(cells=tuple(cells or ()), folds=tuple(folds or ()), seeds=parse_seeds(seeds))
    read = read_plan(find_plan(plan))
    outcome = run_plan(read, data, out, jobs=jobs, device=device, ray=ray, choice=choice, cache=cache)
    now = f"{outcome.done} now" if outcome.done else "nothing was left to do"
    runs = "the run is" if outcome.total == 1 else f"all {outcome.total} runs are"
    typer.echo(f"{runs} done ({now}). Next: attune experiment report {out}")


@experiment.command("report")
def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of an experiment's results.", show_default=False)
    ],
) -> None:
    """Make the tables, tests and pictures of an experiment.

    Works while the experiment still runs, with what is done. Writes
    report.html, report.md, table.csv, runs.csv and cost.csv into DIR.

    [bold]Example[/bold]

    attune experiment report results
    """
    from engine.experiment.report.write import write_report

    files = write_report(folder.expanduser())
    typer.echo(f"{files.done} of {files.expected} runs: {files.verdict}\n\nThe report is in {files.page}")


@experiment.command("publish")
def publish(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of an experiment's results.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the models; made if need be.", show_default=False)
    ],
    cells: Annotated[
        list[str] | None, typer.Option("--cells", metavar="NAME", help="This cell alone; may be repeated.")
    ] = None,
) -> None:
    """Write the best models of an experiment to a folder, with model cards.

    Of each cell the run that did best on dev. The folder can be given with
    --models; it has room for one model of each kind of attention.

    [bold]Example[/bold]

    attune experiment publish results --cells "self A+V+T" --cells "cross A+V+T" --out mine
    """
    from demo.cli.experiment_publish import publish_models

    publish_models(folder, out, tuple(cells or ()))
