"""Cost of hearing: run ``python -m pytest benchmarks/bench_audio.py``.

Compare ``mfcc_streaming_100_ms`` with ``mfcc_librosa_10_s``, which is what recomputing a 10 s window
every 100 ms would cost.
"""

from __future__ import annotations

from itertools import count

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from engine.features.audio import MfccExtractor, mfcc
from engine.features.speech import Hearing
from engine.types import AudioBlock, FloatArray

RATE_HZ = 16_000


def _noise(seconds: float) -> FloatArray:
    samples = np.random.default_rng(0).standard_normal(round(seconds * RATE_HZ)) * 0.05
    return samples.astype(np.float32)


def _block(samples: FloatArray, pts_s: float) -> AudioBlock:
    return AudioBlock(seq=0, pts_s=pts_s, captured_s=0.0, rate_hz=RATE_HZ, samples=samples)


def test_mfcc_streaming_100_ms(benchmark: BenchmarkFixture) -> None:
    extractor, samples, step = MfccExtractor(), _noise(0.1), count()
    extractor.feed(_block(samples, next(step) / 10))
    benchmark(lambda: extractor.feed(_block(samples, next(step) / 10)))


def test_mfcc_librosa_10_s(benchmark: BenchmarkFixture) -> None:
    samples = _noise(10.0)
    mfcc(samples)
    benchmark(lambda: mfcc(samples))


def test_hearing_100_ms(benchmark: BenchmarkFixture) -> None:
    hearing, samples, step = Hearing(), _noise(0.1), count()
    hearing.feed(_block(samples, next(step) / 10))
    benchmark(lambda: hearing.feed(_block(samples, next(step) / 10)))
