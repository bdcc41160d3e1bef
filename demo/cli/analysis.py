"""The command ``attune analyze`` and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from demo.cli.experiment import PLACE
from demo.cli.inputs import recordings
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
    given_path,
    session_config,
)


def analyze(
    *,
    places: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE|FOLDER...", help="Recordings, and folders of recordings at any depth.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            parser=given_path,
            help="Folder for the results; made if need be.",
            show_default=False,
        ),
    ],
    sample: SampleOption = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Leave recordings alone whose results are there, made from the same content and settings."
        ),
    ] = False,
    fusion: FusionOption = FusionChoice.BOTH,
    step: StepOption = 0.5,
    window: WindowOption = WindowChoice.UTTERANCE,
    asr: AsrOption = AsrChoice.AUTO,
    asr_model: AsrModelOption = None,
    word_vectors: WordVectorsOption = None,
    models: ModelDirOption = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            metavar="N",
            min=1,
            max=1024,
            help="Recordings at the same time; the default is one for each core, as far as memory goes.",
            rich_help_panel=PLACE,
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray",
            metavar="ADDRESS",
            help="Work on the machines of a Ray cluster: 'auto' or HOST:PORT. They must see the recordings.",
            rich_help_panel=PLACE,
        ),
    ] = None,
) -> None:
    """Analyse recordings as fast as the machine allows.

    Writes a folder for each recording, DIR/NAME, with predictions.csv,
    words.csv, utterances.csv, timeline.png and, last, summary.json. The
    results of a folder mirror it. They are the same whatever --jobs and
    --ray say. A recording that cannot be analysed is reported and does not
    stop the others; the exit status is then 1.

    [bold]Examples[/bold]

    attune analyze --sample --out results

    attune analyze interviews --out results --resume

    attune analyze interviews/*.mp4 --out results --step 0.25 --jobs 4
    """
    from demo.cli.analyze import analyze_recordings

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
    analyze_recordings(recordings(places or [], sample), out, config, jobs=jobs, ray=ray, resume=resume)
