"""The tables of an analysed recording, with fixed formatting: equal predictions give equal bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.config import Fusion
from engine.types import FloatArray, Prediction, Word

if TYPE_CHECKING:
    from engine.utterance import Utterance


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write rows as CSV in UTF-8 with plain line ends."""
    path.write_bytes(csv_bytes(rows))


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as the content of a CSV file, as `write_csv` writes it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def prediction_rows(
    predictions: Sequence[Prediction],
    fusions: Sequence[Fusion],
    labels: Sequence[str],
    *,
    faces: bool = True,
) -> Iterator[list[str]]:
    """Heading, then a row per prediction.

    Columns: time; ``self_anger`` to ``cross_surprise``, the probabilities of each fusion model, empty where it had
    nothing to see or hear; top emotion and top probability of their mean; face, voice, words present as 0 or 1, the
    face empty where without ``faces`` nobody looked for one; utterance index or empty.
    """
    classes = [f"{fusion}_{name}" for fusion in fusions for name in labels]
    yield ["time", *classes, "top", "top_probability", "face", "voice", "words", "utterance"]
    for one in predictions:
        yield [
            f"{one.pts_s:.3f}",
            *(cell for fusion in fusions for cell in _cells(one, fusion, len(labels))),
            one.top,
            f"{one.probabilities.max():.6f}",
            str(int("video" in one.present)) if faces else "",
            *(str(int(name in one.present)) for name in ("audio", "text")),
            "" if one.utterance is None else str(one.utterance),
        ]


def _cells(one: Prediction, fusion: Fusion, count: int) -> list[str]:
    """The probabilities of one model."""
    outcome = one.outcomes.get(fusion)
    return [""] * count if outcome is None else [f"{value:.6f}" for value in outcome.probabilities]


def word_rows(words: Iterable[Word], source: str) -> Iterator[list[str]]:
    """Heading, then a row per word: word, start, end, confidence, and the recogniser that heard it."""
    yield ["word", "start", "end", "confidence", "source"]
    for one in words:
        yield [one.text, f"{one.start_s:.3f}", f"{one.end_s:.3f}", f"{one.confidence:.4f}", source]


def utterance_rows(utterances: Iterable[Utterance], labels: Sequence[str]) -> Iterator[list[str]]:
    """Heading, then a row per utterance: start, end, text, mean probabilities over its predictions, top.

    Probabilities and top are empty for an utterance that is shorter than the time between predictions.
    """
    yield ["utterance", "start", "end", "text", *labels, "top"]
    for one in utterances:
        scores = [""] * (len(labels) + 1)
        if one.top is not None:
            mean = np.mean(list(one.probabilities.values()), axis=0)
            scores = [*(f"{value:.6f}" for value in mean), one.top]
        yield [str(one.index), f"{one.start_s:.3f}", f"{one.end_s:.3f}", one.text, *scores]


def mean_probabilities(predictions: Sequence[Prediction]) -> FloatArray | None:
    """Mean over predictions, [k], or None when there is none."""
    if not predictions:
        return None
    mean: FloatArray = np.mean([one.probabilities for one in predictions], axis=0, dtype=np.float32)
    return mean
