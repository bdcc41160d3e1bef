"""A whole recording through all stages, recognition included, as `attune analyze` does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.bench.bench import BenchSettings
from engine.bench.rows import Bar, Row
from engine.bench.timed import Stopwatch
from engine.config import SessionConfig

if TYPE_CHECKING:
    from engine.analysis.recording import Analysis
    from engine.components import Components


class PipelineStage:
    """The whole analysis, in turns with a naive loop over the beginning of the same recording."""

    name = "pipeline"
    about = "analysis of a whole recording, against a naive loop of all baselines"
    _runs = 3
    _naive_s, _quick_naive_s = 10.0, 2.0

    def run(self, settings: BenchSettings) -> Iterator[Row]:
        """Measure."""
        from engine.bench.naive import NaiveLoop
        from engine.components import load_components

        config = SessionConfig(device=str(settings.device))
        naive_s = self._quick_naive_s if settings.quick else self._naive_s
        ours, theirs = Stopwatch(), Stopwatch()
        with load_components(config) as components:
            naive = NaiveLoop(config.device, components.recognizer)
            naive.run(settings.recording, 1.0)
            done = analyze(settings, components, config)
            for _ in range(settings.runs(self._runs)):
                ours.time(lambda: analyze(settings, components, config), done.duration_s)
                theirs.time(lambda: naive.run(settings.recording, naive_s), min(naive_s, done.duration_s))
        yield Row(
            what=f"1 s of a recording ({done.duration_s:.0f} s long) through all stages",
            ours=ours.spread,
            baseline=theirs.spread,
            against="naive loop of all baselines",
            notes=(
                f"the naive loop runs over the first {naive_s:g} s: MTCNN at 6 Hz (not at the 25 Hz of the recording), "
                "ResNet-101 at 3 Hz, librosa at 10 Hz, the published models at 2 Hz, and the same recogniser",
            ),
        )
        bar = Bar(of="value", at_least=6.0)
        yield Row(what="speed of analysis", unit="x real time", value=1 / ours.spread.p50_s, bar=bar)


def analyze(settings: BenchSettings, components: Components, config: SessionConfig) -> Analysis:
    """Analyse the recording once."""
    from engine.analysis.recording import analyze_source
    from engine.sources.media_file import MediaFile

    with MediaFile(settings.recording, frame_hz=config.track_hz) as source:
        return analyze_source(source, components, config)


STAGE = PipelineStage()
