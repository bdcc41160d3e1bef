"""``attune play``: a recording at its own pace, shown in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from demo.cli.guard import wrong_usage
from demo.cli.loading import loaded

if TYPE_CHECKING:
    from engine.config import SessionConfig

LEAD_S = 2.0
"""Media time by which computing runs ahead of what is shown, so that the view is in step with the recording."""


def play_recording(file: Path, config: SessionConfig, *, speed: float, window_wanted: bool = False) -> None:
    """Play a recording in the terminal and sum it up at the end.

    Raises
    ------
    SourceError
        When the recording cannot be read.
    """
    if window_wanted:
        raise wrong_usage("the window is not part of this version: it arrives in the next one. Use --ui terminal")
    from engine.sources.media_file import MediaFile

    with MediaFile(file) as media:  # a wrong file is reported before the models are loaded
        info = media.info
    with loaded(config, audio=info.has_audio, video=info.has_video) as components:
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
