"""The sound of the last seconds as shapes: bars of the waveform, an image of the spectrum, a band of voice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from demo.shown import Voice
from engine.types import FloatArray

HOP_S = 0.01
BANDS = 40
"""Rows of the spectrum: as many as there are coefficients, so nothing is drawn that they do not hold."""

SPEAKING_FROM = 0.5
_RANGE_DB = 52.0
_QUIETEST_PEAK_DB = -24.0
"""The brightest colour stands for no less than this, so that the noise of a silent room stays dark."""

_SILENT_PEAK = 10 ** (-46 / 20)
_NOW_S = 0.4
_MEL_BREAK_HZ, _MEL_PER_HZ, _MEL_LOG_STEP = 1000.0, 3 / 200, math.log(6.4) / 27
_HIGHEST_HZ = 8000.0

Heard = Literal["nothing", "silence", "sound", "voice"]


@dataclass(frozen=True, slots=True)
class Bars:
    """Pieces of the waveform: [n] times of their middles, lowest and highest sample, and whether it is voice."""

    times_s: NDArray[np.float64]
    low: FloatArray
    high: FloatArray
    voice: NDArray[np.bool_]


def bars_of(voice: Voice, every: int) -> Bars:
    """The envelope in pieces of ``every`` 10 ms, counted from media time 0, so that they slide without flicker.

    The samples are enlarged by a power of two such that the loudest fills the height.
    """
    first = round(voice.start_s / HOP_S)
    skip = -first % every
    count = max(0, (len(voice.envelope) - skip) // every)
    pieces = voice.envelope[skip : skip + count * every].reshape(count, every, 2)
    low, high = pieces[:, :, 0].min(axis=1), pieces[:, :, 1].max(axis=1)
    times = (first + skip + every * (np.arange(count, dtype=np.float64) + 0.5)) * HOP_S
    known = np.isfinite(low) & np.isfinite(high)
    gain = enlargement(voice)
    active = activity_at(voice, times) >= SPEAKING_FROM
    return Bars(times[known], gain * low[known], gain * high[known], active[known])


def enlargement(voice: Voice) -> float:
    """By how much the waveform is drawn larger than it is: 1 to 32, a power of two."""
    peak = float(np.nanmax(np.abs(voice.envelope), initial=0.0)) if np.isfinite(voice.envelope).any() else 0.0
    return 2.0 ** min(5, max(0, math.floor(math.log2(1 / max(peak, 1e-6)))))


def activity_at(voice: Voice, times_s: NDArray[np.float64]) -> FloatArray:
    """Probability of speech at some times, [n]; 0 where nothing is known."""
    if not len(voice.activity_times_s):
        return np.zeros(len(times_s), np.float32)
    after = np.clip(np.searchsorted(voice.activity_times_s, times_s), 0, len(voice.activity_times_s) - 1)
    near = np.abs(voice.activity_times_s[after] - times_s) < 0.1
    return np.where(near, voice.activity[after], 0).astype(np.float32)


def spectrum_of(voice: Voice, columns: int) -> FloatArray:
    """Log-mel spectrum restored from the coefficients, [BANDS, n] in 0..1, the highest band first.

    One column stands for 10 ms, or for two and more of them where ``columns`` are fewer; NaN where nothing was heard.
    The truncated cosine series is summed at BANDS points: what it holds of the 64 bands that it was made from.
    """
    count = max(1, round((voice.end_s - voice.start_s) / HOP_S))
    every = max(1, count // max(1, columns))
    first = round(voice.start_s / HOP_S)
    at = (np.floor(voice.mfcc_times_s / HOP_S + 1e-6).astype(int) // every) - first // every
    width = (first + count - 1) // every - first // every + 1
    keep = (at >= 0) & (at < width)
    image = np.full((width, BANDS), np.nan, np.float32)
    if keep.any():
        chosen = np.flatnonzero(keep)[np.append(np.diff(at[keep]) > 0, True)]  # the last of each column
        decibels = voice.mfcc[chosen].astype(np.float32) @ _inverse_cosine()
        peak = max(_QUIETEST_PEAK_DB, 6.0 * math.ceil(float(np.percentile(decibels, 99.5)) / 6.0))
        image[at[chosen]] = np.clip((decibels - (peak - _RANGE_DB)) / _RANGE_DB, 0, 1)
    return np.ascontiguousarray(image.T[::-1])


def band_of_hz(hz: float) -> float:
    """Where a frequency lies in the spectrum: 0 at the bottom, 1 at the top (Slaney's mel scale, as the engine's).

    >>> round(band_of_hz(0.0), 3), round(band_of_hz(8000.0), 3)
    (0.0, 1.0)
    """
    return _mel(hz) / _mel(_HIGHEST_HZ)


def tinted(values: FloatArray, ground: QColor, middle: QColor, end: QColor) -> QImage:
    """An image of values in 0..1, [rows, columns], from ``ground`` over ``middle`` to ``end``; NaN is ground."""
    index = (np.nan_to_num(values) * 255).astype(np.uint8)
    pixels = np.ascontiguousarray(_ramp(ground.rgb(), middle.rgb(), end.rgb())[index])
    rows, columns = index.shape
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def heard_now(voice: Voice) -> Heard:
    """What there is to hear at the end of the stretch."""
    newest = voice.envelope[-round(_NOW_S / HOP_S) :]
    known = newest[np.isfinite(newest)]
    if not len(known):
        return "nothing"
    recent = voice.activity[voice.activity_times_s >= voice.end_s - _NOW_S]
    if len(recent) and recent.max() >= SPEAKING_FROM:
        return "voice"
    return "silence" if float(np.abs(known).max()) < _SILENT_PEAK else "sound"


def level_db(voice: Voice, time_s: float) -> float | None:
    """Peak level around a time in dB re full scale; None where nothing was heard."""
    at = int((time_s - voice.start_s) / HOP_S)
    around = voice.envelope[max(0, at - 2) : at + 3]
    known = np.abs(around[np.isfinite(around)])
    return None if not len(known) else 20 * math.log10(max(float(known.max()), 1e-5))


@lru_cache(1)
def _inverse_cosine() -> FloatArray:
    """[coefficient, band]: an orthonormal cosine series over 64 bands, summed at the middles of BANDS bands."""
    order, middle = np.arange(40), (np.arange(BANDS) + 0.5) / BANDS
    waves = np.cos(np.pi * order[:, None] * middle[None, :])
    scale = np.where(order == 0, math.sqrt(1 / 64), math.sqrt(2 / 64))
    return (waves * scale[:, None]).astype(np.float32)


@lru_cache(8)
def _ramp(ground: int, middle: int, end: int) -> NDArray[np.uint8]:
    """256 colours as BGRx."""
    stops = np.array([[(one >> shift) & 255 for shift in (0, 8, 16)] for one in (ground, middle, end)])
    share = np.linspace(0, 1, 256)
    parts = [np.interp(share, [0.0, 0.55, 1.0], stops[:, channel]) for channel in range(3)]
    return np.stack([*parts, np.full(256, 255.0)], axis=1).round().astype(np.uint8)


def _mel(hz: float) -> float:
    if hz < _MEL_BREAK_HZ:
        return hz * _MEL_PER_HZ
    return _MEL_BREAK_HZ * _MEL_PER_HZ + math.log(hz / _MEL_BREAK_HZ) / _MEL_LOG_STEP
