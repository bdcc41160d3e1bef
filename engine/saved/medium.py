"""The medium of a recording: begun when it is known what comes, with the exact times of its pictures and sound."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.errors import OutputError
from engine.saved.records import PictureTimes, SoundRun
from engine.sinks.media_writer import MediaWriter
from engine.types import AudioBlock, VideoFrame

PICTURES_AFTER_S, SOUND_AFTER_S = 5.0, 1.0
"""How long sound waits for the first picture, and a picture for the first sound: cameras need seconds to begin, and a
file must say at its beginning how large its pictures are."""

_MOST_WAITING_BYTES = 64 << 20
_USUAL_SIZE, _USUAL_HZ = (640, 480), 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a recording will get.

    Attributes
    ----------
    pictures, sound : whether there is a camera, a microphone.
    waits : for which of them ("camera", "microphone") it is worth waiting: those that are starting or run.
    size, rate_hz : what is assumed of one that has not begun in time; None where it is not known either.
    """

    pictures: bool
    sound: bool
    waits: frozenset[str] = frozenset({"camera", "microphone"})
    size: tuple[int, int] | None = None
    rate_hz: int | None = None


class Medium:
    """Pictures and sound of a recording, in one file.

    The file begins when every device that is about to begin has given something, at the latest 5 s after the first
    sound or 1 s after the first picture. A device that begins later, or with another size or rate, is fitted into what
    was assumed.

    Parameters
    ----------
    path : of the file, made when it begins.
    from_s : media time that is its beginning; what was before is left out.
    expected : asked when the file begins.
    note : is told where pictures and stretches of sound are in the file.

    Attributes
    ----------
    size, rate_hz : of its pictures and its sound; None before it has begun, or without.
    newest_s : media time up to which something has come.
    """

    def __init__(
        self,
        path: Path,
        from_s: float,
        expected: Callable[[], Expected],
        note: Callable[[PictureTimes | SoundRun], None],
    ) -> None:
        self.size: tuple[int, int] | None = None
        self.rate_hz: int | None = None
        self.newest_s = from_s
        self._path, self._from_s = path, from_s
        self._expected = expected
        self._note = note
        self._writer: MediaWriter | None = None
        self._closed = False
        self._waiting: list[VideoFrame | AudioBlock] = []
        self._times_s: list[float] = []
        self._noted = 0
        self._last_s = -math.inf

    @property
    def bytes_written(self) -> int:
        """Size of the file."""
        return 0 if self._writer is None else self._writer.bytes_written

    @property
    def gone(self) -> bool:
        """Whether the file was deleted or moved."""
        return self._writer is not None and self._writer.gone

    def put(self, item: VideoFrame | AudioBlock) -> None:
        """Write a picture or sound, or keep it until the file begins.

        Raises
        ------
        OutputError : it cannot be written.
        """
        if isinstance(item, AudioBlock):
            trimmed = _from(item, self._from_s)
            if trimmed is None:
                return
            item = trimmed
        elif item.pts_s < self._from_s or item.pts_s <= self._last_s:
            return
        else:
            self._last_s = item.pts_s
        self.newest_s = max(self.newest_s, item.end_s if isinstance(item, AudioBlock) else item.pts_s)
        if self._writer is not None:
            self._write(item)
            return
        self._waiting.append(item)
        if self._may_begin():
            self._begin()

    def flush(self) -> None:
        """Tell the times of the pictures since the last time."""
        if self._times_s:
            self._note(PictureTimes(first=self._noted, times_s=np.array(self._times_s)))
            self._noted += len(self._times_s)
            self._times_s = []

    def sync(self) -> None:
        """Wait until the disk has what was written.

        Raises
        ------
        OutputError : it does not take it.
        """
        if self._writer is not None:
            self._writer.sync()

    def close(self) -> None:
        """Write the end; again is harmless.

        Raises
        ------
        OutputError : it cannot be written.
        """
        if self._closed:
            return
        self._closed = True
        if self._writer is None and self._waiting:
            self._begin()
        self.flush()
        if self._writer is not None:
            self._writer.close()

    def abandon(self) -> None:
        """Close the file after a failure: what is in it stays."""
        self._closed = True
        self._waiting = []
        if self._writer is not None:
            with suppress(OutputError):  # that it failed is known
                self._writer.close()

    def _may_begin(self) -> bool:
        expected = self._expected()
        pictures = [one for one in self._waiting if isinstance(one, VideoFrame)]
        sounds = [one for one in self._waiting if isinstance(one, AudioBlock)]
        picture_misses = expected.pictures and not pictures and "camera" in expected.waits
        sound_misses = expected.sound and not sounds and "microphone" in expected.waits
        span_s = self.newest_s - min(one.pts_s for one in self._waiting)
        patience_s = SOUND_AFTER_S if pictures else PICTURES_AFTER_S
        held = sum(one.rgb.nbytes for one in pictures)
        return not (picture_misses or sound_misses) or span_s > patience_s or held > _MOST_WAITING_BYTES

    def _begin(self) -> None:
        expected = self._expected()
        picture = next((one for one in self._waiting if isinstance(one, VideoFrame)), None)
        sound = next((one for one in self._waiting if isinstance(one, AudioBlock)), None)
        if picture is not None:
            self.size = picture.rgb.shape[1], picture.rgb.shape[0]
        elif expected.pictures:
            self.size = expected.size or _USUAL_SIZE
        if sound is not None:
            self.rate_hz = sound.rate_hz
        elif expected.sound:
            self.rate_hz = expected.rate_hz or _USUAL_HZ
        width, height = self.size or (None, None)
        self._writer = MediaWriter(
            self._path, width=width, height=height, audio_rate_hz=self.rate_hz, origin_s=self._from_s
        )
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self._write(one)

    def _write(self, item: VideoFrame | AudioBlock) -> None:
        assert self._writer is not None
        if isinstance(item, VideoFrame):
            if self.size is not None:
                self._writer.picture(item.rgb, item.pts_s)
                self._times_s.append(item.pts_s)
        elif self.rate_hz is not None:
            start = self._writer.sound(item)
            if start is not None:
                self._note(
                    SoundRun(pts_s=start.pts_s, sample=start.sample, rate_hz=start.rate_hz, source_hz=start.source_hz)
                )


def _from(block: AudioBlock, from_s: float) -> AudioBlock | None:
    """The part of a block from a time on; None where there is none.

    >>> block = AudioBlock(seq=0, pts_s=1.0, captured_s=0.0, rate_hz=4, samples=np.zeros(4, np.float32))
    >>> _from(block, 1.4).pts_s, _from(block, 0.5) is block, _from(block, 2.0)
    (1.5, True, None)
    """
    if block.pts_s >= from_s:
        return block
    skip = math.ceil((from_s - block.pts_s) * block.rate_hz - 1e-6)
    if skip >= len(block.samples):
        return None
    return replace(block, pts_s=block.pts_s + skip / block.rate_hz, samples=block.samples[skip:])
