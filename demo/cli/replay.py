"""``attune replay``: a recorded session in the window or in the terminal, as it was."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from demo.cli.options import DeviceOption, Interface, InterfaceOption, ModelDirOption, ModelOption, WordVectorsOption


class Origin(StrEnum):
    """From what a session is replayed."""

    FEATURES = "features"
    MEDIA = "media"


def replay(
    session: Annotated[
        Path, typer.Argument(metavar="SESSION", help="Folder of a recorded session.", show_default=False)
    ],
    origin: Annotated[
        Origin,
        typer.Option(
            "--from",
            help="'features' shows what was found when it was recorded; 'media' analyses its pictures and sound anew.",
        ),
    ] = Origin.FEATURES,
    speed: Annotated[
        float,
        typer.Option(
            "--speed", metavar="X", min=0.1, max=32.0, help="Playing speed; 1 is real time, the window's 0.25 to 4."
        ),
    ] = 1.0,
    ui: InterfaceOption = Interface.AUTO,
    word_vectors: WordVectorsOption = None,
    models: ModelDirOption = None,
    model: ModelOption = None,
    device: DeviceOption = "auto",
) -> None:
    """Play a recorded session again.

    Emotions, words and faces are those of the session itself; nothing is
    analysed anew. In the window any moment can be looked at: the models that
    it was recorded with explain it from the recorded features. Where picture
    and sound are missing, everything else is shown without them.

    [bold]Examples[/bold]

    attune replay sessions/monday

    attune replay sessions/monday --from media --ui terminal
    """
    if models and model:
        raise typer.BadParameter("name single models, or a folder with --models, not both", param_hint="--model")
    from demo.cli.verify import settings
    from engine.saved.session import SavedSession

    saved = SavedSession.open(session)
    config = settings(saved, models, model, word_vectors, device)
    if origin is Origin.MEDIA:
        from demo.cli.outputs import OutputOptions
        from demo.cli.play import play_recording

        config = replace(config, wait_for_words=True, sound_after_s=0.0)
        play_recording(saved.require_media(), config, speed=speed, ui=ui, trace=None, output=OutputOptions())
        return
    from demo.cli.play import fits_window
    from demo.cli.window import opens_window, run

    if fits_window(ui, speed) and opens_window(ui):
        from demo.app import Start

        run(Start(path=str(session), speed=speed), config)
        return
    from rich.console import Console

    from demo.terminal.replayer import Replayer

    console = Console()
    replayer = Replayer(saved, speed=speed)
    replayer.play(console)
    console.print(replayer.closing(), markup=False, highlight=False, soft_wrap=True)
