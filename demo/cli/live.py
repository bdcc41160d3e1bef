"""``attune live``: camera and microphone, in the window or in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from demo.cli.faults import require_whole, tell_faults
from demo.cli.guard import print_no_more
from demo.cli.loading import loaded
from demo.cli.options import Interface
from demo.cli.outputs import OutputOptions, opened
from demo.cli.tracing import traced
from demo.cli.window import opens_window, run
from engine.errors import OutputError, SourceError

if TYPE_CHECKING:
    from demo.bridge import Capture
    from demo.live_output import Beside
    from engine.components import Components
    from engine.config import SessionConfig
    from engine.saved.recording_state import RecordingState
    from engine.sources.live import LiveSource


def watch_live(
    camera: str | None,
    microphone: str | None,
    config: SessionConfig,
    *,
    capture: Capture,
    seconds: float | None,
    ui: Interface,
    trace: Path | None,
    record: Path | None = None,
    output: OutputOptions,
) -> None:
    """Watch until Ctrl-C, the end of virtual devices, or ``seconds`` have passed; record it where asked to.

    Raises
    ------
    SourceError
        When no device was wanted, or a named one is not there.
    OutputError
        When the trace or the recording cannot be written, or could not be to its end.
    typer.Exit
        With status 1, when something was out for the rest of the session.
    """
    if camera is None and microphone is None:
        raise SourceError("live capture needs a camera or a microphone: leave one of them on")
    if record is not None:
        from engine.saved.place import place_for

        place_for(record, datetime.now())  # a place that is taken is told before anything is loaded
    if opens_window(ui):
        from demo.app import Start
        from demo.bridge import NO_DEVICE

        chosen = [NO_DEVICE if one is None else one for one in (camera, microphone)]
        start = Start(
            live=True, camera=chosen[0], microphone=chosen[1], capture=capture, seconds=seconds, record=record
        )
        with traced(trace) as tracer, opened(output) as outputs:
            run(start, config, tracer, outputs)
        return
    from engine.sources.live import open_live

    config = config.for_live()
    with open_live(camera, microphone, frame_hz=config.track_hz, options=capture.options()) as source:
        info = source.info
        with (
            traced(trace) as tracer,
            opened(output) as outputs,
            loaded(config, audio=info.has_audio, video=info.has_video, trace=tracer) as components,
        ):
            from demo.live_output import Beside, about_of

            about = about_of(info.name, None, live=True, components=components, config=config)
            beside = Beside(outputs, about, live=source)
            _in_terminal(source, components, config, seconds, record, beside, output)


def _in_terminal(
    source: LiveSource,
    components: Components,
    config: SessionConfig,
    seconds: float | None,
    record: Path | None,
    beside: Beside,
    output: OutputOptions,
) -> None:
    from rich.console import Console

    from demo.terminal.player import Player
    from engine.live_run import LiveRun

    console = output.console()

    def say(text: str) -> None:
        shown = Console(stderr=True) if player.unseen else console
        shown.print(text, markup=False, highlight=False, soft_wrap=True)

    live = LiveRun(source, components, config, record=record, begin=False, feed=beside.live_feed)
    player = Player(
        live.session,
        source,
        components,
        config,
        speed=1.0,
        until_s=seconds,
        recording=lambda: live.recording,
        beside=beside,
    )
    try:
        with beside, live:
            player.play(output.view())
        if player.unseen:
            print_no_more()
        for note in source.notes:
            say(f"note: {note}")
        say(player.closing())
    finally:
        tell_faults(live.session.faults, say)
        _tell_recorded(live.recorded, say)
    require_whole(live.session.faults)
    if player.unseen:
        raise OutputError(f"what this command prints cannot be written ({player.unseen}); the recording went on")


def _tell_recorded(recorded: RecordingState | None, say: Callable[[str], None]) -> None:
    """Say where the session is.

    Raises
    ------
    OutputError
        When it is not whole.
    """
    if recorded is None:
        return
    from demo.terminal.recording import ending

    say(ending(recorded))
    if recorded.problem:
        raise OutputError(recorded.problem)
