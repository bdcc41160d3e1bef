"""Sound and pictures of a recording, to measure on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.errors import SourceError
from engine.features.face_crop import Picture, cut, resize
from engine.sources.media_file import MediaFile
from engine.types import AudioBlock, FloatArray, VideoFrame

CAMERA_SIZE = (640, 480)
"""Width and height of a usual camera's picture."""


def pictures(path: Path, rate_hz: float, seconds: float | None = None) -> list[VideoFrame]:
    """The pictures of a recording at ``rate_hz``, brought to the size of a camera's.

    Raises
    ------
    SourceError : it has none.
    """
    found = []
    with MediaFile(path, frame_hz=rate_hz) as source:
        for item in source:
            if seconds is not None and item.pts_s >= seconds:
                break
            if isinstance(item, VideoFrame):
                found.append(
                    VideoFrame(seq=item.seq, pts_s=item.pts_s, captured_s=item.captured_s, rgb=as_camera(item.rgb))
                )
    if not found:
        raise SourceError(f"{path} has no pictures to measure on: choose another recording")
    return found


def as_camera(rgb: Picture, size: tuple[int, int] = CAMERA_SIZE) -> Picture:
    """A whole picture in a camera's shape and size: not stretched; its border fills what is left."""
    width, height = size
    rows, columns = rgb.shape[:2]
    w, h = max(columns, rows * width / height), max(rows, columns * height / width)
    x0, y0 = (columns - w) / 2, (rows - h) / 2
    return resize(cut(rgb, (x0, y0, x0 + w, y0 + h)), width, height)


def sound(path: Path) -> AudioBlock:
    """All sound of a recording as one block.

    Raises
    ------
    SourceError : it has none.
    """
    with MediaFile(path, pictures=False) as source:
        blocks = [one for one in source if isinstance(one, AudioBlock)] if source.info.has_audio else []
    if not blocks:
        raise SourceError(f"{path} has no sound to measure on: choose another recording")
    first = blocks[0]
    return AudioBlock(
        seq=0,
        pts_s=first.pts_s,
        captured_s=first.captured_s,
        rate_hz=first.rate_hz,
        samples=np.concatenate([one.samples for one in blocks]),
    )


def in_blocks(samples: FloatArray, rate_hz: int, block_s: float) -> Iterator[AudioBlock]:
    """Samples as a microphone gives them, block by block, over and over; time goes on."""
    size = round(block_s * rate_hz)
    turns = len(samples) // size
    if turns == 0:
        raise SourceError(f"the recording has less than {block_s:g} s of sound: choose a longer one")
    seq = 0
    while True:
        at = seq % turns * size
        yield AudioBlock(
            seq=seq, pts_s=seq * size / rate_hz, captured_s=0.0, rate_hz=rate_hz, samples=samples[at : at + size]
        )
        seq += 1
