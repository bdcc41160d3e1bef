"""Features of the voice: computed as the sound comes, against the whole window anew ten times a second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.bench.bench import Bench, BenchSettings, BenchStage
from engine.bench.media import in_blocks, sound
from engine.bench.rows import Bar
from engine.config import SAMPLE_RATE_HZ

_BLOCK_S, _WINDOW_S = 0.1, 10.0
_TURNS = round(1 / _BLOCK_S)


class MfccBench(Bench):
    """One second of sound, in ten blocks."""

    what = "1 s of sound to 40 MFCC with both derivatives, in blocks of 100 ms"
    against = "librosa on the whole 10 s window, ten times a second"
    bar = Bar(of="ratio", at_least=20.0)

    def __init__(self, settings: BenchSettings) -> None:
        self._settings = settings

    def prepare(self) -> None:
        """Read the sound, at the rate of the features."""
        from engine.features.audio import MfccExtractor, Resampler, mfcc

        resampler, whole = Resampler(), sound(self._settings.recording)
        samples = np.concatenate([one.samples for one in (*resampler.feed(whole), *resampler.flush())])
        self._window = np.resize(samples, round(_WINDOW_S * SAMPLE_RATE_HZ))
        self._blocks = in_blocks(samples, SAMPLE_RATE_HZ, _BLOCK_S)
        self._extractor, self._mfcc = MfccExtractor(), mfcc

    def ours(self) -> object:
        """Ten blocks."""
        return [self._extractor.feed(next(self._blocks)) for _ in range(_TURNS)]

    def baseline(self) -> object:
        """Ten windows."""
        return [self._mfcc(self._window) for _ in range(_TURNS)]


def _benches(settings: BenchSettings) -> Sequence[Bench]:
    return [MfccBench(settings)]


STAGE = BenchStage(name="mfcc", about="features of the voice, against librosa", benches=_benches)
