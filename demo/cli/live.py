"""``attune live``: camera and microphone, in the window or in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from demo.cli.loading import loaded
from demo.cli.options import Interface
from demo.cli.tracing import traced
from demo.cli.window import opens_window, run
from engine.errors import SourceError

if TYPE_CHECKING:
    from demo.bridge import Capture
    from engine.config import SessionConfig


def watch_live(
    camera: str | None,
    microphone: str | None,
    config: SessionConfig,
    *,
    capture: Capture,
    seconds: float | None,
    ui: Interface,
    trace: Path | None,
) -> None:
    """Watch until Ctrl-C, the end of virtual devices, or ``seconds`` have passed.

    Raises
    ------
    SourceError
        When no device was wanted, or a named one is not there.
    OutputError
        When the trace cannot be written.
    """
    if camera is None and microphone is None:
        raise SourceError("live capture needs a camera or a microphone: leave one of them on")
    if opens_window(ui):
        from demo.app import Start
        from demo.bridge import NO_DEVICE

        chosen = [NO_DEVICE if one is None else one for one in (camera, microphone)]
        start = Start(live=True, camera=chosen[0], microphone=chosen[1], capture=capture, seconds=seconds)
        with traced(trace) as tracer:
            run(start, config, tracer)
        return
    from engine.sources.live import open_live

    config = config.for_live()

    with open_live(camera, microphone, frame_hz=config.track_hz, options=capture.options()) as source:
        info = source.info
        with (
            traced(trace) as tracer,
            loaded(config, audio=info.has_audio, video=info.has_video, trace=tracer) as components,
        ):
            from demo.terminal.player import Player
            from engine.session import Session

            console = Console()
            with Session(source, components, config) as session:
                player = Player(session, source, components, config, speed=1.0, until_s=seconds)
                player.play(console)
                for note in source.notes:
                    console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)
                console.print(player.closing(), markup=False, highlight=False, soft_wrap=True)
