"""``attune export``: trained models in other formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.models.fusion_config import FusionConfig

export = typer.Typer(rich_markup_mode="rich")


@export.callback(invoke_without_command=True)
def _export(context: typer.Context) -> None:
    """Write trained models in other formats."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


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
