"""The two streams of a media file, each by itself: what was decoded, at which time of the file."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

import av

from engine.sources.decode import StreamDecoder
from engine.sources.downmix import to_mono
from engine.sources.timing import PictureTimes, SoundTimes
from engine.types import FloatArray

_EARLIER_S = (0.0, 0.5, 2.0, 8.0)
"""How much before a time to look for a key picture: containers are searched by decoding time, which is earlier."""

_LOWEST_HZ, _HIGHEST_HZ = 1_000, 1_000_000
"""Rates of sound: of a rate that no converter has, resampling would take all memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded picture that is not converted yet.

    ``time_s`` is time of the file; ``stamped`` says that the file gives it, and that it was not estimated.
    """

    time_s: float
    captured_s: float
    frame: av.VideoFrame
    stamped: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSound:
    """Decoded sound with all its channels.

    ``skip`` leading samples are to be left out; ``start_s`` is behind them. ``stamped`` as in Picture.
    """

    start_s: float
    captured_s: float
    frame: av.AudioFrame
    skip: int
    gap: bool
    stamped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Decoded mono samples, [n] f32. ``time_s`` is time of the file, ``gap`` as in AudioBlock."""

    time_s: float
    captured_s: float
    rate_hz: int
    samples: FloatArray
    gap: bool


class _Stream:
    """A decoder, open inside a ``with`` block, and the times of what it decodes."""

    name = lasts = ""
    decoder: StreamDecoder
    times: PictureTimes | SoundTimes

    def __enter__(self) -> Self:
        self.decoder.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.decoder.__exit__(kind, error, trace)

    def notes(self) -> list[str]:
        """Remarks on what was decoded so far."""
        notes = []
        if self.decoder.damaged:
            parts = "1 damaged part" if self.decoder.damaged == 1 else f"{self.decoder.damaged} damaged parts"
            notes.append(f"{parts} of the {self.name} left out.")
        if self.times.restarts:
            notes.append(f"The time stamps of the {self.name} start anew within the file: the parts are joined.")
        return notes


class PictureStream(_Stream):
    """The pictures of a file. ``threads`` as in StreamDecoder."""

    name, lasts = "pictures", "last"

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self.decoder = StreamDecoder(path, "video", threads=threads)
        self.times = PictureTimes(None)

    def __iter__(self) -> Iterator[Picture]:
        """Yield pictures in order of time; one that comes at no later time than its predecessor is left out."""
        if not self.decoder.found:
            return
        rate_hz = self.decoder.rate_hz
        self.times = PictureTimes(1 / rate_hz if rate_hz else None)
        for decoded in self.decoder:
            time_s = self.times.place(decoded.pts_s)
            if time_s is not None and isinstance(decoded.frame, av.VideoFrame):
                yield Picture(
                    time_s=time_s,
                    captured_s=decoded.captured_s,
                    frame=decoded.frame,
                    stamped=decoded.pts_s is not None,
                )

    def starting_before(self, time_s: float) -> Iterator[Picture]:
        """Yield pictures from a key picture at or before a time of the file on, at the times they have in the whole.

        Where the file does not allow to go there, it is decoded from its beginning.
        """
        for earlier_s in _EARLIER_S:
            if not self.decoder.seek(time_s - earlier_s):
                break
            pictures = iter(self)
            first = next(pictures, None)
            if first is not None and first.stamped and first.frame.key_frame and first.time_s <= time_s:
                return chain((first,), pictures)
        self.decoder.rewind()
        return iter(self)


class SoundStream(_Stream):
    """The sound of a file."""

    name, lasts = "sound", "lasts"

    def __init__(self, path: Path) -> None:
        self.decoder = StreamDecoder(path, "audio")
        self.times = SoundTimes()

    def __iter__(self) -> Iterator[Sound]:
        """Yield blocks of sound, mixed to mono, in order of time, none of them empty."""
        return self.ending_after(-math.inf)

    def ending_after(self, time_s: float, stopped: Callable[[], bool] = lambda: False) -> Iterator[Sound]:
        """Yield the blocks that end after a time of the file, as they are in the whole.

        All is decoded, since decoders of compressed sound carry noise generators and filters over the whole file;
        ``stopped`` is asked meanwhile.
        """
        for one in self.placed():
            if stopped():
                return
            frame = one.frame
            if one.start_s + (frame.samples - one.skip) / frame.sample_rate > time_s:
                yield Sound(
                    time_s=one.start_s,
                    captured_s=one.captured_s,
                    rate_hz=frame.sample_rate,
                    samples=to_mono(frame)[one.skip :],
                    gap=one.gap,
                )

    def placed(self) -> Iterator[PlacedSound]:
        """Yield frames with their channels in order of time, from where the decoder stands."""
        self.times = SoundTimes()
        gap = False
        for decoded in self.decoder if self.decoder.found else ():
            frame = decoded.frame
            if not isinstance(frame, av.AudioFrame) or not frame.samples:
                continue
            if not _LOWEST_HZ <= frame.sample_rate <= _HIGHEST_HZ:
                continue  # nobody records so
            placed = self.times.place(decoded.pts_s, frame.samples, frame.sample_rate, damaged=decoded.after_damage)
            gap = gap or placed.gap
            if placed.skip < frame.samples:
                yield PlacedSound(
                    start_s=placed.start_s,
                    captured_s=decoded.captured_s,
                    frame=frame,
                    skip=placed.skip,
                    gap=gap,
                    stamped=decoded.pts_s is not None,
                )
                gap = False
