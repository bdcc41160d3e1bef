"""The medium of a recorded session as a source: with the exact times, and the very pictures, of the session."""

from __future__ import annotations

import heapq
import math
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.closing import Closing
from engine.sources.base import Item, SourceInfo
from engine.sources.picture import PictureConverter, Rgb
from engine.sources.probe import probe
from engine.sources.streams import Picture, PictureStream, Sound, SoundStream
from engine.types import AudioBlock, TimeArray, VideoFrame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.saved.records import PictureTimes, SoundRun
    from engine.saved.session import SavedSession

_ROUNDING_S = 1e-3
"""Matroska counts in milliseconds: a time stamp is off by half of one, or by one for pictures very close together."""


_SAME_SAMPLE = 0.01


class SavedMedia(Closing):
    """Implements `engine.sources.base.Source` over the recording of a session.

    Pictures are those in which the session looked for a face, at the exact times that the journal tells; sound begins
    at the exact times of its stretches. Media time is that of the session.

    Parameters
    ----------
    session : what was recorded.
    start_s : media time before which there is no sound, so that frames of features fall where they fell; by default
        everything is delivered.

    Attributes
    ----------
    ends_early_s : seconds at the end of the session that it lacks; complete after iteration.

    Raises
    ------
    SourceError : the recording is missing, or cannot be played.
    """

    live = False

    def __init__(self, session: SavedSession, *, start_s: float = -math.inf) -> None:
        self._path: Path = session.require_media()
        found = probe(self._path)
        self.info: SourceInfo = replace(found.info, name=session.folder.name)
        self.notes = self._probed = found.notes
        self._from_s = session.from_s
        self._start_s = start_s
        self._chosen: TimeArray = np.unique(np.asarray(session.seen_s))
        self._known: TimeArray = np.unique(np.concatenate([_times(session.pictures), self._chosen]))
        self._runs = sorted(session.sounds, key=lambda one: one.sample)
        written = [one.times_s[-1] for one in session.pictures if len(one.times_s)]
        self._newest_picture_s = float(max(written, default=session.from_s))
        self._until_s = session.until_s if self._runs else self._newest_picture_s
        self._decoded_s = self._pictured_s = session.from_s
        self._closed = threading.Event()

    def close(self) -> None:
        """End the iteration at its next item, from any thread."""
        self._closed.set()

    @property
    def ends_early_s(self) -> float:
        """Seconds at the end of the session that were not decoded, of pictures, or of pictures and sound."""
        return max(0.0, self._until_s - self._decoded_s, self._newest_picture_s - self._pictured_s)

    def __iter__(self) -> Iterator[Item]:
        """Decode the recording, in order of ``pts_s``; sound first where both are equal."""
        with ExitStack() as stack:
            sounds, pictures = SoundStream(self._path), PictureStream(self._path)
            streams: list[Iterator[Item]] = []
            if self.info.has_audio:
                streams.append(self._sounds(stack.enter_context(sounds)))
            if self.info.has_video:
                streams.append(self._pictures(stack.enter_context(pictures)))
            for item in heapq.merge(*streams, key=lambda one: one.pts_s):
                if self._closed.is_set():
                    return
                yield item
            self.notes = (*self._probed, *sounds.notes(), *pictures.notes())

    def _reached(self, end_s: float) -> None:
        self._decoded_s = max(self._decoded_s, self._from_s + end_s)

    def _pictures(self, stream: PictureStream) -> Iterator[VideoFrame]:
        converter, newest_s = PictureConverter(), -math.inf
        for count, one in enumerate(stream):
            self._pictured_s = max(self._pictured_s, self._from_s + one.time_s)
            self._reached(one.time_s)
            pts_s = self._chosen_time_s(one)
            if pts_s is None or pts_s <= newest_s:
                continue
            rgb = converter.to_rgb(one.frame)
            if rgb is not None:
                newest_s = pts_s
                yield VideoFrame(seq=count, pts_s=pts_s, captured_s=one.captured_s, rgb=_brightened(rgb))

    def _chosen_time_s(self, picture: Picture) -> float | None:
        """The exact time of a picture; None where the session did not look at it."""
        exact_s = _nearest(self._known, self._from_s + picture.time_s)
        return exact_s if exact_s is not None and _nearest(self._chosen, exact_s) == exact_s else None

    def _sounds(self, stream: SoundStream) -> Iterator[AudioBlock]:
        count, seq, end_s = 0, 0, self._start_s
        for one in stream:
            self._reached(one.time_s + len(one.samples) / one.rate_hz)
            for first, sound in self._stretches(count, one):
                block = _from(self._block(first, sound, seq), end_s)
                if block is not None:
                    seq, end_s = seq + 1, block.end_s
                    yield block
            count += len(one.samples)

    def _stretches(self, first: int, sound: Sound) -> Iterator[tuple[int, Sound]]:
        """The sound, cut where another stretch begins within it, with the number of the first sample of each part."""
        end = first + len(sound.samples)
        cuts = [run.sample for run in self._runs if first < run.sample < end]
        for low, high in zip([first, *cuts], [*cuts, end], strict=True):
            yield low, replace(sound, samples=sound.samples[low - first : high - first], gap=sound.gap and low == first)

    def _block(self, first: int, sound: Sound, seq: int) -> AudioBlock:
        run = next((one for one in reversed(self._runs) if one.sample <= first), None)
        pts_s, gap = self._from_s + sound.time_s, sound.gap
        if run is not None and run.rate_hz == sound.rate_hz:
            pts_s = run.pts_s + (first - run.sample) / run.rate_hz
            gap = gap or (first == run.sample and run is not self._runs[0])
        return AudioBlock(
            seq=seq, pts_s=pts_s, captured_s=sound.captured_s, rate_hz=sound.rate_hz, samples=sound.samples, gap=gap
        )


def _from(block: AudioBlock, start_s: float) -> AudioBlock | None:
    """What of a block is not before a time, or before what was heard already; None where nothing is."""
    before = (start_s - block.pts_s) * block.rate_hz
    skip = max(0, math.ceil(before - _SAME_SAMPLE)) if math.isfinite(before) else 0
    if skip >= len(block.samples):
        return None
    if not skip:
        return block
    return replace(block, pts_s=block.pts_s + skip / block.rate_hz, samples=block.samples[skip:])


def _brightened(rgb: Rgb) -> Rgb:
    """What libav takes from every value on the way from H.264 to RGB, 1.2 of 255, as far as whole numbers can hold it.

    It rounds down there: without this, all that is analysed anew would be darker than what was recorded.
    """
    brighter: Rgb = rgb + ((rgb > 0) & (rgb < 255))
    return brighter


def _times(pictures: Sequence[PictureTimes]) -> TimeArray:
    return np.concatenate([one.times_s for one in pictures] or [np.zeros(0)])


def _nearest(times_s: TimeArray, time_s: float) -> float | None:
    """The time that differs by a millisecond at most, and least; None without any."""
    after = int(times_s.searchsorted(time_s))
    near = [float(one) for one in times_s[max(0, after - 1) : after + 1]]
    best = min(near, key=lambda one: abs(one - time_s), default=math.inf)
    return best if abs(best - time_s) <= _ROUNDING_S else None


def first_sound_s(sounds: Sequence[SoundRun]) -> float | None:
    """Media time of the first sample; None without sound."""
    return min((one.pts_s for one in sounds), default=None)
