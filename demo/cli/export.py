"""``attune export``: recordings and sessions for other programs, and trained models in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from demo.cli.export_group import UNNAMED, ExportGroup
from demo.cli.options import (
    AsrChoice,
    AsrModelOption,
    AsrOption,
    DeviceOption,
    FusionChoice,
    FusionOption,
    ModelDirOption,
    ModelOption,
    SampleOption,
    StepOption,
    WindowChoice,
    WindowOption,
    WordVectorsOption,
    session_config,
)

if TYPE_CHECKING:
    from engine.models.fusion_config import FusionConfig

export = typer.Typer(rich_markup_mode="rich", cls=ExportGroup)


@export.callback(invoke_without_command=True)
def _export(context: typer.Context) -> None:
    """Export recordings and sessions for other programs, or a trained model as ONNX."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@export.command(UNNAMED, hidden=True)
def recording(
    *,
    place: Annotated[
        Path | None,
        typer.Argument(
            metavar="SESSION|FILE",
            help="The folder of a recorded session, or a recording, which is analysed first.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FORMATS",
            help="csv, jsonl, parquet, eaf (ELAN), srt, webvtt, textgrid (Praat), mp4 (with what was found drawn into "
            "it), with commas between; or all.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the files, made if need be; NAME-export beside the recording if not given.",
            show_default=False,
        ),
    ] = None,
    sample: SampleOption = False,
    fusion: FusionOption = FusionChoice.BOTH,
    step: StepOption = 0.5,
    window: WindowOption = WindowChoice.UTTERANCE,
    asr: AsrOption = AsrChoice.AUTO,
    asr_model: AsrModelOption = None,
    word_vectors: WordVectorsOption = None,
    models: ModelDirOption = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
) -> None:
    """Write what was found in a recording for other programs.

    Tables come with columns.md, which says what every column means. Files
    that are there are replaced, all at once when all are done. Those of a
    session are readable for you alone. The options on models and words are
    for recordings; of a session, everything is as it was live.

    [bold]Examples[/bold]

    attune export talk.mp4 --to csv,eaf,mp4

    attune export sessions/monday --to all --out monday

    [bold]Also[/bold]

    attune export onnx CHECKPOINT   [dim]a trained model as ONNX[/dim]
    """
    from demo.cli.export_recording import export_recording

    config = session_config(
        fusion=fusion,
        step_s=step,
        window=window,
        asr=asr,
        asr_model=asr_model,
        word_vectors=word_vectors,
        model_dir=models,
        model=model,
        device=device,
    )
    export_recording(place, sample, to, out, config)


@export.command("onnx")
def onnx(
    checkpoint: Annotated[
        Path,
        typer.Argument(
            metavar="CHECKPOINT", help="NAME.json of a model, or the folder of one run.", show_default=False
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.onnx", help="File to write; NAME.onnx beside the checkpoint if not given."),
    ] = None,
) -> None:
    """Write a model as an ONNX file that any ONNX Runtime can run.

    The graph holds the weights and their checksum, and gives the attention
    maps beside the logits. What it computes is compared with PyTorch before
    anything is written.

    [bold]Examples[/bold]

    attune export onnx runs/model.json

    attune export onnx out/runs/cross-a-t/fold01-seed01 --out cross.onnx
    """
    export_checkpoint(checkpoint, out)


def export_checkpoint(checkpoint: Path, out: Path | None) -> None:
    """Export a checkpoint and say what its graph takes and gives.

    Raises
    ------
    AssetError
        When there is no such checkpoint.
    CheckpointError
        When it is damaged, or the graph differs from the model.
    OutputError
        When the file cannot be written.
    """
    from engine.files import make_folder
    from engine.models.checkpoint import load_checkpoint, weights_sha256
    from engine.models.chosen import checkpoint_at
    from engine.models.onnx import open_onnx
    from engine.models.onnx_export import export_onnx, require_equal

    path = checkpoint_at(checkpoint)
    model, card = load_checkpoint(path)
    target = path.with_suffix(".onnx") if out is None else out.expanduser()
    if target.is_dir() or target.suffix != ".onnx":
        raise typer.BadParameter(f"give a file that ends in .onnx, not {target}", param_hint="--out")
    make_folder(target.parent)
    export_onnx(model, target)
    difference = require_equal(model, open_onnx(target, model.config, weights_sha256(model)))  # as it lies on the disk
    typer.echo(
        f"{target}: {target.stat().st_size / 1e6:.1f} MB, {model.config.fusion}-attention, {_preset(model.config)}"
    )
    for line in _lines(model.config, card.labels):
        typer.echo(f"  {line}")
    typer.echo(f"equals PyTorch within {difference:.1g} at every length and with modalities absent that was tried")


def _preset(config: FusionConfig) -> str:
    pooled = "" if config.pooling == "statistical" else ", without statistical pooling"
    return f"{config.preset} preset{pooled}"


def _lines(config: FusionConfig, labels: tuple[str, ...]) -> list[str]:
    """Inputs and outputs with their shapes."""
    from engine.models.fusion_config import MAX_FRAMES, block_name

    free = config.preset == "temporal"
    lines = [
        f"in   {name} [batch, {f'{name} frames' if free else MAX_FRAMES[name]}, {config.dims[name]}] float32"
        for name in config.modalities
    ]
    if free:
        lines.append(f"in   present [batch, {len(config.modalities)}] bool: {', '.join(config.modalities)}")
    lines.append(f"out  logits [batch, {len(labels)}] float32: {', '.join(labels)}")
    for target, source in config.blocks:
        lines.append(
            f"out  {block_name(target, source)} [batch, {config.heads}, {target} positions, {source} positions] float32"
        )
    return lines
