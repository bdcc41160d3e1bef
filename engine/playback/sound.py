"""Sound of a recording for a person to hear, from any time on, at any speed."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np

from engine.closing import Closing
from engine.playback.ending import require_real_end
from engine.playback.tempo import Tempo, early_s
from engine.sources.downmix import to_mono
from engine.sources.probe import Probe, probe
from engine.sources.streams import PlacedSound, SoundStream
from engine.types import FloatArray

_BEFORE_S = 0.3
"""Decoders need this much before a time until they are as if they came from the beginning."""


class SoundReader(Closing):
    """The sound of a file, continuous from wherever ``seek`` went. For one thread.

    Parameters
    ----------
    path : of the recording.
    rate_hz, channels : what ``read`` delivers.
    known : what ``probe`` has found out about the file; looked up where it is not given.

    Raises
    ------
    SourceError
        When the file cannot be opened; by later calls when it cannot be read any more.

    Attributes
    ----------
    end_s : media time at which the sound ends; None until its end has been read.

    Notes
    -----
    What is missing in the file, also before its sound begins, is silent, so that the k-th sample after a seek to t is
    heard at media time t + k speed / rate_hz.
    """

    def __init__(self, path: str | Path, rate_hz: int, channels: int = 2, known: Probe | None = None) -> None:
        known = known if known is not None else probe(Path(path))
        self.rate_hz, self.channels = rate_hz, channels
        self._path, self._known, self._origin_s = Path(path), known, known.origin_s
        self._has_audio = known.info.has_audio
        self._stream = SoundStream(Path(path))
        self._stream.__enter__()
        self._open = True
        self.end_s: float | None = None if self._has_audio else 0.0
        self._frames: Iterator[PlacedSound] = iter(())
        self.seek(0.0)

    def close(self) -> None:
        """Close the file; twice is harmless."""
        if self._open:
            self._open = False
            self._frames = iter(())
            self._stream.__exit__(None, None, None)

    def seek(self, pts_s: float, speed: float = 1.0) -> None:
        """Let the next ``read`` begin at the sample that is nearest to a media time, at a speed of 0.25 to 4."""
        self._due_s = pts_s + self._origin_s - early_s(self.rate_hz, speed)
        self._begin_s, self._speed, self._read = pts_s, speed, 0
        self._ready: deque[FloatArray] = deque()
        self._ready_count = 0
        self._silent, self._silent_hz = 0, self.rate_hz
        self._following: PlacedSound | None = None
        self._tempo = None if speed == 1.0 else Tempo(self.rate_hz, self.channels, speed)
        self._resampler: Any = None
        self._resampler_rate_hz = 0
        self._mixer: av.AudioResampler | None = None
        self._mixer_format: tuple[str, str, int] | None = None
        self._ended = not self._has_audio
        self._frames = iter(()) if self._ended else self._starting_before(self._due_s)

    @property
    def position_s(self) -> float:
        """Media time of the sample that ``read`` gives next."""
        return self._begin_s + self._read * self._speed / self.rate_hz

    def read(self, count: int) -> FloatArray:
        """The next samples, [count, channels] f32; fewer at the end of the sound, and none behind it."""
        while self._ready_count < count and not self._ended:
            if self._silent:
                self._put_silence()
                continue
            one, self._following = self._following or next(self._frames, None), None
            if one is None:
                self._finish()
            else:
                self._take(one)
        parts: list[FloatArray] = [np.zeros((0, self.channels), np.float32)]
        left = count
        while left and self._ready:
            part = self._ready.popleft()
            if len(part) > left:
                self._ready.appendleft(part[left:])
                part = part[:left]
            parts.append(part)
            left -= len(part)
        samples: FloatArray = np.concatenate(parts)
        self._ready_count -= len(samples)
        self._read += len(samples)
        return samples

    def _starting_before(self, time_s: float) -> Iterator[PlacedSound]:
        if self._stream.decoder.seek(time_s - _BEFORE_S):
            frames = self._stream.placed()
            first = next(frames, None)
            if first is not None and first.stamped and first.start_s <= time_s:
                return chain((first,), frames)
        self._stream.decoder.rewind()
        return self._stream.placed()

    def _take(self, one: PlacedSound) -> None:
        """Put the samples of a frame that are still due, with silence for what is missing before them."""
        rate_hz = one.frame.sample_rate
        skip = one.skip + max(round((self._due_s - one.start_s) * rate_hz), 0)
        if skip >= one.frame.samples:
            return
        missing = round((one.start_s - self._due_s) * rate_hz)
        if missing > 0:
            self._silent, self._silent_hz = missing, rate_hz
            self._due_s, self._following = one.start_s, one
            return
        self._put(self._mixed(one.frame)[skip:], rate_hz)
        self._due_s = one.start_s + (one.frame.samples - one.skip) / rate_hz

    def _put_silence(self) -> None:
        """Put a second at most of what is missing: a gap may be hours long."""
        count = min(self._silent, self._silent_hz)
        self._silent -= count
        self._put(np.zeros((count, self.channels), np.float32), self._silent_hz)

    def _mixed(self, frame: av.AudioFrame) -> FloatArray:
        """Samples of a frame as [n, channels] f32 in -1..1."""
        key = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._mixer is None or self._mixer_format != key:
            layout = "mono" if self.channels == 1 else "stereo"
            self._mixer = av.AudioResampler(format="flt", layout=layout, rate=frame.sample_rate)
            self._mixer_format = key
        frame.pts = None
        try:
            parts = [one.to_ndarray().reshape(-1, self.channels) for one in self._mixer.resample(frame)]
        except av.FFmpegError:  # libav mixes no more than 64 channels, nor places that it does not know
            self._mixer = None
            parts = [np.repeat(to_mono(frame)[:, None], self.channels, axis=1)]
        mixed = np.concatenate(parts) if parts else np.zeros((0, self.channels))
        samples: FloatArray = np.clip(np.nan_to_num(mixed.astype(np.float32), posinf=1.0, neginf=-1.0), -1.0, 1.0)
        return samples

    def _put(self, samples: FloatArray, rate_hz: int) -> None:
        """Bring samples of the file to the rate and tempo of the output."""
        if rate_hz != self._resampler_rate_hz:
            self._put_ready(self._rest_of_resampler())
            self._resampler_rate_hz = rate_hz
            if rate_hz != self.rate_hz:
                import soxr

                self._resampler = soxr.ResampleStream(rate_hz, self.rate_hz, self.channels, "float32", quality="MQ")
        self._put_ready(samples if self._resampler is None else self._resampler.resample_chunk(samples))

    def _rest_of_resampler(self) -> FloatArray:
        empty = np.zeros((0, self.channels), np.float32)
        rest: FloatArray = empty if self._resampler is None else self._resampler.resample_chunk(empty, last=True)
        self._resampler = None
        return rest

    def _put_ready(self, samples: FloatArray) -> None:
        ready = samples if self._tempo is None else self._tempo.push(samples)
        if len(ready):
            self._ready.append(ready)
            self._ready_count += len(ready)

    def _finish(self) -> None:
        self._ended = True
        end_s = max(self._stream.times.end_s - self._origin_s, 0.0)
        require_real_end(self._path, self._known, end_s)
        self.end_s = end_s
        if math.isclose(self.end_s, 0.0):
            return
        self._put_ready(self._rest_of_resampler())
        if self._tempo is not None:
            rest = self._tempo.finish()
            if len(rest):
                self._ready.append(rest)
                self._ready_count += len(rest)
