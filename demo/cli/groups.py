"""The command groups ``attune train`` and ``attune assets``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from demo.cli.logs import tell
from demo.cli.options import FusionChoice, FusionOption, UseOption
from demo.cli.train_fusion import train_fusion

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
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, max=1024, help="Runs at the same time; the default is one a core."),
]
DeviceOption = Annotated[
    str, typer.Option("--device", metavar="D", help="auto (GPUs if there are any), cpu, cuda or cuda:N.")
]
CacheOption = Annotated[
    Path | None,
    typer.Option("--cache", metavar="DIR", help="Folder that keeps extracted features for the next time."),
]


class PresetChoice(StrEnum):
    """Architectures of a model."""

    TEMPORAL = "temporal"
    PAPER = "paper"


def _help_without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@train.callback(invoke_without_command=True)
def _train(
    context: typer.Context,
    manifest: Annotated[
        Path | None,
        typer.Option("--manifest", metavar="CSV", help="Your labelled recordings; see README.md.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder for what is trained; made if need be.", show_default=False),
    ] = None,
    fusion: FusionOption = FusionChoice.BOTH,
    use: UseOption = None,
    preset: Annotated[PresetChoice, typer.Option("--preset", help="The architecture.")] = PresetChoice.TEMPORAL,
    seeds: SeedsOption = 1,
    jobs: JobsOption = None,
    device: DeviceOption = "auto",
    cache: CacheOption = None,
) -> None:
    """Train models: on your own recordings, or the bundled ones anew.

    With --manifest, the features of all recordings are extracted once, kept
    in a cache, and models are trained on every fold; those that do best on
    dev are written to DIR with their model cards and can be used with
    --models DIR. After a stop the same command goes on.

    [bold]Examples[/bold]

    attune train --manifest talks.csv --out mine

    attune train fusion --from bundle --manifest mine.csv --out corrected
    """
    if context.invoked_subcommand is not None:
        return
    if manifest is None:
        typer.echo(context.get_help())
        return
    from demo.cli.guard import wrong_usage
    from demo.cli.train import train_on_manifest

    if out is None:
        raise wrong_usage("give a folder for the results with --out DIR")
    train_on_manifest(
        manifest,
        out,
        fusions=fusion.fusions,
        use=use,
        preset=preset.value,
        seeds=seeds,
        jobs=jobs,
        device=device,
        cache=cache,
    )


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
    from engine.training.face_command import train_face_command

    tell("engine.training")
    train_face_command(data=data, out=out, epochs=epochs, seeds=seeds)
    typer.echo(f"the face encoder and its model card are in {out}")


train.command("fusion")(train_fusion)


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


@assets.command("get")
def assets_get(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="resnet101, a Vosk model such as vosk-model-small-en-us-0.15, or a gensim-data set."
        ),
    ],
) -> None:
    """Download a part that does not ship, by the library that owns it.

    It comes over TLS, is compared with its checksum, and is put into
    place whole. This, and naming such a part in an option, is all that
    ever uses a network.

    [bold]Example[/bold]

    attune assets get resnet101
    """
    from demo.cli.assets import get_asset

    typer.echo(get_asset(name))
