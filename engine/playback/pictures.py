"""Pictures of a recording for a person to look at: any of them, exactly and quickly."""

from __future__ import annotations

import math
import os
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from engine.closing import Closing
from engine.playback.ending import require_real_end
from engine.sources.picture import PictureConverter
from engine.sources.probe import Probe, probe
from engine.sources.streams import Picture, PictureStream
from engine.types import VideoFrame

_KEPT_BYTES = 64_000_000
_MOST_KEPT = 24
_FEWEST_KEPT = 4
_MOST_THREADS = 4

_NEAR_S = 0.5
_FAR_S = 10.0
"""Up to the first it is quicker to decode on, from the second on to seek; between them the index of the file tells."""

_ROUNDING_S = 1e-7
"""So that the time of a picture, brought to media time and back, still finds it."""

_USUAL_PERIOD_S = 0.04


class PictureReader(Closing):
    """The pictures of a file by time. For one thread, except for ``interrupt``.

    Parameters
    ----------
    path : of the recording.
    known : what ``probe`` has found out about it; looked up where it is not given.

    Raises
    ------
    SourceError
        When the file cannot be opened; by later calls when it cannot be read any more.

    Notes
    -----
    Times are those of ``MediaFile``. Several threads decode, which may show other pictures than were analysed where
    the file is damaged. A few decoded pictures are kept, so that stepping back does not decode anew each time.
    """

    def __init__(self, path: str | Path, known: Probe | None = None) -> None:
        known = known if known is not None else probe(Path(path))
        info = known.info
        self._path, self._known, self._origin_s = Path(path), known, known.origin_s
        self._stream = PictureStream(Path(path), threads=min(os.cpu_count() or 1, _MOST_THREADS))
        self._stream.__enter__()
        self._open = True
        self._interrupted = threading.Event()
        self._pictures: Iterator[Picture] | None = None if info.has_video else iter(())
        picture_bytes = (info.width or 0) * (info.height or 0) * 3 // 2
        count = _KEPT_BYTES // max(picture_bytes, 1)
        self._kept: deque[Picture] = deque(maxlen=max(_FEWEST_KEPT, min(count, _MOST_KEPT)))
        self._first_s: float | None = None
        self._ended = not info.has_video
        self._passed_until_s = -math.inf
        self._sought_s = 0.0
        self._converter = PictureConverter()
        self._shown: tuple[float, VideoFrame | None] = (math.nan, None)
        self._seq = 0
        self.period_s = 1 / info.frame_rate_hz if info.frame_rate_hz else _USUAL_PERIOD_S
        self.end_s: float | None = None if info.has_video else 0.0
        """Media time at which the last picture ends; None until the end has been seen."""

    def close(self) -> None:
        """Close the file; twice is harmless."""
        self._interrupted.set()
        if self._open:
            self._open = False
            self._pictures = iter(())
            self._kept.clear()
            self._stream.__exit__(None, None, None)

    def interrupt(self) -> None:
        """Let the call in progress, and every later one, return None soon. From any thread."""
        self._interrupted.set()

    def at(self, pts_s: float) -> VideoFrame | None:
        """The newest picture at or before a media time, or the first picture where that is later.

        None where the file has no pictures, or after ``interrupt``. The same picture is the same object.
        """
        return self._show(self._find(self._time_of(pts_s)))

    def after(self, pts_s: float) -> VideoFrame | None:
        """The first picture later than a media time; None where there is none, or after ``interrupt``."""
        return self._show(self._later_than(self._time_of(pts_s)))

    def step(self, count: int) -> VideoFrame | None:
        """The picture ``count`` after (or before, where negative) the one returned last; stays at either end."""
        at_s = self._shown[0]
        if math.isnan(at_s):
            return self.at(0.0)
        for _ in range(count):
            later = self._later_than(at_s)
            at_s = later.time_s if later is not None else at_s
        for _ in range(-count):
            earlier = self._earlier_than(at_s)
            at_s = earlier.time_s if earlier is not None else at_s
        return self._show(next((one for one in self._kept if one.time_s == at_s), None)) or self._shown[1]

    def _time_of(self, pts_s: float) -> float:
        return pts_s + self._origin_s + _ROUNDING_S

    def _find(self, time_s: float) -> Picture | None:
        if not self._holds(time_s):
            self._go_to(time_s)
        self._read_past(time_s)
        found = self._newest_at(time_s)
        if found is not None and not self._passed_until_s <= found.time_s <= time_s and found.time_s != self._first_s:
            # It is shown for so long that it, or one after it, may have been passed by.
            self._go_to(time_s, passing=False)
            self._read_past(time_s)
            found = self._newest_at(time_s)
        return found

    def _later_than(self, time_s: float) -> Picture | None:
        self._find(time_s)
        return next((one for one in self._kept if one.time_s > time_s), None)

    def _earlier_than(self, time_s: float) -> Picture | None:
        if not self._kept or self._kept[0].time_s >= time_s:
            if self._kept and self._kept[0].time_s == self._first_s:
                return None
            self._find(math.nextafter(time_s, -math.inf))
        return next((one for one in reversed(self._kept) if one.time_s < time_s), None)

    def _newest_at(self, time_s: float) -> Picture | None:
        found = self._kept[0] if self._kept else None
        for one in self._kept:
            if one.time_s > time_s:
                break
            found = one
        return found

    def _holds(self, time_s: float) -> bool:
        """Whether the picture at a time is kept, or is quicker found by decoding on than by seeking."""
        if self._pictures is None or not self._kept:
            return self._ended and self._pictures is not None
        if time_s < self._kept[0].time_s:
            return self._kept[0].time_s == self._first_s
        ahead_s = time_s - self._kept[-1].time_s
        if ahead_s <= _NEAR_S or self._ended:
            return True
        key_s = self._stream.decoder.key_before_s(time_s)
        return ahead_s < _FAR_S and key_s is not None and key_s <= self._kept[-1].time_s

    def _go_to(self, time_s: float, *, passing: bool = True) -> None:
        """Stand before a time, near it; what no other picture depends on is not decoded on the way."""
        if self._interrupted.is_set():
            return
        shortest_s = self._kept.maxlen * self.period_s if self._kept.maxlen else 0.0
        self._kept.clear()
        self._ended = False
        self._passed_until_s = time_s - max(shortest_s, 0.25) if passing else -math.inf
        self._stream.decoder.passing_until_s = self._passed_until_s
        self._pictures = self._stream.starting_before(time_s)
        self._sought_s = time_s

    def _read_past(self, time_s: float) -> None:
        """Decode until a picture later than a time is kept."""
        while not self._ended and (not self._kept or self._kept[-1].time_s <= time_s):
            if self._interrupted.is_set() or self._pictures is None:
                return
            one = next(self._pictures, None)
            if one is None:
                self._ended = True
                end_s = max(self._stream.times.end_s - self._origin_s, 0.0)
                require_real_end(self._path, self._known, end_s)
                self.end_s = end_s
                return
            if self._kept and self._kept[-1].time_s < self._passed_until_s:
                self._kept.clear()
            elif not self._kept and one.time_s > self._sought_s:
                self._first_s = one.time_s
            self._kept.append(one)

    def _show(self, picture: Picture | None) -> VideoFrame | None:
        if picture is None or self._interrupted.is_set():
            return None
        if self._shown[0] != picture.time_s:
            rgb = self._converter.to_rgb(picture.frame)
            frame = None
            if rgb is not None:
                frame = VideoFrame(
                    seq=self._seq, pts_s=picture.time_s - self._origin_s, captured_s=picture.captured_s, rgb=rgb
                )
                self._seq += 1
            self._shown = (picture.time_s, frame)
        return self._shown[1]
