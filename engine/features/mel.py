"""Mel filter banks and the windows before them: what librosa computes, without the second that importing it takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.config import SAMPLE_RATE_HZ

FRAME = 400
"""Samples of a frame, and of its FFT: 25 ms."""

_LINEAR_HZ = 200.0 / 3
_LOG_FROM_HZ = 1000.0
_LOG_STEP = np.log(6.4) / 27

Float64Array = NDArray[np.float64]


def mel_filters(bands: int) -> Float64Array:
    """Triangular filters over the power spectrum of 400 samples at 16 kHz.

    On the mel scale of Slaney's Auditory Toolbox (linear to 1 kHz, logarithmic above), each of area 1. The values are
    those of ``librosa.filters.mel(sr=16000, n_fft=400, n_mels=bands)``, which are rounded to 32 bits.

    Returns
    -------
    [201, bands].

    Examples
    --------
    >>> mel_filters(64).shape
    (201, 64)
    """
    bins_hz = np.linspace(0, SAMPLE_RATE_HZ / 2, FRAME // 2 + 1)
    edges_hz = _to_hz(np.linspace(0, _to_mel(SAMPLE_RATE_HZ / 2), bands + 2))
    width_hz = np.diff(edges_hz)
    distance_hz = edges_hz[:, None] - bins_hz
    rising, falling = -distance_hz[:-2] / width_hz[:-1, None], distance_hz[2:] / width_hz[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    area_one = 2.0 / (edges_hz[2:] - edges_hz[:-2])
    return np.ascontiguousarray((triangles * area_one[:, None]).astype(np.float32).T, np.float64)


def hamming() -> Float64Array:
    """The periodic Hamming window, [400]."""
    return _raised_cosine(0.54)


def hann() -> Float64Array:
    """The periodic Hann window, [400]."""
    return _raised_cosine(0.5)


def _raised_cosine(mean: float) -> Float64Array:
    return mean + (1 - mean) * np.cos(np.linspace(-np.pi, np.pi, FRAME + 1)[:-1])


def _to_mel(hz: float) -> float:
    """Above 1 kHz."""
    return float(_LOG_FROM_HZ / _LINEAR_HZ + np.log(hz / _LOG_FROM_HZ) / _LOG_STEP)


def _to_hz(mel: Float64Array) -> Float64Array:
    log_from = _LOG_FROM_HZ / _LINEAR_HZ
    return np.where(mel < log_from, _LINEAR_HZ * mel, _LOG_FROM_HZ * np.exp(_LOG_STEP * (mel - log_from)))
