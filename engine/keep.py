"""What of a report is kept: pictures of faces as JPEG, and of the sound what is drawn of it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.kept import KeptFace, KeptReport
from engine.types import AudioBlock, FloatArray, TimeArray

if TYPE_CHECKING:
    from engine.stages import FaceSample, Report

PIECE = 128
"""Samples at 16 kHz (8 ms) that make one point of the envelope."""

_JPEG_QUALITY = 92
_CROPS_DECODED = 128
_LARGEST_CROP = 2048


def keep(report: Report) -> KeptReport:
    """What stays of a report."""
    blocks = [heard.block for heard in report.heard if heard.block is not None and len(heard.block.samples)]
    pieces = [envelope(block) for block in blocks]
    voice = [frame for heard in report.heard for frame in heard.voice]
    return KeptReport(
        stage=report.stage,
        until_s=report.until_s,
        faces=tuple(_kept_face(sample) for sample in report.samples),
        seen=report.seen,
        chosen=report.chosen,
        features=tuple(block for heard in report.heard for block in heard.features),
        envelope_s=np.concatenate([times_s for times_s, _ in pieces] or [np.zeros(0)]),
        envelope=np.concatenate([values for _, values in pieces] or [np.zeros((0, 2), np.float32)]),
        voice_s=np.array([frame.pts_s for frame in voice], np.float64),
        voice=np.array([frame.probability for frame in voice], np.float32)[:, None],
        events=tuple(event for heard in report.heard for event in heard.events),
        updates=report.updates,
    )


def envelope(block: AudioBlock) -> tuple[TimeArray, FloatArray]:
    """Start of each 8 ms of a block that is not empty, [n], and its lowest and highest sample, [n, 2]."""
    starts = np.arange(0, len(block.samples), PIECE)
    low, high = np.minimum.reduceat(block.samples, starts), np.maximum.reduceat(block.samples, starts)
    return block.pts_s + starts / block.rate_hz, np.stack([low, high], axis=1)


def _kept_face(sample: FaceSample) -> KeptFace:
    face = sample.face
    if face is None:
        return KeptFace(sample.pts_s, 0, None, None)
    return KeptFace(sample.pts_s, face.identity, sample.embedding, to_jpeg(face.crop))


def to_jpeg(rgb: NDArray[np.uint8]) -> bytes:
    """A picture [height, width, 3] as JPEG."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=_JPEG_QUALITY)
    return file.getvalue()


@lru_cache(_CROPS_DECODED)
def from_jpeg(jpeg: bytes) -> NDArray[np.uint8] | None:
    """The picture of a JPEG, [height, width, 3]; None where it is none, or larger than any face that is kept."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            if picture.mode != "RGB" or max(picture.size) > _LARGEST_CROP:
                return None
            rgb = np.array(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None  # in a damaged session
    rgb.flags.writeable = False
    return rgb
