"""``attune play``: a recording at its own pace, in the window or in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from demo.app import Start
from demo.cli.faults import require_whole, tell_faults
from demo.cli.guard import wrong_usage
from demo.cli.loading import loaded
from demo.cli.options import Interface
from demo.cli.outputs import OutputOptions, opened
from demo.cli.tracing import traced
from demo.cli.window import opens_window, run
from engine.errors import SourceError

if TYPE_CHECKING:
    from engine.config import SessionConfig

LEAD_S = 2.0
"""Media time by which computing runs ahead of what is shown, so that the view is in step with the recording."""


_SLOWEST, _FASTEST = 0.25, 4.0
"""Speeds of the window, which has sound; the terminal has none."""


def fits_window(ui: Interface, speed: float) -> bool:
    """Whether the window plays at a speed.

    Raises
    ------
    typer.Exit
        When it does not, and was asked for by name.
    """
    fits = _SLOWEST <= speed <= _FASTEST
    if ui is Interface.WINDOW and not fits:
        raise wrong_usage(
            f"the window plays at {_SLOWEST} to {_FASTEST:g} times the speed. Use --ui terminal for others"
        )
    return fits


def play_recording(
    file: Path, config: SessionConfig, *, speed: float, ui: Interface, trace: Path | None, output: OutputOptions
) -> None:
    """Play a recording in the window, or in the terminal and sum it up at the end.

    Raises
    ------
    SourceError
        When the recording cannot be read.
    OutputError
        When the trace cannot be written, or an output for other programs cannot be opened.
    typer.Exit
        With status 1, when something was out for the rest of the recording.
    """
    in_window = fits_window(ui, speed)
    from engine.saved.folder import is_session
    from engine.sources.media_file import MediaFile

    if is_session(file):
        raise SourceError(f"{file} is a recorded session: see it again with attune replay {file}")

    with MediaFile(file) as media:  # a wrong file is reported before a window opens or models are loaded
        info = media.info
    if in_window and opens_window(ui):
        with traced(trace) as tracer, opened(output) as outputs:
            run(Start(path=str(file), speed=speed), config, tracer, outputs)
        return
    with (
        traced(trace) as tracer,
        opened(output) as outputs,
        loaded(config, audio=info.has_audio, video=info.has_video, trace=tracer) as components,
    ):
        from demo.live_output import Beside, about_of
        from demo.terminal.player import Player
        from engine.session import Session
        from engine.sources.paced import Paced

        console = output.console()
        media = MediaFile(file, frame_hz=config.track_hz)
        about = about_of(info.name, info.duration_s, live=False, components=components, config=config)
        with (
            Paced(media, speed, LEAD_S) as source,
            Beside(outputs, about, speed=speed) as beside,
            Session(source, components, config, record=beside.record, faulted=beside.faulted) as session,
        ):
            player = Player(session, source, components, config, speed=speed, beside=beside)
            try:
                player.play(output.view())
                for note in source.notes:
                    console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)
                console.print(player.closing(), markup=False, highlight=False, soft_wrap=True)
            finally:
                faults = session.faults
                tell_faults(faults, lambda text: console.print(text, markup=False, highlight=False, soft_wrap=True))
        require_whole(faults)
