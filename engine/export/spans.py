"""Stretches of time with a text as annotation programs want them: whole milliseconds, none empty, none overlapping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.export.findings import Findings
from engine.types import Prediction

SHORTEST_MS = 1
"""Neither ELAN nor Praat has annotations without a length: what has none gets this one."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A text from ``start_ms`` to ``end_ms``, which is later; ``label`` is the emotion that goes with it, or None."""

    start_ms: int
    end_ms: int
    text: str
    label: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms < self.end_ms:
            raise ValueError(f"a span begins at 0 or later, before its end; got {self.start_ms} to {self.end_ms}")


def span(start_s: float, end_s: float, text: str, label: str | None = None) -> Span:
    """A span of whole milliseconds, at least one long.

    >>> span(0.5, 0.5, "x")
    Span(start_ms=500, end_ms=501, text='x', label=None)
    """
    start_ms = max(0, round(1000 * start_s))
    return Span(start_ms, max(round(1000 * end_s), start_ms + SHORTEST_MS), text, label)


def lanes(spans: Iterable[Span]) -> list[list[Span]]:
    """Divide spans into as few rows as can be, none of which has an overlap; each in order of time.

    >>> one, two, three = span(0, 2, "a"), span(1, 3, "b"), span(2, 4, "c")
    >>> [[each.text for each in lane] for lane in lanes([one, two, three])]
    [['a', 'c'], ['b']]
    """
    rows: list[list[Span]] = []
    for one in sorted(spans, key=lambda each: (each.start_ms, each.end_ms)):
        row = next((row for row in rows if row[-1].end_ms <= one.start_ms), None)
        if row is None:
            rows.append([one])
        else:
            row.append(one)
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Predictions one after another with the same top emotion.

    Attributes
    ----------
    start_s, end_s : each prediction stands for the step before it, which is what it has newly seen and heard.
    label : the top emotion.
    probability : its mean over these predictions.
    """

    start_s: float
    end_s: float
    label: str
    probability: float

    def span(self, text: str) -> Span:
        """As a span with some text."""
        return span(self.start_s, self.end_s, text, self.label)


def emotion_runs(findings: Findings) -> list[Run]:
    """Where each emotion was on top; nothing where there was no prediction."""
    runs: list[list[Prediction]] = []
    before_s = -np.inf
    for pts_s, prediction in findings.moments:
        if prediction is not None:
            follows = bool(runs) and runs[-1][-1].pts_s == before_s and pts_s - before_s < 1.5 * findings.step_s
            if follows and runs[-1][-1].top == prediction.top:
                runs[-1].append(prediction)
            else:
                runs.append([prediction])
        before_s = pts_s
    return _placed(runs, findings.step_s)


def _placed(runs: Sequence[Sequence[Prediction]], step_s: float) -> list[Run]:
    placed: list[Run] = []
    for run in runs:
        begins_s = max(run[0].pts_s - step_s, placed[-1].end_s if placed else 0.0, 0.0)
        if run[-1].pts_s > begins_s:
            index = run[0].labels.index(run[0].top)
            mean = float(np.mean([one.probabilities[index] for one in run]))
            placed.append(Run(start_s=begins_s, end_s=run[-1].pts_s, label=run[0].top, probability=mean))
    return placed
