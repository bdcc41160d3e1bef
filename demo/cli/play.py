"""``attune play``: a recording at its own pace, in the window or in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from demo.app import Start
from demo.cli.guard import wrong_usage
from demo.cli.loading import loaded
from demo.cli.options import Interface
from demo.cli.tracing import traced
from demo.cli.window import opens_window, run

if TYPE_CHECKING:
    from engine.config import SessionConfig

LEAD_S = 2.0
"""Media time by which computing runs ahead of what is shown, so that the view is in step with the recording."""


_SLOWEST, _FASTEST = 0.25, 4.0
"""Speeds of the window, which has sound; the terminal has none."""


def play_recording(file: Path, config: SessionConfig, *, speed: float, ui: Interface, trace: Path | None) -> None:
    """Play a recording in the window, or in the terminal and sum it up at the end.

    Raises
    ------
    SourceError
        When the recording cannot be read.
    OutputError
        When the trace cannot be written.
    """
    in_window = _SLOWEST <= speed <= _FASTEST
    if ui is Interface.WINDOW and not in_window:
        raise wrong_usage(
            f"the window plays at {_SLOWEST} to {_FASTEST:g} times the speed. Use --ui terminal for others"
        )
    from engine.sources.media_file import MediaFile

    with MediaFile(file) as media:  # a wrong file is reported before a window opens or models are loaded
        info = media.info
    if in_window and opens_window(ui):
        with traced(trace) as tracer:
            run(Start(path=str(file), speed=speed), config, tracer)
        return
    with (
        traced(trace) as tracer,
        loaded(config, audio=info.has_audio, video=info.has_video, trace=tracer) as components,
    ):
        from demo.terminal.player import Player
        from engine.session import Session
        from engine.sources.paced import Paced

        console = Console()
        media = MediaFile(file, frame_hz=config.track_hz)
        with Paced(media, speed, LEAD_S) as source, Session(source, components, config) as session:
            player = Player(session, source, components, config, speed=speed)
            player.play(console)
            for note in source.notes:
                console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)
            console.print(player.closing(), markup=False, highlight=False, soft_wrap=True)
