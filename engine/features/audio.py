"""What the voice model hears: 40 MFCC with first and second derivative, 100 frames a second.

A frame is 400 samples (25 ms, Hamming), every 160 samples (10 ms) at 16 kHz. The FFT is as long as
the frame: a 512-point FFT would make librosa centre the window in 512 samples, which costs 3.5 ms
of delay at each end and adds no information. 64 mel bands (librosa's scale, Slaney norm) are the
most that 40 Hz bins carry comfortably; with librosa's default of 128 a third of the filters would
be empty. ``top_db`` is off, because clipping against the loudest point of a recording would need
the future.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.config import AUDIO_DIM, SAMPLE_RATE_HZ
from engine.features.mel import FRAME, hamming, mel_filters
from engine.features.resample import Resampler, SampleClock
from engine.types import AudioBlock, FeatureBlock, FloatArray

__all__ = ["MfccExtractor", "Resampler", "mfcc"]

HOP = 160
MEL_BANDS = 64
COEFFICIENTS = 40
DELTA_WIDTH = 9
POWER_FLOOR = 1e-10
LOOK_AHEAD_S = (FRAME / 2 + (DELTA_WIDTH // 2) * HOP) / SAMPLE_RATE_HZ
"""From the centre of a frame to the sample that completes it: half a frame and four hops, 52.5 ms."""

_TOLERANCE_S = 0.005
_SIDE = DELTA_WIDTH // 2
_CHUNK = 256  # frames at a time, so that a long block does not take much memory

Float64Array = NDArray[np.float64]
_Array = TypeVar("_Array", bound=NDArray[Any])


def mfcc(samples: FloatArray) -> FloatArray:
    """Compute all frames of a recording at once, with librosa: the offline twin of `MfccExtractor`.

    Parameters
    ----------
    samples : [n] f32 at 16 kHz, in -1..1.

    Returns
    -------
    [1 + (n - 400) // 160, 120] f32 (none for n < 400): 40 MFCC, 40 first and 40 second derivatives
    (Savitzky-Golay, width 9, edges by interpolation). Fewer than nine frames have no derivatives: zeros.
    """
    import librosa

    if len(samples) < FRAME:
        return np.zeros((0, AUDIO_DIM), np.float32)
    mel = librosa.feature.melspectrogram(
        y=samples, sr=SAMPLE_RATE_HZ, n_fft=FRAME, hop_length=HOP, window="hamming", center=False, n_mels=MEL_BANDS
    )
    decibels = librosa.power_to_db(mel, ref=1.0, amin=POWER_FLOOR, top_db=None)
    static = librosa.feature.mfcc(S=decibels, n_mfcc=COEFFICIENTS)
    if static.shape[1] < DELTA_WIDTH:
        deltas = [np.zeros_like(static)] * 2
    else:
        deltas = [librosa.feature.delta(static, width=DELTA_WIDTH, order=order, mode="interp") for order in (1, 2)]
    return np.ascontiguousarray(np.concatenate([static, *deltas]).T, dtype=np.float32)


class _Transforms(NamedTuple):
    window: Float64Array  # [400]
    mel: Float64Array  # [201, 64]
    cosine: Float64Array  # [64, 40]
    slope: Float64Array  # [2, 9]


@cache
def _transforms() -> _Transforms:
    bands = np.arange(MEL_BANDS) + 0.5
    cosine = np.cos(np.pi / MEL_BANDS * bands[:, None] * np.arange(COEFFICIENTS)) * np.sqrt(2 / MEL_BANDS)
    cosine[:, 0] /= np.sqrt(2)  # orthonormal DCT-II
    k = np.arange(-_SIDE, _SIDE + 1, dtype=np.float64)
    centred = k**2 - (k**2).mean()
    # least-squares line and parabola through nine frames: slope, and twice the quadratic term
    slope = np.stack([k / (k @ k), 2 * centred / (centred @ centred)])
    return _Transforms(hamming(), mel_filters(MEL_BANDS), cosine, slope)


def _rows_times(rows: Float64Array, matrix: Float64Array) -> Float64Array:
    """Multiply each row on its own, [n, a] x [a, b] -> [n, b].

    One product of [n, a] would let BLAS choose another order of summation for another n, and then
    the last bit of a frame would depend on how many frames came with it.
    """
    product: Float64Array = np.matmul(rows[:, None, :], matrix)[:, 0]
    return product


def _overlapping(array: _Array, count: int, length: int, hop: int) -> _Array:
    """Views [count, length, ...] of a contiguous array, ``hop`` rows apart: ten times faster than NumPy's own."""
    step = array.strides[0]
    shape, strides = (count, length, *array.shape[1:]), (hop * step, *array.strides)
    return np.ndarray(shape, array.dtype, array, 0, strides)  # type: ignore[return-value]


def _static(samples: FloatArray) -> Float64Array:
    """MFCC without derivatives of all whole frames, [n, 40]."""
    transforms = _transforms()
    frames = _overlapping(samples, (len(samples) - FRAME) // HOP + 1, FRAME, HOP)
    parts = []
    for at in range(0, len(frames), _CHUNK):
        spectrum = np.fft.rfft(frames[at : at + _CHUNK] * transforms.window)
        power = np.square(spectrum.real) + np.square(spectrum.imag)
        mel = np.maximum(_rows_times(power, transforms.mel), POWER_FLOOR)
        parts.append(_rows_times(10.0 * np.log10(mel), transforms.cosine))
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


class MfccExtractor:
    """MFCC with derivatives of a running signal; nothing is computed twice.

    Frame i of a signal that starts at ``pts_s`` is centred at ``pts_s + (160 i + 200) / 16000`` and
    comes out as soon as the sample 52.5 ms after its centre is there (the derivatives look four
    frames ahead); the first four frames, whose derivatives are those of the fifth, come with it.
    The last four come at `flush`. The result equals `mfcc` within 1e-4 and is bit for bit the same
    however the samples are split. A gap, or a time stamp more than 5 ms off, ends the signal
    and starts another.

    Examples
    --------
    >>> block = AudioBlock(seq=0, pts_s=1.0, captured_s=0.0, rate_hz=16000, samples=np.zeros(16000, np.float32))
    >>> extractor = MfccExtractor()
    >>> frames = extractor.feed(block) + extractor.flush()
    >>> [one.values.shape for one in frames], float(frames[0].times_s[0])
    ([(94, 120), (4, 120)], 1.0125)
    """

    def __init__(self) -> None:
        self._clock = SampleClock(SAMPLE_RATE_HZ, _TOLERANCE_S)
        self._reset()

    def _reset(self) -> None:
        self._clock.stop()
        self._samples = np.zeros(0, np.float32)  # from the start of the next frame on
        self._statics: Float64Array = np.zeros((0, COEFFICIENTS))  # from the next frame without derivatives - 4 on
        self._deltas: Float64Array = np.zeros((1, 2 * COEFFICIENTS))  # of the newest frame that has them
        self._emitted = 0

    @property
    def complete_until_s(self) -> float:
        """Media time at which the next frame is due: all that was due before has come out (inf: no signal)."""
        if not self._clock.running:
            return float("inf")
        return self._clock.at(HOP * self._emitted + FRAME // 2) + LOOK_AHEAD_S

    def feed(self, block: AudioBlock) -> list[FeatureBlock]:
        """Take samples at 16 kHz; return the frames that they complete (none or one block, two at a gap).

        Raises
        ------
        ValueError : the rate is not 16 kHz.
        """
        if block.rate_hz != SAMPLE_RATE_HZ:
            raise ValueError(f"features need audio at {SAMPLE_RATE_HZ} Hz, got {block.rate_hz}: resample it first")
        out: list[FeatureBlock] = []
        if not self._clock.follows(block):
            out += self.flush()
            self._clock.start(block.pts_s)
        self._clock.count(len(block.samples))
        self._samples = np.concatenate((self._samples, block.samples))
        if len(self._samples) < FRAME:
            return out
        static = _static(self._samples)
        self._samples = self._samples[len(static) * HOP :].copy()
        return out + self._derive(np.concatenate([self._statics, static]))

    def flush(self) -> list[FeatureBlock]:
        """End the signal and return its last frames; the next block starts a new one."""
        out: list[FeatureBlock] = []
        if self._clock.running:
            rest = self._statics[_SIDE:] if self._emitted else self._statics
            out = self._emit(rest, np.repeat(self._deltas, len(rest), axis=0))
        self._reset()
        return out

    def _derive(self, statics: Float64Array) -> list[FeatureBlock]:
        self._statics = statics
        if len(statics) < DELTA_WIDTH:
            return []
        around = _overlapping(statics, len(statics) - DELTA_WIDTH + 1, DELTA_WIDTH, 1)  # [n, 9, 40]
        deltas = np.matmul(_transforms().slope, around).reshape(-1, 2 * COEFFICIENTS)  # one product per frame
        self._deltas = deltas[-1:]
        self._statics = statics[-2 * _SIDE :].copy()
        ready = statics[_SIDE : _SIDE + len(deltas)]
        if not self._emitted:
            ready = statics[: _SIDE + len(deltas)]
            deltas = np.concatenate([np.repeat(deltas[:1], _SIDE, axis=0), deltas])
        return self._emit(ready, deltas)

    def _emit(self, static: Float64Array, deltas: Float64Array) -> list[FeatureBlock]:
        if not len(static):
            return []
        times_s = self._clock.at(0) + (HOP * (self._emitted + np.arange(len(static))) + FRAME // 2) / SAMPLE_RATE_HZ
        self._emitted += len(static)
        values = np.concatenate([static, deltas], axis=1, dtype=np.float32, casting="same_kind")
        return [FeatureBlock(stream="audio", times_s=times_s, values=values)]
