"""Augmentation that makes studio recordings sound like other speakers on other microphones in other rooms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.config import SAMPLE_RATE_HZ

Samples = NDArray[np.float32]


class SpeechAugmentation:
    """Random speed and pitch, colour, room, level and noise.

    Parameters
    ----------
    seed : fixes the sequence of random choices.

    Shapes
    ------
    [n] f32 at 16 kHz -> [m] f32, m within 13 % of n
    """

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([7, seed])

    def __call__(self, samples: Samples) -> Samples:
        """Augment one recording."""
        x = self._speed(samples)
        x = self._colour(x)
        if self._rng.random() < 0.3:
            x = self._room(x)
        x = self._level(x)
        if self._rng.random() < 0.6:
            x = x + self._noise(x)
        return np.clip(x, -1, 1).astype(np.float32)

    def _speed(self, x: Samples) -> Samples:
        """Another vocal tract and pace at once: play at 0.88 to 1.13 of the speed."""
        import soxr

        factor = 2 ** self._rng.uniform(-0.18, 0.18)
        return np.asarray(soxr.resample(x, SAMPLE_RATE_HZ, round(SAMPLE_RATE_HZ * factor)), dtype=np.float32)

    def _colour(self, x: Samples) -> Samples:
        """Another microphone: a random zero and a random pole."""
        from scipy.signal import lfilter

        x = lfilter([1, self._rng.uniform(-0.4, 0.4)], [1], x)
        return np.asarray(lfilter([1], [1, self._rng.uniform(-0.3, 0.3)], x), dtype=np.float32)

    def _room(self, x: Samples) -> Samples:
        """A decaying noise tail behind the direct sound, 0.1 to 0.4 s long."""
        from scipy.signal import fftconvolve

        n = int(self._rng.uniform(0.1, 0.4) * SAMPLE_RATE_HZ)
        decay = np.exp(-np.arange(n) / SAMPLE_RATE_HZ * self._rng.uniform(12, 40))
        response = self._rng.standard_normal(n) * decay
        response[0] = self._rng.uniform(4, 15)
        response /= np.sqrt(np.square(response).sum())
        return np.asarray(fftconvolve(x, response)[: len(x)], dtype=np.float32)

    def _level(self, x: Samples) -> Samples:
        peak_db = self._rng.uniform(-30, -1)
        return np.asarray(x / (np.abs(x).max() + 1e-6) * 10 ** (peak_db / 20), dtype=np.float32)

    def _noise(self, x: Samples) -> Samples:
        """Noise between white and brown, 10 to 40 dB under the speech."""
        from scipy.signal import lfilter

        noise = lfilter([1], [1, -self._rng.uniform(0, 0.95)], self._rng.standard_normal(len(x)))
        gain = np.sqrt(np.square(x).mean() / np.square(noise).mean()) * 10 ** (-self._rng.uniform(10, 40) / 20)
        return np.asarray(noise * gain, dtype=np.float32)
