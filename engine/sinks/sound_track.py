"""Encodes sound into one stream, counted by the sample, with its gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from numpy.typing import NDArray

from engine.features.resample import JITTER_S
from engine.types import AudioBlock, FloatArray

if TYPE_CHECKING:
    from av.container import OutputContainer

    from engine.sinks.encoding import Encoding

_FULL = 1 << 23


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundStart:
    """Where sound without a gap begins: its time, the number of its first sample in the file, and rates."""

    pts_s: float
    sample: int
    rate_hz: int
    source_hz: int


class SoundTrack:
    """The stream of sound of a medium, mono.

    FLAC keeps 24 bits: samples of 16-bit and 24-bit devices exactly, others within 2**-24 of full scale (-144 dB).
    A gap that ends within a frame of the encoder (0.1 s) is filled with silence, and so is the rest of the frame before
    a longer one, since frames cannot be torn; the next frame has its true time.

    Parameters
    ----------
    container, encoding : where and how.
    rate_hz : of the stream; sound of another rate is resampled.

    Attributes
    ----------
    clipped : how many samples were beyond full scale.
    """

    def __init__(self, container: OutputContainer, encoding: Encoding, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.clipped = 0
        self._exact = encoding.sound_codec == "flac"
        options = dict(encoding.sound_options)
        if self._exact:
            options["bits_per_raw_sample"] = "24"
        self._format = "s32" if self._exact else "fltp"
        stream: Any = container.add_stream(
            encoding.sound_codec, rate=rate_hz, layout="mono", format=self._format, options=options
        )
        stream.codec_context.time_base = Fraction(1, rate_hz)
        stream.codec_context.open()
        self._stream = stream
        self._frame = int(stream.codec_context.frame_size)
        self._fill_gaps = encoding.fill_gaps
        self._waiting: list[FloatArray] = []
        self._waits = 0
        self._given = 0  # samples so far, with those that wait
        self._at: int | None = None  # time of the next sample in samples
        self._source_hz: int | None = None
        self._resampler: Any = None

    def encode(self, block: AudioBlock, time_s: float, mux: Callable[[list[Any]], None]) -> SoundStart | None:
        """Encode a block that begins at a time of the file; says where it begins a new stretch, if it does.

        ``mux`` takes the packets as they come: a gap of hours that is filled would be many.
        """
        start = None
        if self._torn(block, time_s):
            self._take(self._drained())
            self._skip_to(round(time_s * self.rate_hz), mux)
            start = SoundStart(pts_s=block.pts_s, sample=self._given, rate_hz=self.rate_hz, source_hz=block.rate_hz)
            self._follow(block.rate_hz)
            self._expected_s = time_s
        self._expected_s += len(block.samples) / block.rate_hz
        samples = block.samples if self._resampler is None else self._resampler.resample_chunk(block.samples)
        self._take(samples)
        mux(self._full_frames())
        return start

    def finish(self) -> list[Any]:
        """What still waits."""
        self._take(self._drained())
        packets = self._full_frames()
        if self._waits:
            packets += self._encode(self._joined())
        packets += self._stream.encode(None)
        return packets

    def _torn(self, block: AudioBlock, time_s: float) -> bool:
        if self._at is None or block.gap or block.rate_hz != self._source_hz:
            return True
        return abs(time_s - self._expected_s) > JITTER_S  # as hearing sees it

    def _follow(self, source_hz: int) -> None:
        import soxr

        self._source_hz = source_hz
        self._resampler = None
        if source_hz != self.rate_hz:
            self._resampler = soxr.ResampleStream(source_hz, self.rate_hz, 1, dtype="float32")

    def _drained(self) -> FloatArray:
        """The last samples of a resampler, which will not be used again."""
        if self._resampler is None:
            return np.zeros(0, np.float32)
        rest: FloatArray = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
        self._resampler = None
        return rest

    def _skip_to(self, at: int, mux: Callable[[list[Any]], None]) -> None:
        """Let the next sample be the one at a time: with silence as far as needed, then by its time stamp."""
        if self._at is None:
            self._at = max(at, 0)
            if self._fill_gaps:
                self._at = 0
        mux(self._full_frames())
        while (missing := at - self._at) > 0:
            room = self._frame - self._waits
            if not self._fill_gaps and missing > room and room == self._frame:
                self._at = at
                break
            self._take(np.zeros(min(missing, room), np.float32))
            mux(self._full_frames())

    def _take(self, samples: FloatArray) -> None:
        if len(samples):
            self._waiting.append(samples)
            self._waits += len(samples)
            self._given += len(samples)
            self._at = (self._at or 0) + len(samples)

    def _joined(self) -> FloatArray:
        joined = self._waiting[0] if len(self._waiting) == 1 else np.concatenate(self._waiting)
        self._waiting, self._waits = [], 0
        return joined

    def _full_frames(self) -> list[Any]:
        packets: list[Any] = []
        if self._waits < self._frame:
            return packets
        joined = self._joined()
        whole = len(joined) // self._frame * self._frame
        if whole < len(joined):
            self._waiting, self._waits = [joined[whole:]], len(joined) - whole
        first = (self._at or 0) - len(joined)
        for start in range(0, whole, self._frame):
            packets += self._encode(joined[start : start + self._frame], first + start)
        return packets

    def _encode(self, samples: FloatArray, at: int | None = None) -> list[Any]:
        values = self._whole_numbers(samples) if self._exact else np.ascontiguousarray(samples)
        frame = av.AudioFrame.from_ndarray(values[None], format=self._format, layout="mono")
        frame.sample_rate, frame.time_base = self.rate_hz, Fraction(1, self.rate_hz)
        frame.pts = (self._at or 0) - len(samples) if at is None else at
        packets: list[Any] = self._stream.encode(frame)
        return packets

    def _whole_numbers(self, samples: FloatArray) -> NDArray[np.int32]:
        """24 bits in the upper part of 32."""
        scaled = np.rint(np.nan_to_num(samples, posinf=1.0, neginf=-1.0) * np.float32(_FULL))
        inside = np.clip(scaled, -_FULL, _FULL - 1)
        self.clipped += int(np.count_nonzero(scaled != inside))
        whole: NDArray[np.int32] = inside.astype(np.int32) << 8
        return whole
