"""The command groups ``attune train`` and ``attune assets``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demo.cli.logs import tell
from demo.cli.options import FusionChoice, FusionOption

train = typer.Typer(rich_markup_mode="rich")
assets = typer.Typer(rich_markup_mode="rich")

DataOption = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="Folder of the training data.", show_default=False)
]
OutOption = Annotated[
    Path,
    typer.Option("--out", metavar="DIR", help="Folder for what is trained; made if need be.", show_default=False),
]
SeedsOption = Annotated[
    int,
    typer.Option("--seeds", metavar="N", min=1, max=100, help="Train this many times; every seed's figures are kept."),
]


def _help_without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@train.callback(invoke_without_command=True)
def _train(context: typer.Context) -> None:
    """Train the models from data.

    The face encoder comes first, then the fusion models on its features.
    README.md describes the folder of data under Training.
    """
    _help_without_command(context)


@train.command("face")
def train_face(
    data: DataOption,
    out: OutOption,
    epochs: Annotated[
        int | None,
        typer.Option("--epochs", metavar="N", min=1, help="Passes over the data; the default is that of the bundle."),
    ] = None,
    seeds: SeedsOption = 1,
) -> None:
    """Train the face encoder on FER+ faces and export it.

    [bold]Example[/bold]

    attune train face --data DATA --out runs/face
    """
    from engine.training.commands import train_face_command

    tell("engine.training")
    train_face_command(data=data, out=out, epochs=epochs, seeds=seeds)
    typer.echo(f"the face encoder and its model card are in {out}")


@train.command("fusion")
def train_fusion(
    data: DataOption,
    out: OutOption,
    fusion: FusionOption = FusionChoice.BOTH,
    seeds: SeedsOption = 1,
    cache: Annotated[
        Path | None,
        typer.Option("--cache", metavar="DIR", help="Folder that keeps extracted features for the next time."),
    ] = None,
) -> None:
    """Train the self-attention and cross-attention models.

    Each modality is trained on its own corpus, the fusion on combinations of items of the same class.

    [bold]Example[/bold]

    attune train fusion --data DATA --out runs/fusion --fusion both --seeds 3
    """
    from engine.training.commands import train_fusion_command

    tell("engine.training")
    train_fusion_command(data=data, out=out, fusion=fusion.value, seeds=seeds, cache=cache)
    typer.echo(f"the models and their model cards are in {out}; try them with --models {out}")


@assets.callback(invoke_without_command=True)
def _assets(context: typer.Context) -> None:
    """Models and data parts: what is here and what can be had."""
    _help_without_command(context)


@assets.command("list")
def assets_list() -> None:
    """List every model and data part with status, size, licence and place.

    [bold]Example[/bold]

    attune assets list
    """
    from demo.cli.assets import print_assets

    print_assets()
