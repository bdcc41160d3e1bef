"""Sound made faster or slower without a change of pitch."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from av import AudioFrame, FFmpegError
from av.filter import Graph

from engine.types import FloatArray

_SLOWEST_STEP, _FASTEST_STEP = 0.5, 2.0
"""What one stage of libav's filter does well: below it does nothing, above it leaves sound out instead of blending."""


def stages_of(speed: float) -> list[float]:
    """Factors within what one stage does well whose product is the speed.

    Examples
    --------
    >>> stages_of(0.25), stages_of(3.0), stages_of(1.5)
    ([0.5, 0.5], [2.0, 1.5], [1.5])
    """
    stages = []
    while speed < _SLOWEST_STEP:
        stages.append(_SLOWEST_STEP)
        speed /= _SLOWEST_STEP
    while speed > _FASTEST_STEP:
        stages.append(_FASTEST_STEP)
        speed /= _FASTEST_STEP
    return [*stages, speed]


def early_s(rate_hz: int, speed: float) -> float:
    """How much too early, in seconds of input, what comes out of these stages is on average.

    Each stage blends windows of a power of two samples, 1/24 s or a little more, and starts with half of one.

    Examples
    --------
    >>> round(early_s(48000, 2.0), 4), round(early_s(48000, 4.0), 4), early_s(48000, 1.0)
    (0.0213, 0.064, 0.0)
    """
    if speed == 1.0:
        return 0.0
    window = 1 << math.ceil(math.log2(rate_hz / 24))
    passed, total_s = 1.0, 0.0
    for factor in stages_of(speed):
        total_s += passed * window / 2 / rate_hz
        passed *= factor
    return total_s


class Tempo:
    """Changes the tempo by WSOLA (libav's ``atempo``).

    Parameters
    ----------
    rate_hz : of the samples, in and out.
    channels : 1 or 2.
    speed : seconds of input per second of output.
    """

    def __init__(self, rate_hz: int, channels: int, speed: float) -> None:
        self._rate_hz = rate_hz
        self._layout = "mono" if channels == 1 else "stereo"
        self._channels = channels
        self._pushed = 0
        graph = Graph()
        first = last = graph.add_abuffer(
            sample_rate=rate_hz, format="flt", layout=self._layout, time_base=Fraction(1, rate_hz)
        )
        for factor in stages_of(speed):
            stage = graph.add("atempo", f"{factor:.6f}")
            last.link_to(stage)
            last = stage
        sink = graph.add("abuffersink")
        last.link_to(sink)
        graph.configure()
        self._graph, self._source, self._sink = graph, first, sink

    def push(self, samples: FloatArray) -> FloatArray:
        """Take the next samples, [n, channels], and return what is finished, [m, channels]."""
        if not len(samples):
            return samples
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), "flt", self._layout)
        frame.rate, frame.pts, frame.time_base = self._rate_hz, self._pushed, Fraction(1, self._rate_hz)
        self._pushed += len(samples)
        self._source.push(frame)
        return self._pull()

    def finish(self) -> FloatArray:
        """What is still inside, [m, channels]; nothing can be pushed after it."""
        self._source.push(None)
        return self._pull()

    def _pull(self) -> FloatArray:
        parts: list[FloatArray] = [np.zeros((0, self._channels), np.float32)]
        while True:
            try:
                frame = self._sink.pull()
            except (BlockingIOError, EOFError, FFmpegError):
                return np.concatenate(parts)
            if isinstance(frame, AudioFrame):
                parts.append(frame.to_ndarray().reshape(-1, self._channels).astype(np.float32))
