"""Speech recognition: how long it takes, and how much of it is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.bench.bench import BenchSettings
from engine.bench.media import sound
from engine.bench.rows import Row
from engine.bench.timed import Stopwatch
from engine.bench.word_error import word_error_rate
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.asr.base import Recognizer
    from engine.features.speech import Heard


class WordsStage:
    """The recogniser over a whole recording that has been heard before, fed as fast as it takes it."""

    name = "words"
    about = "speech recognition: time for a second of sound, and word error rate"
    _runs = 3

    def run(self, settings: BenchSettings) -> Iterator[Row]:
        """Measure.

        Raises
        ------
        AssetError : there is no recogniser.
        SourceError : the recording has no sound.
        """
        from engine.asr.choose import choose_recognizer

        heard, duration_s = hear(settings.recording)
        recognizer = choose_recognizer("auto")
        assert recognizer is not None
        watch, text = Stopwatch(), ""
        with recognizer:
            recognize(recognizer, heard)  # loads what is loaded late
            for _ in range(settings.runs(self._runs)):
                text = watch.time(lambda: recognize(recognizer, heard), duration_s)
        notes = (recognizer.reason,)
        yield Row(what="1 s of sound to words", ours=watch.spread, notes=notes)
        yield Row(what="speed of recognition", unit="x real time", value=1 / watch.spread.p50_s)
        if settings.file is None:
            error = word_error_rate(transcript(settings.recording), text)
            yield Row(what="word error rate on the sample", unit="%", value=100 * error)


def hear(path: Path) -> tuple[list[Heard], float]:
    """What hearing makes of a recording, and how long its sound lasts."""
    from engine.features.speech import Hearing

    hearing, whole = Hearing(), sound(path)
    return [*hearing.feed(whole), *hearing.flush()], len(whole.samples) / whole.rate_hz


def recognize(recognizer: Recognizer, heard: list[Heard]) -> str:
    """All that was said, as a new recogniser hears it."""
    recognizer.reset()
    updates = [update for one in heard for update in recognizer.feed(one)]
    final = {one.utterance: one.text for one in (*updates, *recognizer.flush()) if one.final}
    return " ".join(final[utterance] for utterance in sorted(final))


def transcript(recording: Path) -> str:
    """What is said in the sample, from the file beside it.

    Raises
    ------
    DataError : it cannot be read.
    """
    path = recording.with_suffix(".json")
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["transcript"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"cannot read {path} ({error!r}): install Attune again, or check the files out again"
        ) from error


STAGE = WordsStage()
