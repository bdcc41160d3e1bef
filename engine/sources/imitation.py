"""A recording made into what a usual webcam and microphone would have given, to be played by virtual devices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio import AudioStream
from av.packet import Packet
from av.video import VideoStream

from engine.errors import OutputError
from engine.types import AudioBlock, FloatArray, VideoFrame

_SOUND_BLOCK_S = 0.02
_QUALITY = "4"
"""Of the JPEG pictures, on libav's scale from 2 to 31: about what webcams send."""


def write_imitation(
    path: Path, items: Iterable[VideoFrame | AudioBlock], *, size: tuple[int, int], picture_hz: int, sound_hz: int
) -> None:
    """Write pictures as motion JPEG at an even rate, and sound as samples in blocks of 20 ms, as a .mov file.

    Parameters
    ----------
    path : of the file.
    items : in order of time. For the rate, pictures are repeated or left out.
    size : width and height of the pictures.
    picture_hz, sound_hz : pictures, and samples, a second; the sound has this rate already.

    Raises
    ------
    OutputError : the file cannot be written.
    """
    try:
        with av.open(str(path), "w", format="mov") as container:
            camera = _Camera(container, size, picture_hz)
            microphone = _Microphone(container, sound_hz)
            for item in items:
                for packet in camera.show(item) if isinstance(item, VideoFrame) else microphone.hear(item):
                    container.mux(packet)
            for packet in (*camera.end(), *microphone.end()):
                container.mux(packet)
    except (av.FFmpegError, OSError) as error:
        raise OutputError(f"cannot write {path}: {error}. Choose a place with room for it") from error


class _Camera:
    """At every tick the newest picture."""

    def __init__(self, container: Any, size: tuple[int, int], rate_hz: int) -> None:
        self._tick_s = Fraction(1, rate_hz)
        options = {"qmin": _QUALITY, "qmax": _QUALITY}
        self._stream = cast(VideoStream, container.add_stream("mjpeg", rate=rate_hz, options=options))
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuvj420p"
        self._stream.codec_context.time_base = self._tick_s
        self._newest: VideoFrame | None = None
        self._tick = 0

    def show(self, frame: VideoFrame) -> Iterator[Packet[Any]]:
        """Take a picture; the one before is shown until then."""
        while self._newest is not None and self._tick * self._tick_s < frame.pts_s - 1e-6:
            yield from self._show(self._newest)
        self._newest = frame

    def end(self) -> Iterator[Packet[Any]]:
        """Show the last picture."""
        if self._newest is not None:
            yield from self._show(self._newest)
        yield from self._stream.encode()

    def _show(self, frame: VideoFrame) -> Iterator[Packet[Any]]:
        picture = av.VideoFrame.from_ndarray(frame.rgb, "rgb24")
        picture.pts, picture.time_base = self._tick, self._tick_s
        self._tick += 1
        yield from self._stream.encode(picture)


class _Microphone:
    """All samples, in blocks of one length."""

    def __init__(self, container: Any, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._stream = cast(AudioStream, container.add_stream("pcm_s16le", rate=rate_hz))
        self._stream.codec_context.layout = "mono"
        self._size = round(_SOUND_BLOCK_S * rate_hz)
        self._waiting: FloatArray = np.zeros(0, np.float32)
        self._written = 0

    def hear(self, block: AudioBlock) -> Iterator[Packet[Any]]:
        """Take sound."""
        samples = np.concatenate([self._waiting, block.samples])
        whole = len(samples) // self._size * self._size
        for at in range(0, whole, self._size):
            yield from self._write(samples[at : at + self._size])
        self._waiting = samples[whole:]

    def end(self) -> Iterator[Packet[Any]]:
        """Write what is left."""
        if len(self._waiting):
            yield from self._write(self._waiting)
        yield from self._stream.encode()

    def _write(self, samples: FloatArray) -> Iterator[Packet[Any]]:
        levels = np.round(samples.clip(-1, 1) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(levels[None], "s16", "mono")
        frame.rate, frame.time_base, frame.pts = self._rate_hz, Fraction(1, self._rate_hz), self._written
        self._written += len(levels)
        yield from self._stream.encode(frame)
