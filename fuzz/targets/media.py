"""Recordings, through everything that decodes them: what analysis gets, and what a person sees and hears."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from fuzz.target import Target, importing

_ITEMS = 300
"""Damage can make a short file endless; so many items of one are enough."""


def _run(folder: Path) -> None:
    from engine.features.resample import Resampler
    from engine.playback.pictures import PictureReader
    from engine.playback.sound import SoundReader
    from engine.sources.media_file import MediaFile
    from engine.sources.probe import probe
    from engine.types import AudioBlock

    path = next(folder.iterdir())
    known = probe(path)
    resampler = Resampler()
    last_s = 0.0
    with MediaFile(path, frame_hz=6.0) as source:
        for item in islice(source, _ITEMS):
            if item.pts_s < last_s:
                raise AssertionError(f"time goes back from {last_s} to {item.pts_s}")
            last_s = item.pts_s
            if isinstance(item, AudioBlock):
                resampler.feed(item)
    with MediaFile(path, start_s=0.2) as source:
        list(islice(source, 20))
    with PictureReader(path, known) as pictures:
        for place_s in (0.0, 0.3, 0.1, 5.0):
            pictures.at(place_s)
        pictures.step(-2)
    with SoundReader(path, 16_000, 2, known) as sound:
        sound.read(4000)
        sound.seek(0.2, 1.5)
        sound.read(2000)


TARGET = Target(
    name="media",
    run=_run,
    prepare=importing(
        "av",
        "engine.features.resample",
        "engine.playback.pictures",
        "engine.playback.sound",
        "engine.sources.media_file",
    ),
)
