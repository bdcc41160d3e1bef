"""Audio of any rate to 16 kHz, with exact media times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.config import SAMPLE_RATE_HZ
from engine.types import AudioBlock, FloatArray

if TYPE_CHECKING:
    import soxr

_NOTHING = np.zeros(0, np.float32)

JITTER_S = 0.02
"""Time stamps may be off by this much before they mean that samples are missing."""


class SampleClock:
    """Media time by counting samples from the first one.

    Containers round their time stamps, so the samples are the better clock: stamps only tell where
    counting starts, and where it starts again.

    Parameters
    ----------
    rate_hz : samples per second.
    tolerance_s : a stamp further than this from the count is a gap.
    """

    def __init__(self, rate_hz: int, tolerance_s: float = JITTER_S) -> None:
        self.rate_hz = rate_hz
        self.tolerance_s = tolerance_s
        self._anchor_s: float | None = None
        self._count = 0

    @property
    def running(self) -> bool:
        """Whether counting has started."""
        return self._anchor_s is not None

    @property
    def now_s(self) -> float:
        """Media time just after the samples counted so far."""
        return self.at(self._count)

    def at(self, index: float) -> float:
        """Media time of sample ``index`` since counting started."""
        if self._anchor_s is None:
            raise RuntimeError("the clock has not been started: call start() first")
        return self._anchor_s + index / self.rate_hz

    def follows(self, block: AudioBlock) -> bool:
        """Whether ``block`` goes on where the count is."""
        return self.running and not block.gap and abs(block.pts_s - self.now_s) <= self.tolerance_s

    def start(self, pts_s: float) -> None:
        """Count from zero, at media time ``pts_s``."""
        self._anchor_s, self._count = pts_s, 0

    def stop(self) -> None:
        """Wait for the next start."""
        self._anchor_s = None

    def count(self, samples: int) -> None:
        """Count ``samples`` more."""
        self._count += samples


class Resampler:
    """Mono audio of any rate to 16 kHz (soxr, high quality); 16 kHz passes through.

    What comes out depends only on the samples, not on how they were split: soxr is fed blocks of
    10 ms. A gap, a change of rate, or a time stamp more than 20 ms off the sample count ends the
    signal (its last samples come out) and starts a new one at the new time, with ``gap`` set.
    Samples that are stamped earlier than what has been heard already are dropped, so time never
    runs back. Samples that are not finite count as silence.

    Examples
    --------
    >>> block = AudioBlock(seq=0, pts_s=2.0, captured_s=0.0, rate_hz=8000, samples=np.zeros(8000, np.float32))
    >>> resampler = Resampler()
    >>> blocks = resampler.feed(block) + resampler.flush()
    >>> blocks[0].pts_s, sum(len(one.samples) for one in blocks)
    (2.0, 16000)
    """

    def __init__(self) -> None:
        self._input = SampleClock(SAMPLE_RATE_HZ)
        self._output = SampleClock(SAMPLE_RATE_HZ)
        self._stream: soxr.ResampleStream | None = None
        self._pending = _NOTHING
        self._captured_s = 0.0
        self._heard_until_s = float("-inf")
        self._seq = 0
        self._gap = False

    @property
    def expected_s(self) -> float | None:
        """Media time at which the next block should start, or None while no signal runs."""
        return self._input.now_s if self._input.running else None

    def feed(self, block: AudioBlock) -> list[AudioBlock]:
        """Resample one block.

        Returns
        -------
        Blocks at 16 kHz; ``pts_s`` is exact to the sample, whatever soxr's delay.
        """
        out: list[AudioBlock] = []
        if block.rate_hz != self._input.rate_hz or not self._input.follows(block):
            out += self.flush()
            self._gap = self._gap or block.gap
            block = self._unheard(block)
            if not len(block.samples):
                return out
            self._start(block)
        self._captured_s = block.captured_s
        self._input.count(len(block.samples))
        self._heard_until_s = self._input.now_s
        samples = block.samples
        if not np.isfinite(samples).all():
            samples = np.where(np.isfinite(samples), samples, np.float32(0))
        return out + self._emit(self._convert(samples))

    def flush(self) -> list[AudioBlock]:
        """End the signal and return its last samples; the next block starts a new one."""
        if not self._input.running:
            return []
        out: list[AudioBlock] = []
        if self._stream is not None:
            out = self._emit(self._stream.resample_chunk(self._pending, last=True))
        self._pending = _NOTHING
        self._stream = None
        self._input.stop()
        self._gap = True
        return out

    def _unheard(self, block: AudioBlock) -> AudioBlock:
        late_s = self._heard_until_s - block.pts_s
        if late_s * block.rate_hz < 1:
            return block
        skip = min(len(block.samples), round(late_s * block.rate_hz))
        return replace(block, pts_s=block.pts_s + skip / block.rate_hz, samples=block.samples[skip:])

    def _start(self, block: AudioBlock) -> None:
        self._input = SampleClock(block.rate_hz)
        self._input.start(block.pts_s)
        self._output.start(block.pts_s)
        if block.rate_hz != SAMPLE_RATE_HZ:
            import soxr

            self._stream = soxr.ResampleStream(block.rate_hz, SAMPLE_RATE_HZ, 1, dtype="float32", quality="HQ")

    def _convert(self, samples: FloatArray) -> FloatArray:
        if self._stream is None:
            return samples
        size = max(1, self._input.rate_hz // 100)
        samples = np.concatenate((self._pending, samples))
        whole = len(samples) // size * size
        parts = [self._stream.resample_chunk(samples[at : at + size]) for at in range(0, whole, size)]
        self._pending = samples[whole:].copy()
        return np.concatenate(parts) if parts else _NOTHING

    def _emit(self, samples: FloatArray) -> list[AudioBlock]:
        if not len(samples):
            return []
        block = AudioBlock(
            seq=self._seq,
            pts_s=self._output.now_s,
            captured_s=self._captured_s,
            rate_hz=SAMPLE_RATE_HZ,
            samples=samples,
            gap=self._gap,
        )
        self._seq += 1
        self._gap = False
        self._output.count(len(samples))
        return [block]
