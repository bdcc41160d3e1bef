"""Tiers for Praat (.TextGrid), written with praatio."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.annotations import Annotation
from engine.export.cues import one_line, said
from engine.export.findings import Findings
from engine.export.spans import Span, emotion_runs, lanes, span


def write_textgrid(path: Path, findings: Findings) -> None:
    """Write interval tiers ``words``, ``utterances``, ``emotion``, ``probability`` and ``annotations``, and a point
    tier ``moments``.

    Intervals fill the whole of each tier; where nothing is, they are empty. What overlaps goes to a further tier with a
    number. Times are whole milliseconds, and an interval is at least one long. Line ends in a text become spaces.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    from praatio.data_classes.interval_tier import IntervalTier
    from praatio.data_classes.point_tier import PointTier
    from praatio.data_classes.textgrid import Textgrid

    runs = emotion_runs(findings)
    spans = [one for one in findings.annotations if not one.moment]
    intervals: dict[str, list[Span]] = {}
    intervals |= _rows("words", (span(one.start_s, one.end_s, one.text) for _, one in findings.words))
    intervals |= _rows("utterances", (span(one.start_s, one.end_s, said(one)) for one in findings.utterances))
    intervals |= _rows("emotion", (one.span(one.label) for one in runs))
    intervals |= _rows("probability", (one.span(f"{one.probability:.2f}") for one in runs))
    intervals |= _rows("annotations", (span(one.start_s, one.end_s, _text(one)) for one in spans))
    points = _points([one for one in findings.annotations if one.moment])
    end_s = _end_ms(findings, intervals, points) / 1000
    grid = Textgrid(0.0, end_s)
    for name, row in intervals.items():
        entries = [(one.start_ms / 1000, one.end_ms / 1000, one_line(one.text)) for one in row]
        grid.addTier(IntervalTier(name, entries, 0.0, end_s), reportingMode="error")
    for name, marks in points.items():
        at = [(time_ms / 1000, one_line(text)) for time_ms, text in marks]
        grid.addTier(PointTier(name, at, 0.0, end_s), reportingMode="error")
    grid.save(str(path), "long_textgrid", includeBlankSpaces=True, reportingMode="error")


def _rows(name: str, spans: Iterable[Span]) -> dict[str, list[Span]]:
    return {_numbered(name, number): lane for number, lane in enumerate(lanes(spans) or [[]])}


def _points(moments: Sequence[Annotation]) -> dict[str, list[tuple[int, str]]]:
    """Points of each tier; Praat has no two points of one tier at the same time."""
    rows: list[dict[int, str]] = [{}]
    for one in moments:
        time_ms = round(1000 * one.start_s)
        row = next((row for row in rows if time_ms not in row), None)
        if row is None:
            rows.append(row := {})
        row[time_ms] = _text(one)
    return {_numbered("moments", number): sorted(row.items()) for number, row in enumerate(rows)}


def _numbered(name: str, number: int) -> str:
    return name if number == 0 else f"{name} {number + 1}"


def _end_ms(findings: Findings, intervals: dict[str, list[Span]], points: dict[str, list[tuple[int, str]]]) -> int:
    ends = [one.end_ms for row in intervals.values() for one in row]
    return max([round(1000 * findings.duration_s), 1, *ends, *(time for row in points.values() for time, _ in row)])


def _text(one: Annotation) -> str:
    """An annotation as one text: its label in brackets, and what was noted."""
    return " ".join(part for part in (f"[{one.label}]" if one.label is not None else "", one.text) if part)
