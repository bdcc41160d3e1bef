"""A ring of samples between the thread that decodes and the callback that plays."""

from __future__ import annotations

import numpy as np

from engine.types import FloatArray

FADE_S = 0.005
"""How long sound takes to come or go wherever it is not continuous, so that it does not click."""


class Ring:
    """Samples by their running index. One thread writes, one reads; neither waits for the other.

    Parameters
    ----------
    capacity : samples that fit.
    channels : of each sample.
    fade : samples over which a discontinuity is faded.

    Attributes
    ----------
    written, taken : indices behind the newest sample written and taken.
    cut_at : samples before this index are dropped, after a fade, when next something is taken.
    underruns : how often there was too little to take, while there had been something before.
    """

    def __init__(self, capacity: int, channels: int, fade: int) -> None:
        self._samples = np.zeros((capacity, channels), np.float32)
        self._ramp = np.linspace(0.0, 1.0, fade + 2, dtype=np.float32)[1:-1, None]
        self.written = self.taken = self.cut_at = self.underruns = 0
        self._fresh = True

    @property
    def space(self) -> int:
        """How many samples can be written now."""
        return len(self._samples) - (self.written - self.taken)

    def write(self, samples: FloatArray) -> None:
        """Append samples, [n, channels]; ``space`` must be enough."""
        if len(samples) > self.space:
            raise ValueError(f"{len(samples)} samples do not fit: there is space for {self.space}")
        at = self.written % len(self._samples)
        head = min(len(samples), len(self._samples) - at)
        self._samples[at : at + head] = samples[:head]
        self._samples[: len(samples) - head] = samples[head:]
        self.written += len(samples)

    def cut(self) -> None:
        """Drop all that has been written and not been taken; called by the writer."""
        self.cut_at = self.written

    def take(self, out: FloatArray) -> tuple[int, int, int]:
        """Fill ``out``, [n, channels], with what is there and silence.

        Returns
        -------
        How many samples of ``out`` come first that belong to what was cut, the index of the next one, and how many
        follow before silence.
        """
        cut_at, leaving = self.cut_at, 0
        if self.taken < cut_at:
            leaving = 0 if self._fresh else min(len(self._ramp), len(out), cut_at - self.taken)
            self._copy(self.taken, out[:leaving])
            out[:leaving] *= self._ramp[::-1][:leaving]
            self.taken = cut_at
            self._fresh = True
        first = self.taken
        count = min(len(out) - leaving, self.written - first)
        self._copy(first, out[leaving : leaving + count])
        out[leaving + count :] = 0.0
        if count and self._fresh:
            coming = min(count, len(self._ramp))
            out[leaving : leaving + coming] *= self._ramp[:coming]
            self._fresh = False
        if leaving + count < len(out) and not self._fresh:
            going = min(count, len(self._ramp))
            out[leaving + count - going : leaving + count] *= self._ramp[::-1][len(self._ramp) - going :]
            self._fresh = True
            self.underruns += 1
        self.taken = first + count
        return leaving, first, count

    def _copy(self, first: int, out: FloatArray) -> None:
        at = first % len(self._samples)
        head = min(len(out), len(self._samples) - at)
        out[:head] = self._samples[at : at + head]
        out[head:] = self._samples[: len(out) - head]
