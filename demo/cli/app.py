"""The commands and their options. What a command does is in the module of its name, imported when it runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from demo.cli import groups, watch
from demo.cli.analysis import analyze
from demo.cli.bench_command import bench
from demo.cli.experiment import experiment
from demo.cli.export import export
from demo.cli.guard import guard
from demo.cli.manifest_command import manifest
from demo.cli.options import (
    AsrChoice,
    DeviceOption,
    FusionChoice,
    FusionOption,
    ModelDirOption,
    ModelOption,
    WordVectorsOption,
    session_config,
)
from demo.cli.replay import replay
from demo.cli.verify import verify
from engine.version import __version__


class Guarded(TyperGroup):
    """A group of commands whose errors are shown to a user, not to a programmer."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        with guard():
            return super().invoke(ctx)


_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
app = typer.Typer(
    name="attune",
    cls=Guarded,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)


app.add_typer(groups.train, name="train")
app.add_typer(experiment, name="experiment")
app.add_typer(groups.assets, name="assets")
app.add_typer(export, name="export")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="attune")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"attune {__version__}")
        raise typer.Exit


def _debug(wanted: bool) -> None:
    if wanted:
        os.environ["ATTUNE_DEBUG"] = "1"


@app.callback(invoke_without_command=True)
def attune(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", callback=_debug, help="Show a traceback when something fails.")
    ] = False,
) -> None:
    """Watch a face, listen to a voice, read the words: see which emotion a trained attention model finds.

    Everything runs on this machine; no picture, sound or word leaves it. Without a command, the window opens.

    [bold]Start here[/bold]

    attune                                  [dim]open the window[/dim]
    attune play --sample                    [dim]watch the sample recording[/dim]
    attune live                             [dim]watch camera and microphone[/dim]
    attune analyze talk.mp4 --out results   [dim]tables and a picture of it[/dim]
    attune assets list                      [dim]which models are here[/dim]
    """
    if context.invoked_subcommand is None:
        from demo.cli.window import open_empty_window

        open_empty_window(context.get_help)


app.command()(watch.play)
app.command()(watch.live)
app.command()(replay)
app.command()(verify)


@app.command()
def devices() -> None:
    """List cameras, microphones and speakers, with the number or name to choose them by."""
    from demo.cli.devices import print_devices

    print_devices()


app.command()(analyze)


@app.command()
def evaluate(
    manifest: Annotated[
        Path, typer.Option("--manifest", metavar="CSV", help="The labelled items.", show_default=False)
    ],
    json: Annotated[Path, typer.Option("--json", metavar="OUT", help="File for the figures.", show_default=False)],
    use: Annotated[
        str, typer.Option("--use", metavar="a,v,t", help="Modalities to use: a(udio), v(ideo), t(ext).")
    ] = "a,v,t",
    fusion: FusionOption = FusionChoice.BOTH,
    predictions: Annotated[
        Path | None, typer.Option("--predictions", metavar="CSV", help="File for the probabilities of each item.")
    ] = None,
    word_vectors: WordVectorsOption = None,
    models: ModelDirOption = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
) -> None:
    """Score the models on labelled items.

    The manifest has the columns [bold]id, label, audio, faces, video, text[/bold]:

    audio    a sound or media file
    faces    a picture of one cropped face, or a folder of such pictures in
             time order at 3 Hz
    video    a media file to find the face in, where faces is empty
    text     the words themselves

    With [bold]start_s[/bold] and [bold]end_s[/bold], an item is that part of its audio and video.
    attune manifest session writes such a list of spans that you labelled.

    Relative paths are relative to the manifest; an empty cell means absent.
    Labels: those of the models; the bundled ones know anger, disgust, fear,
    happy, neutral, sad, surprise.

    With several models, the figures are those of the mean of their
    probabilities, and by_fusion holds those of each.

    [bold]Examples[/bold]

    attune evaluate --manifest dev.csv --json dev.json

    attune evaluate --manifest dev.csv --json voice.json --use a

    attune evaluate --manifest dev.csv --json own.json --model runs/model.json
    """
    from demo.cli.evaluate import evaluate_manifest

    config = session_config(
        fusion=fusion, asr=AsrChoice.NONE, word_vectors=word_vectors, model_dir=models, model=model, device=device
    )
    evaluate_manifest(manifest, json, config, use=use, predictions=predictions)


app.command()(manifest)
app.command()(bench)
