"""Plays a media file as a source: pictures and sound with their own time stamps, in order of time."""

from __future__ import annotations

import heapq
import math
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from engine.closing import Closing
from engine.sources.base import Item, SourceInfo
from engine.sources.picture import PictureConverter
from engine.sources.probe import ESTIMATED, probe
from engine.sources.streams import Picture, PictureStream, Sound, SoundStream
from engine.sources.timing import TickSampler
from engine.sources.truncation import is_cut_off
from engine.types import AudioBlock, VideoFrame

_MISSING_S = 0.5
"""How much earlier than declared a file may end without a remark."""

_BEFORE_S = 1e-6


class MediaFile(Closing):
    """A recorded file. Every iteration plays it from the same moment and gives the same items.

    Parameters
    ----------
    path : mp4, mov, mkv, webm, avi, wav, flac, mp3, ogg and their relatives.
    frame_hz : with it, only the first picture at or after each tick k / frame_hz of media time is
        converted and delivered; by default every one.
    start_s : media time to begin at: pictures and samples from there on are delivered, with the times and
        values that they have in a run from the beginning (on damaged files their values may differ).
    pictures : False leaves them out, without decoding them.

    Raises
    ------
    SourceError
        When the file cannot be opened, or nothing in it can be decoded.
    ValueError
        When frame_hz is not a positive number, or start_s is negative or not finite.

    Notes
    -----
    Media time 0 is the earliest of both streams' starts. Sound is mixed to mono at its own rate.
    Damaged parts are left out and noted. Memory is bounded by one frame of each stream.
    """

    live = False

    def __init__(
        self, path: str | Path, *, frame_hz: float | None = None, start_s: float = 0.0, pictures: bool = True
    ) -> None:
        if frame_hz is not None and not (frame_hz > 0 and math.isfinite(frame_hz)):
            raise ValueError(f"frame_hz must be a positive number of pictures per second, got {frame_hz}")
        if not (start_s >= 0 and math.isfinite(start_s)):
            raise ValueError(f"start_s must be zero or more seconds, got {start_s}")
        self._path = Path(path)
        self._start_s = start_s
        self._pictures = pictures
        self._frame_hz = frame_hz
        self._probe = probe(self._path)
        self._notes: tuple[str, ...] = ()
        self._closed = threading.Event()

    @property
    def info(self) -> SourceInfo:
        """What the file delivers."""
        return self._probe.info

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for the user: what is damaged, missing or not usable. Complete after iteration."""
        return self._probe.notes + self._notes

    def close(self) -> None:
        """End the iteration at its next item, from any thread. The file itself is open only while iterating."""
        self._closed.set()

    def __iter__(self) -> Iterator[Item]:
        """Decode the file from ``start_s`` on, in order of ``pts_s``; sound first where both are equal."""
        self._notes = ()
        with ExitStack() as stack:
            sounds, pictures = SoundStream(self._path), PictureStream(self._path)
            streams: list[SoundStream | PictureStream] = [sounds] if self.info.has_audio else []
            streams += [pictures] if self.info.has_video and self._pictures else []
            for stream in streams:
                stack.enter_context(stream)
            merged = _merged([self._begun(stream) for stream in streams])
            stack.enter_context(closing(merged))
            yield from self._items(merged)
            if not self._closed.is_set():
                self._notes = tuple(self._remarks(streams))

    def _begun(self, stream: SoundStream | PictureStream) -> Iterator[Sound | Picture]:
        if self._start_s == 0:
            return iter(stream)
        time_s = self._start_s + self._probe.origin_s
        if isinstance(stream, SoundStream):
            return self._cut(stream.ending_after(time_s, self._closed.is_set))
        # One picture before the start is needed, to choose the same ones by ``frame_hz``.
        return stream.starting_before(time_s - _BEFORE_S)

    def _cut(self, sounds: Iterator[Sound]) -> Iterator[Sound]:
        """Leave out the samples before the start."""
        for one in sounds:
            before_s = self._start_s - (one.time_s - self._probe.origin_s)
            skip = max(math.floor(before_s * one.rate_hz) - 1, 0)
            while one.time_s + skip / one.rate_hz - self._probe.origin_s < self._start_s:
                skip += 1
            if skip == 0:
                yield one
            elif skip < len(one.samples):
                yield replace(one, time_s=one.time_s + skip / one.rate_hz, samples=one.samples[skip:], gap=False)

    def _items(self, merged: Iterator[Sound | Picture]) -> Iterator[Item]:
        sampler, converter = TickSampler(self._frame_hz), PictureConverter()
        pictures = blocks = 0
        for one in merged:
            if self._closed.is_set():
                return
            pts_s = one.time_s - self._probe.origin_s
            if isinstance(one, Sound):
                yield AudioBlock(
                    seq=blocks,
                    pts_s=pts_s,
                    captured_s=one.captured_s,
                    rate_hz=one.rate_hz,
                    samples=one.samples,
                    gap=one.gap,
                )
                blocks += 1
            elif sampler.take(pts_s) and pts_s >= self._start_s:
                rgb = converter.to_rgb(one.frame)
                if rgb is not None:
                    yield VideoFrame(seq=pictures, pts_s=pts_s, captured_s=one.captured_s, rgb=rgb)
                    pictures += 1

    def _remarks(self, streams: list[SoundStream | PictureStream]) -> Iterator[str]:
        for stream in streams:
            yield from stream.notes()
        ends_s = [stream.times.end_s - self._probe.origin_s for stream in streams]
        for stream, end_s in zip(streams, ends_s, strict=True):
            declared_s = stream.decoder.declared_end_s
            if declared_s is not None and self._is_early(stream, end_s, declared_s - self._probe.origin_s):
                said_s = declared_s - self._probe.origin_s
                yield f"The file is cut off: its {stream.name} {stream.lasts} {end_s:.1f} s instead of {said_s:.1f} s."
                return
        duration_s = self.info.duration_s
        if (
            ends_s
            and duration_s is not None
            and all(self._is_early(stream, end_s, duration_s) for stream, end_s in zip(streams, ends_s, strict=True))
        ):
            yield f"The file is cut off: it ends at {max(ends_s):.1f} s instead of {duration_s:.1f} s."
        elif is_cut_off(self._path):
            yield f"The file is cut off: it ends at {max(ends_s):.1f} s, and what followed is missing."

    @staticmethod
    def _is_early(stream: SoundStream | PictureStream, end_s: float, declared_s: float) -> bool:
        return stream.decoder.format_name not in ESTIMATED and end_s < declared_s - _MISSING_S


def _merged(streams: Sequence[Iterable[Sound | Picture]]) -> Generator[Sound | Picture, None, None]:
    """Merge by time. One decoded item of each stream is held, to see which is earlier."""
    yield from heapq.merge(*streams, key=lambda one: one.time_s)
