"""All of hearing: resampling, MFCC, voice activity and utterances."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bench.bench import Bench, BenchSettings, BenchStage
from engine.bench.media import in_blocks, sound

_BLOCK_S = 0.02


class HearingBench(Bench):
    """One second of sound, in blocks as a microphone gives them."""

    what = "1 s of sound through resampling, MFCC, voice activity and utterances, in blocks of 20 ms"

    def __init__(self, settings: BenchSettings) -> None:
        self._settings = settings

    def prepare(self) -> None:
        """Read the sound."""
        from engine.features.speech import Hearing

        whole = sound(self._settings.recording)
        self._blocks = in_blocks(whole.samples, whole.rate_hz, _BLOCK_S)
        self._hearing = Hearing()

    def ours(self) -> object:
        """Fifty blocks."""
        return [self._hearing.feed(next(self._blocks)) for _ in range(round(1 / _BLOCK_S))]


def _benches(settings: BenchSettings) -> Sequence[Bench]:
    return [HearingBench(settings)]


STAGE = BenchStage(name="hearing", about="all of hearing, sound to features and utterances", benches=_benches)
