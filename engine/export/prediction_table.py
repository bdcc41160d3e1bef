"""The table of the predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from engine.analysis.palette import MODALITY_NAMES
from engine.config import Fusion, Modality
from engine.export.columns import Cell, Column, Table, unique
from engine.export.findings import Findings
from engine.timeline import Moment
from engine.types import FloatArray, Prediction


def prediction_table(findings: Findings) -> Table:
    """A row for every moment of a recording."""
    return Table(
        name="predictions",
        row_type="prediction",
        meaning="A row for every point of the prediction grid, also where nothing could be predicted.",
        columns=unique(_prediction_columns(findings.fusions, findings.labels, findings.modalities)),
        items=[_Row.of(one) for one in findings.moments],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A moment with the mean over its models, taken once: a column takes one number of it."""

    pts_s: float
    prediction: Prediction | None
    mean: FloatArray | None

    @classmethod
    def of(cls, moment: Moment) -> Self:
        pts_s, prediction = moment
        return cls(pts_s=pts_s, prediction=prediction, mean=None if prediction is None else prediction.probabilities)


def _prediction_columns(
    fusions: Sequence[Fusion], labels: Sequence[str], modalities: Sequence[Modality]
) -> Iterator[Column]:
    """Columns as those of ``attune analyze``, and further ones."""
    yield Column(
        name="time",
        kind="time",
        meaning="When: the end of what the models looked at. Every row has it.",
        value=lambda one: one.pts_s,
    )
    for fusion in fusions:
        for index, label in enumerate(labels):
            yield Column(
                name=f"{fusion}_{label}",
                kind="probability",
                meaning=f"Calibrated probability of {label} by the {fusion}-attention model; "
                "empty where it had nothing to predict from.",
                value=_by_fusion(fusion, index),
            )
    for index, label in enumerate(labels):
        yield Column(
            name=f"mean_{label}",
            kind="probability",
            meaning=f"Mean of the models' probabilities of {label}; empty without a prediction.",
            value=_mean(index),
        )
    yield Column(
        name="top",
        kind="text",
        meaning="The most probable emotion by the mean; empty without a prediction.",
        value=_top,
    )
    yield Column(
        name="top_probability",
        kind="probability",
        meaning="Its mean probability; empty without a prediction.",
        value=lambda one: None if one.mean is None else float(one.mean.max()),
    )
    for stream in ("video", "audio", "text"):
        looked = stream in modalities or stream != "video"  # words and voice are always listened to
        yield Column(
            name=MODALITY_NAMES[stream],
            kind="flag",
            meaning=f"Whether the models had the {MODALITY_NAMES[stream]} to predict from; empty without a prediction"
            + ("." if looked else ", and here everywhere, since no model looks at faces."),
            value=_present(stream, looked),
        )
    yield Column(
        name="utterance",
        kind="number",
        meaning="Number of the utterance it belongs to; empty between utterances and without a prediction.",
        value=lambda one: None if one.prediction is None else one.prediction.utterance,
    )
    yield Column(
        name="muted",
        kind="text",
        meaning="What the user had switched off, as face, voice and words with + between; empty where nothing was.",
        value=_muted,
    )
    yield Column(
        name="window_start",
        kind="time",
        values="any time",
        meaning="Beginning of what the models looked at, which may lie before the recording (negative); "
        "empty without a prediction.",
        value=lambda one: None if one.prediction is None else one.prediction.window_start_s,
    )


def _by_fusion(fusion: Fusion, index: int) -> Callable[[_Row], Cell]:
    def value(row: _Row) -> Cell:
        outcome = None if row.prediction is None else row.prediction.outcomes.get(fusion)
        return None if outcome is None else float(outcome.probabilities[index])

    return value


def _mean(index: int) -> Callable[[_Row], Cell]:
    return lambda row: None if row.mean is None else float(row.mean[index])


def _present(stream: str, looked: bool) -> Callable[[_Row], Cell]:
    return lambda row: None if row.prediction is None or not looked else stream in row.prediction.present


def _top(row: _Row) -> Cell:
    if row.prediction is None or row.mean is None:
        return None
    return row.prediction.labels[int(row.mean.argmax())]


def _muted(row: _Row) -> Cell:
    if row.prediction is None:
        return None
    names = [MODALITY_NAMES[one] for one in ("video", "audio", "text") if one in row.prediction.muted]
    return "+".join(names) or None
