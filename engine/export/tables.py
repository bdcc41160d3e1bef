"""Every exported table with its columns, defined once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from engine.annotations import Annotation
from engine.config import Fusion
from engine.export.columns import Cell, Column, Kind, Table, unique
from engine.export.findings import Findings, mean_of
from engine.export.prediction_table import prediction_table
from engine.types import Word
from engine.utterance import Utterance


def tables(findings: Findings) -> tuple[Table, ...]:
    """Predictions, words, utterances and annotations of a recording."""
    return (prediction_table(findings), _words(findings), _utterances(findings), _annotations(findings))


def _words(findings: Findings) -> Table:
    Pair: TypeAlias = tuple[int, Word]

    def source(_: Pair) -> Cell:
        return findings.recognizer or None

    columns = (
        Column(name="word", kind="text", meaning="The word as it was recognised.", value=lambda one: one[1].text),
        Column(name="start", kind="time", meaning="Its beginning.", value=lambda one: one[1].start_s),
        Column(name="end", kind="time", meaning="Its end.", value=lambda one: one[1].end_s),
        Column(
            name="confidence",
            kind="confidence",
            meaning="How sure the recogniser was, in its own measure.",
            value=lambda one: one[1].confidence,
        ),
        Column(name="source", kind="text", meaning="The recogniser that heard it.", value=source),
        Column(name="utterance", kind="number", meaning="Number of its utterance.", value=lambda one: one[0]),
    )
    return Table(
        name="words",
        row_type="word",
        meaning="A row for every word that a recogniser settled on.",
        columns=columns,
        items=findings.words,
    )


def _utterances(findings: Findings) -> Table:
    return Table(
        name="utterances",
        row_type="utterance",
        meaning="A row for everything that was said without a long pause.",
        columns=unique(_utterance_columns(findings.fusions, findings.labels)),
        items=findings.utterances,
    )


def _utterance_columns(fusions: Sequence[Fusion], labels: Sequence[str]) -> Iterator[Column]:
    yield Column(name="utterance", kind="number", meaning="Its number.", value=lambda one: one.index)
    yield Column(name="start", kind="time", meaning="Its beginning.", value=lambda one: one.start_s)
    yield Column(name="end", kind="time", meaning="Its end.", value=lambda one: one.end_s)
    yield Column(
        name="text",
        kind="text",
        meaning="Its words with spaces between; empty where none were recognised.",
        value=lambda one: one.text or None,
    )
    for index, label in enumerate(labels):
        yield Column(
            name=label,
            kind="probability",
            meaning=f"Probability of {label}: mean over the models of their means over the predictions within it; "
            "empty where it had no prediction.",
            value=_utterance_mean(index),
        )
    yield Column(
        name="top",
        kind="text",
        meaning="The most probable emotion by these; empty where it had no prediction.",
        value=lambda one: one.top,
    )
    for fusion in fusions:
        for index, label in enumerate(labels):
            yield Column(
                name=f"{fusion}_{label}",
                kind="probability",
                meaning=f"Mean probability of {label} by the {fusion}-attention model; "
                "empty where it had no prediction.",
                value=_utterance_by_fusion(fusion, index),
            )
    yield Column(
        name="final",
        kind="flag",
        meaning="Whether its words were settled: 0 where no recogniser ran, or the recording ended before.",
        value=lambda one: one.final,
    )
    yield Column(
        name="missing",
        kind="flag",
        meaning="Whether the recogniser failed meanwhile, so that words may be missing.",
        value=lambda one: one.missing,
    )


def _utterance_mean(index: int) -> Callable[[Utterance], Cell]:
    def value(utterance: Utterance) -> Cell:
        mean = mean_of(utterance)
        return None if mean is None else float(mean[index])

    return value


def _utterance_by_fusion(fusion: Fusion, index: int) -> Callable[[Utterance], Cell]:
    def value(utterance: Utterance) -> Cell:
        found = utterance.probabilities.get(fusion)
        return None if found is None else float(found[index])

    return value


def _annotations(findings: Findings) -> Table:
    def column(name: str, kind: Kind, meaning: str, value: Callable[[Annotation], Cell]) -> Column:
        return Column(name=name, kind=kind, meaning=meaning, value=value)

    columns = (
        column("id", "text", "Tells it from the others of the recording.", lambda one: one.id),
        column("start", "time", "Its beginning.", lambda one: one.start_s),
        column("end", "time", "Its end; equal to the beginning for a moment.", lambda one: one.end_s),
        column("text", "text", "What was noted; empty where nothing was.", lambda one: one.text or None),
        column("label", "text", "The emotion that a person gave it; empty without one.", lambda one: one.label),
        column("key", "text", "The key it was marked with; empty for others.", lambda one: one.key),
    )
    return Table(
        name="annotations",
        row_type="annotation",
        meaning="A row for every moment or span that a person marked.",
        columns=columns,
        items=findings.annotations,
    )
