"""Keeps the sound of a microphone in step with the clock of the machine, without tearing it.

A sound card counts samples by a quartz of its own, off by up to some 100 ppm: a third of a second
in an hour. Cutting or waiting would tear the signal, and a stamp that slides away from the sample
count would sooner or later look like missing samples (`engine.features.resample.JITTER_S`).
So single samples are added or taken away, each spread over one block, and time stamps are exactly
the count of the samples that come out.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.types import FloatArray

_BIN_S = 1.0
_MOST_BINS = 60
_LEAST_BINS = 3
_BINS_FOR_A_LINE = 10
_BINS_FOR_PPM = 20

_BAND_S = 0.001
"""An error below this is left alone: a thirtieth of a picture, and steady clocks never have a sample touched."""

_GOAL_S = 0.0002
_EDIT_EVERY_S = 0.02
_FAR_S = 0.005
_FAR_SAMPLES = 4
"""One sample in 20 ms is 1000 ppm and a change of pitch of 0.1 %, far below what can be heard; four samples, where the
first stamp of a signal was late, are still under a tenth of a semitone."""

_JUMP_S, _ALIKE_S = 0.03, 0.015
TAPS = 16
_SIDE = TAPS // 2
_LEAST_TO_EDIT = 4 * TAPS


class DriftEstimate:
    """How far the time stamps of a sound have moved from its sample count, and how fast.

    Stamps come late when the machine is busy, never early, so of each second of sound the earliest
    stamp counts. Through the last 60 of those goes a line whose slope is the median over all
    pairs (Theil and Sen), which a few bad seconds cannot bend.
    """

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._bins: deque[tuple[float, float]] = deque(maxlen=_MOST_BINS)
        self._first: int | None = None
        self._earliest_s = np.inf
        self._line: tuple[float, float] | None = None

    def add(self, count: int, stamp_s: float) -> float | None:
        """Sample number ``count`` carries ``stamp_s``, both from the start of the signal.

        Returns
        -------
        When this completes a second: seconds by which its stamps are later than its count.
        """
        if self._first is None:
            self._first = count
        done = None
        if count - self._first >= _BIN_S * self._rate_hz:
            done = self._earliest_s
            self._bins.append(((self._first + count) / 2 / self._rate_hz, done))
            self._line = self._fit()
            self._first, self._earliest_s = count, np.inf
        self._earliest_s = min(self._earliest_s, stamp_s - count / self._rate_hz)
        return done

    def error_s(self, count: int) -> float | None:
        """Seconds by which stamps are later than the count, at sample ``count``; None until 3 s are known."""
        if self._line is None:
            return None
        middle_s, slope = self._line
        return middle_s + slope * count / self._rate_hz

    @property
    def ppm(self) -> float | None:
        """By how much the samples come faster than declared, in millionths; None until 20 s are known."""
        return 0.0 - 1e6 * self._line[1] if self._line is not None and len(self._bins) >= _BINS_FOR_PPM else None

    def _fit(self) -> tuple[float, float] | None:
        if len(self._bins) < _LEAST_BINS:
            return None
        times_s, errors_s = np.array(self._bins).T
        if len(times_s) < _BINS_FOR_A_LINE:
            return float(np.median(errors_s)), 0.0
        low, high = _pairs(len(times_s))
        slope = float(np.median((errors_s[high] - errors_s[low]) / (times_s[high] - times_s[low])))
        return float(np.median(errors_s - slope * times_s)), slope


@lru_cache(maxsize=_MOST_BINS)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    low, high = np.triu_indices(count, 1)
    return low, high


@dataclass(frozen=True, slots=True)
class Steady:
    """Samples whose stamp is exactly where the samples before them ended, unless ``gap`` is set."""

    pts_s: float
    samples: FloatArray
    gap: bool


class SteadySound:
    """Gives the blocks of a microphone media times that follow both its samples and the clock of the machine.

    While the stamps stay within 1 ms of the sample count, samples pass through untouched.

    Parameters
    ----------
    rate_hz : declared rate of the microphone.
    not_before_s : no sample comes out with an earlier time: where the microphone has been heard until.
    """

    def __init__(self, rate_hz: int, not_before_s: float = 0.0) -> None:
        self.rate_hz = rate_hz
        self._running = False
        self._ppm: float | None = None
        self._end_s = not_before_s
        self._gap = not_before_s > 0
        self._restart(not_before_s)

    @property
    def drift_ppm(self) -> float | None:
        """By how much the microphone's clock runs fast, in millionths; None until known."""
        return self._ppm

    def place(self, samples: FloatArray, stamp_s: float, *, lost: bool = False) -> Steady | None:
        """Place the next block.

        Parameters
        ----------
        samples : [n] f32.
        stamp_s : media time of its first sample by the clock of the machine; may jitter.
        lost : samples are missing just before it.

        Returns
        -------
        What comes out for it; None where it lies before what has come out already.
        """
        if not self._running or lost:
            self._gap = self._gap or self._running
            self._running = True
            self._restart(max(stamp_s, self._end_s))
        elif (moved_s := self._watch(stamp_s)) is not None:
            now_s = self._end_s + moved_s
            self._restart(max(now_s, self._end_s))
            self._skip = max(0, round((self._end_s - now_s) * self.rate_hz))
            self._gap = True
        if self._skip:
            skip = min(self._skip, len(samples))
            self._skip -= skip
            samples = samples[skip:]
            if not len(samples):
                return None
        return self._out(samples)

    def _restart(self, at_s: float) -> None:
        self._anchor_s = at_s
        self._taken = self._given = self._edited_at = 0
        self._skip = 0
        self._correcting = False
        self._suspect_s: float | None = None
        self._estimate = DriftEstimate(self.rate_hz)
        self._before: FloatArray | None = None

    def _watch(self, stamp_s: float) -> float | None:
        """Take notice of a stamp; seconds by which all of them have jumped, else None."""
        newest_s = self._estimate.add(self._taken, stamp_s - self._anchor_s)
        if self._estimate.ppm is not None:
            self._ppm = self._estimate.ppm
        if newest_s is None:
            return None
        off_s = newest_s - (self._given - self._taken) / self.rate_hz
        suspect_s, self._suspect_s = self._suspect_s, off_s if abs(off_s) > _JUMP_S else None
        if suspect_s is not None and self._suspect_s is not None and abs(suspect_s - off_s) < _ALIKE_S:
            return off_s
        return None

    def _out(self, samples: FloatArray) -> Steady:
        change = self._change(len(samples))
        changed = samples if change == 0 or self._before is None else stretched(self._before, samples, change)
        pts_s = self._anchor_s + self._given / self.rate_hz
        gap, self._gap = self._gap, False
        self._taken += len(samples)
        self._given += len(changed)
        self._end_s = self._anchor_s + self._given / self.rate_hz
        if len(samples) >= _SIDE:
            self._before = samples[-_SIDE:]
        elif self._before is not None:
            self._before = np.concatenate([self._before, samples])[-_SIDE:]
        return Steady(pts_s, changed, gap)

    def _change(self, count: int) -> int:
        """Samples to add, to take away (negative), or 0."""
        late_s = self._estimate.error_s(self._taken)
        if late_s is None:
            return 0
        late_s -= (self._given - self._taken) / self.rate_hz
        self._correcting = abs(late_s) > (_GOAL_S if self._correcting else _BAND_S)
        soon = self._taken - self._edited_at < _EDIT_EVERY_S * self.rate_hz
        if not self._correcting or soon or count < _LEAST_TO_EDIT or self._before is None:
            return 0
        self._edited_at = self._taken
        change = _FAR_SAMPLES if abs(late_s) > _FAR_S else 1
        return change if late_s > 0 else -change


def stretched(before: FloatArray, samples: FloatArray, change: int) -> FloatArray:
    """A few samples more or less over the same stretch of sound, continuous with what is before and after.

    Parameters
    ----------
    before : [8] f32, the samples just before.
    samples : [n] f32, n at least 64.
    change : samples to add, or to take away where negative; few in proportion to n.

    Returns
    -------
    [n + change] f32. The last eight samples are as they were; the others are read from the band-limited signal
    (a sinc of 16 taps under a Kaiser window) at even steps from the sample before the block to the ninth from its end.
    """
    weights, read_at = _weights(len(samples), change)
    signal = np.concatenate([before, samples])
    read = np.einsum("ij,ij->i", signal[read_at], weights)
    return np.concatenate([read, samples[-_SIDE:]])


@lru_cache(maxsize=16)
def _weights(length: int, change: int) -> tuple[FloatArray, NDArray[np.intp]]:
    """For each sample that comes out, [n + change - 8, 16]: the weights of those that it is read from, and which."""
    whole = length - _SIDE
    count = whole + change
    at = (np.arange(1, count + 1) * (whole / count)) - 1.0
    base = np.floor(at).astype(np.intp)
    offsets = np.arange(1 - _SIDE, _SIDE + 1)
    distance = (at - base)[:, None] - offsets
    weights = np.sinc(distance) * np.i0(6.0 * np.sqrt(np.clip(1 - (distance / _SIDE) ** 2, 0, None)))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights.astype(np.float32), base[:, None] + offsets + _SIDE
