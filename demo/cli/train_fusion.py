"""The command ``attune train fusion`` and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demo.cli.options import USE_HELP, FusionChoice, FusionOption, WordVectorsOption

ANEW, CORRECT = "To train the bundle anew", "To correct a model"


def train_fusion(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="Folder for what is trained; made if need be.", show_default=False),
    ],
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="DIR", help="Folder of the training data.", show_default=False, rich_help_panel=ANEW
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODELS",
            help="What to begin with: 'bundle', a folder of models, or one checkpoint (NAME.json).",
            show_default=False,
            rich_help_panel=CORRECT,
        ),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            "--manifest",
            metavar="CSV",
            help="Your labelled items, 20 or more; attune manifest session writes it.",
            show_default=False,
            rich_help_panel=CORRECT,
        ),
    ] = None,
    use: Annotated[
        str | None,
        typer.Option(
            "--use",
            metavar="a,v,t",
            help=USE_HELP,
            show_default=False,
            rich_help_panel=CORRECT,
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            "--epochs",
            metavar="N",
            min=1,
            max=1000,
            help="Passes over the items at most; held-out items say how many are made.",
            show_default=False,
            rich_help_panel=CORRECT,
        ),
    ] = None,
    parts: Annotated[
        int | None,
        typer.Option(
            "--parts",
            metavar="N",
            min=2,
            max=20,
            help="Parts of the cross-validation.",
            show_default=False,
            rich_help_panel=CORRECT,
        ),
    ] = None,
    word_vectors: WordVectorsOption = None,
    fusion: FusionOption = FusionChoice.BOTH,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds",
            metavar="N",
            min=1,
            max=100,
            help="Train this many times, 2 by default; every seed's figures are kept.",
            show_default=False,
            rich_help_panel=ANEW,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", min=1, max=1024, help="Processes at the same time; by default one a core."),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option("--cache", metavar="DIR", help="Folder that keeps extracted features for the next time."),
    ] = None,
) -> None:
    """Train the bundled fusion models anew, or correct them on your own face and voice.

    With --from and --manifest, models learn on from where they are, on items
    that you have labelled: 20 or more, of one person. Cross-validation says
    how the models do on items that they did not learn from, before and after;
    DIR gets the models for --models DIR, their cards, the figures and a
    picture of them. Where the new models are not better, it says so.

    With --data, each modality is learned on its own corpus, and the fusion
    on combinations of items of the same class: the plan [bold]bundle[/bold]
    that comes with Attune, run and published. After a stop the same command
    goes on.

    [bold]Examples[/bold]

    attune manifest session SESSION --out mine.csv

    attune train fusion --from bundle --manifest mine.csv --out mine

    attune train fusion --data DATA --out runs/fusion --fusion both --seeds 3
    """
    from demo.cli.guard import wrong_usage

    of_correction = {
        "--from": start, "--manifest": manifest, "--use": use, "--epochs": epochs, "--parts": parts,
        "--word-vectors": word_vectors,
    }  # fmt: skip
    if data is not None:
        given = [name for name, value in of_correction.items() if value is not None]
        if given:
            raise wrong_usage(
                f"--data trains the bundle anew, and {' and '.join(given)} {'is' if len(given) == 1 else 'are'} for "
                "correcting a model: give either --data, or --from and --manifest"
            )
        from demo.cli.train import train_bundle

        train_bundle(data, out, fusions=fusion.fusions, seeds=seeds or 2, jobs=jobs, cache=cache)
        return
    if start is None or manifest is None:
        lacking = "--manifest, your labelled items" if start is not None else "--from, such as --from bundle"
        raise wrong_usage(
            f"give {lacking}"
            if (start is None) != (manifest is None)
            else "give --from and --manifest to correct a model, or --data to train the bundle anew"
        )
    if seeds is not None:
        raise wrong_usage("--seeds is for training with --data: a correction is made once")
    from demo.cli.correct import correct

    correct(
        start, manifest, out, fusion=fusion, use=use, epochs=epochs, parts=parts, word_vectors=word_vectors, jobs=jobs,
        cache=cache,
    )  # fmt: skip
