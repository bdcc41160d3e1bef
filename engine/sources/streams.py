"""The two streams of a media file, each by itself: what was decoded, at which time of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import av

from engine.sources.decode import StreamDecoder
from engine.sources.downmix import to_mono
from engine.sources.timing import PictureTimes, SoundTimes
from engine.types import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded picture that is not converted yet. ``time_s`` is time of the file."""

    time_s: float
    captured_s: float
    frame: av.VideoFrame


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
    """The pictures of a file."""

    name, lasts = "pictures", "last"

    def __init__(self, path: Path) -> None:
        self.decoder = StreamDecoder(path, "video")
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
                yield Picture(time_s=time_s, captured_s=decoded.captured_s, frame=decoded.frame)


class SoundStream(_Stream):
    """The sound of a file, mixed to mono."""

    name, lasts = "sound", "lasts"

    def __init__(self, path: Path) -> None:
        self.decoder = StreamDecoder(path, "audio")
        self.times = SoundTimes()

    def __iter__(self) -> Iterator[Sound]:
        """Yield blocks of sound in order of time, none of them empty."""
        if not self.decoder.found:
            return
        self.times = SoundTimes()
        gap = False
        for decoded in self.decoder:
            frame = decoded.frame
            if not isinstance(frame, av.AudioFrame) or not frame.samples or frame.sample_rate <= 0:
                continue
            placed = self.times.place(decoded.pts_s, frame.samples, frame.sample_rate, damaged=decoded.after_damage)
            gap = gap or placed.gap
            if placed.skip < frame.samples:
                yield Sound(
                    time_s=placed.start_s,
                    captured_s=decoded.captured_s,
                    rate_hz=frame.sample_rate,
                    samples=to_mono(frame)[placed.skip :],
                    gap=gap,
                )
                gap = False
