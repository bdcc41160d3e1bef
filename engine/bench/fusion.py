"""A step of the fusion models: one utterance window to probabilities and attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.bench.bench import Bench, BenchSettings, BenchStage
from engine.bench.rows import Bar
from engine.config import AUDIO_DIM, AUDIO_HOP_S, FACE_RATE_HZ, SessionConfig
from engine.types import UtteranceWindow, Word

if TYPE_CHECKING:
    from engine.components import Components

_WORDS_HZ = 2.5
"""Words a second of ordinary speech."""


class FusionBench(Bench):
    """Both bundled models over a window of some seconds.

    Parameters
    ----------
    settings : the device.
    seconds : length of the utterance.
    """

    against = "published architecture, eager PyTorch"

    def __init__(self, settings: BenchSettings, seconds: float) -> None:
        self.what = f"utterance of {seconds:g} s through self- and cross-attention, with all attention weights"
        self.bar = Bar(of="ratio", at_least=3.0) if settings.device.kind == "cpu" else Bar(of="p50", at_most=0.002)
        self._settings, self._seconds = settings, seconds

    def prepare(self) -> None:
        """Load the bundled models, and make the published ones."""
        from engine.bench.published import PublishedStep
        from engine.components import load_components

        device = str(self._settings.device)
        components = load_components(SessionConfig(asr="none", device=device), audio=False, video=False)
        self._predictor = components.predictor
        self._window = noise_window(self._seconds, components)
        self._published = PublishedStep(device)

    def ours(self) -> object:
        """Predict, as a session does."""
        return self._predictor.predict(self._window)

    def baseline(self) -> object:
        """The published models, which pad every utterance to 10 s."""
        return self._published()


def noise_window(seconds: float, components: Components) -> UtteranceWindow:
    """A full window of noise; what it holds does not change how long it takes."""
    random = np.random.default_rng(0)

    def noise(rate_hz: float, dim: int) -> tuple[np.ndarray, np.ndarray]:
        times_s = np.arange(round(seconds * rate_hz)) / rate_hz
        return random.normal(size=(len(times_s), dim)).astype(np.float32), times_s

    audio, audio_times_s = noise(1 / AUDIO_HOP_S, AUDIO_DIM)
    video, video_times_s = noise(FACE_RATE_HZ, components.face_dim)
    text, text_times_s = noise(_WORDS_HZ, components.vectors.dim)
    return UtteranceWindow(
        start_s=0.0,
        end_s=seconds,
        audio=audio,
        audio_times_s=audio_times_s,
        video=video,
        video_times_s=video_times_s,
        text=text,
        text_times_s=text_times_s,
        words=tuple(
            Word(text="word", start_s=float(at), end_s=float(at) + 0.3, confidence=1.0, final=True)
            for at in text_times_s
        ),
    )


def _benches(settings: BenchSettings) -> Sequence[Bench]:
    return [FusionBench(settings, seconds) for seconds in (10.0, 3.0)]


STAGE = BenchStage(
    name="fusion", about="a step of both fusion models, against the published architecture", benches=_benches
)
