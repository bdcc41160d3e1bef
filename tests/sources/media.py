"""Writes small media files with PyAV, one property of real recordings at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np

from engine.sources.media_file import MediaFile
from engine.types import AudioBlock, VideoFrame

WIDTH, HEIGHT = 64, 48
TICKS = Fraction(1, 1000)


def quadrants(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Picture whose top left is red, top right green, bottom left blue, bottom right white."""
    rgb = np.zeros((height, width, 3), np.uint8)
    top, left = slice(None, height // 2), slice(None, width // 2)
    bottom, right = slice(height // 2, None), slice(width // 2, None)
    rgb[top, left], rgb[top, right] = (220, 0, 0), (0, 200, 0)
    rgb[bottom, left], rgb[bottom, right] = (0, 0, 220), (230, 230, 230)
    return rgb


def grey(level: int) -> np.ndarray:
    """Even grey picture, to tell pictures apart by their level."""
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


def tone(seconds: float, rate_hz: int = 16000, level: float = 0.5, hz: float = 440.0) -> np.ndarray:
    """Sine, [n] f32."""
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz)).astype(np.float32)


class Writer:
    """A media file being written. Use as a context manager."""

    def __init__(self, path: Path, **options: Any) -> None:
        self._container = av.open(str(path), "w", **options)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def add_video(
        self,
        codec: str,
        pictures: Iterable[tuple[int, np.ndarray | av.VideoFrame]],
        *,
        pix_fmt: str = "yuv420p",
        rate: int = 25,
        time_base: Fraction = TICKS,
        turn: tuple[int, bool, bool] | None = None,
        options: dict[str, str] | None = None,
        **context: Any,
    ) -> list[av.Packet]:
        """Encode (milliseconds, picture) pairs; the packets are muxed by ``mux``."""
        pictures = list(pictures)
        stream = self._container.add_stream(codec, rate=rate, options=options or {})
        first = pictures[0][1]
        if isinstance(first, av.VideoFrame):
            stream.width, stream.height = first.width, first.height
        else:
            stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = pix_fmt
        stream.codec_context.time_base = time_base
        for name, value in context.items():
            setattr(stream.codec_context, name, value)
        if turn is not None:
            stream.set_display_rotation(turn[0], hflip=turn[1], vflip=turn[2])
        packets: list[av.Packet] = []
        for milliseconds, picture in pictures:
            frame = picture if isinstance(picture, av.VideoFrame) else av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = milliseconds, TICKS
            packets += stream.encode(frame)
        return packets + stream.encode()

    def add_audio(
        self,
        codec: str,
        samples: np.ndarray,
        *,
        rate_hz: int = 16000,
        layout: str = "mono",
        starts_ms: Sequence[int] | None = None,
        start_ms: int = 0,
        block: int = 1024,
    ) -> list[av.Packet]:
        """Encode [channels, n] or [n] f32 samples, in blocks with optional time stamps of their own."""
        stream = self._container.add_stream(codec, rate=rate_hz)
        stream.codec_context.layout = layout
        samples = np.atleast_2d(samples)
        fifo_format = stream.codec_context.format.name
        resampler = av.AudioResampler(format=fifo_format, layout=layout, rate=rate_hz)
        packets: list[av.Packet] = []
        for index, at in enumerate(range(0, samples.shape[1], block)):
            packed = np.ascontiguousarray(samples[:, at : at + block].T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, "flt", layout)
            frame.rate, frame.time_base = rate_hz, Fraction(1, rate_hz)
            own_ms = start_ms if starts_ms is None else starts_ms[index]
            frame.pts = own_ms * rate_hz // 1000 + (at if starts_ms is None else 0)
            for converted in resampler.resample(frame):
                packets += stream.encode(converted)
        return packets + stream.encode()

    def mux(self, *streams: Sequence[av.Packet], one_after_the_other: bool = False) -> None:
        """Write packets in order of time, or stream by stream."""
        packets = [packet for stream in streams for packet in stream]
        if not one_after_the_other:
            packets.sort(key=lambda one: float(one.dts * one.time_base))
        for packet in packets:
            self._container.mux(packet)


def write_clip(
    path: Path,
    video: str | None = "libx264",
    audio: str | None = "aac",
    *,
    seconds: float = 1.0,
    rate_hz: int = 16000,
    **options: Any,
) -> Path:
    """Write a clip at 25 pictures a second that get brighter, with a tone."""
    with Writer(path, **options) as writer:
        streams = []
        if video:
            count = round(seconds * 25)
            pictures = [(40 * k, grey(20 + 200 * k // count)) for k in range(count)]
            pix_fmt = "yuvj420p" if video == "mjpeg" else "yuv420p"
            # An avi file counts pictures instead of stamping them.
            time_base = Fraction(1, 25) if path.suffix == ".avi" else TICKS
            streams.append(writer.add_video(video, pictures, pix_fmt=pix_fmt, time_base=time_base))
        if audio:
            streams.append(writer.add_audio(audio, tone(seconds, rate_hz), rate_hz=rate_hz))
        writer.mux(*streams)
    return path


def play(path: Path, **options: Any) -> tuple[list[VideoFrame], list[AudioBlock], MediaFile]:
    """Play a file to its end: pictures, sound and the source. Checks what holds for every source."""
    with MediaFile(path, **options) as source:
        items = list(source)
    assert [one.pts_s for one in items] == sorted(one.pts_s for one in items)
    pictures = [one for one in items if isinstance(one, VideoFrame)]
    blocks = [one for one in items if isinstance(one, AudioBlock)]
    for stream in (pictures, blocks):
        assert [one.seq for one in stream] == list(range(len(stream)))
    for before, after in pairwise(blocks):
        assert after.gap or abs(after.pts_s - before.end_s) < 1e-6
        assert len(after.samples)
    return pictures, blocks, source


def samples_of(blocks: Iterable[AudioBlock]) -> np.ndarray:
    """All samples of a stream of sound, [n] f32."""
    return np.concatenate([block.samples for block in blocks])
