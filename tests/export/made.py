"""Findings to export, by hand and drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from engine.annotations import Annotation
from engine.config import EMOTIONS, MODALITIES, Fusion
from engine.export.findings import Findings, plain_text
from engine.stages import Seen
from engine.timeline import Moment
from engine.types import Outcome, Prediction, Word
from engine.utterance import Utterance

FUSIONS: tuple[Fusion, ...] = ("self", "cross")


def outcome(top: int, certainty: float = 0.7, labels: tuple[str, ...] = EMOTIONS) -> Outcome:
    """Certainty for one class, and the rest for the others."""
    values = np.full(len(labels), (1 - certainty) / (len(labels) - 1), np.float32)
    values[top] = certainty
    return Outcome(probabilities=values, labels=labels)


def prediction(pts_s: float, top: int, certainty: float = 0.7, **others: Any) -> Prediction:
    outcomes = {fusion: outcome(top, certainty) for fusion in FUSIONS}
    return Prediction(**({"pts_s": pts_s, "window_start_s": 0.0, "outcomes": outcomes, "present": ("audio",)} | others))


def word(text: str, start_s: float, end_s: float) -> Word:
    return Word(text=text, start_s=start_s, end_s=end_s, confidence=0.5, final=True)


def utterance(index: int, words: Sequence[Word], start_s: float, end_s: float, *, top: int | None = 3) -> Utterance:
    probabilities = {} if top is None else {fusion: outcome(top).probabilities for fusion in FUSIONS}
    return Utterance(
        index=index, start_s=start_s, end_s=end_s, words=tuple(words), final=True, probabilities=probabilities
    )


def findings(**parts: Any) -> Findings:
    """Four seconds with a stretch without a prediction, one utterance, a span, a moment and a face."""
    moments: list[Moment] = [(0.5 * k, prediction(0.5 * k, 3 if k < 3 else 5)) for k in range(1, 9)]
    moments[4] = (2.5, None)
    only = prediction(4.0, 5, outcomes={"self": outcome(5)}, muted=frozenset({"video", "text"}), utterance=0)
    moments[7] = (4.0, only)
    made: dict[str, Any] = {
        "name": "talk.mp4",
        "media": None,
        "duration_s": 4.0,
        "step_s": 0.5,
        "moments": tuple(moments),
        "utterances": (utterance(0, [word("hello", 0.5, 1.0), word("there", 1.0, 1.5)], 0.4, 1.8),),
        "annotations": (
            Annotation(id="a1", start_s=1.0, end_s=3.0, text="laughs, twice", label="happy", key="1"),
            Annotation(id="a2", start_s=2.0, end_s=2.0, text="here"),
        ),
        "fusions": FUSIONS,
        "labels": EMOTIONS,
        "modalities": MODALITIES,
        "recognizer": "whisper tiny.en",
        "seen": (Seen(pts_s=0.0, box=(2.0, 2.0, 20.0, 20.0)),),
    }
    return Findings(**(made | parts))


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


STRANGE = [
    "=1+1",
    "'=x",
    "-",
    "@a",
    "+1",
    "\t",
    "a\nb",
    'say "so"',
    "{\\i1}",
    "-->",
    "<v X>",
    "&amp;",
    "😀",
    "سلام",
    "世界",
]
_TIMES = st.floats(0, 20, allow_nan=False).map(lambda time_s: round(time_s, 4))
TEXTS = st.one_of(st.sampled_from(STRANGE), st.text(max_size=60).map(plain_text))


@st.composite
def words_drawn(draw: st.DrawFn) -> tuple[Word, ...]:
    starts = sorted(draw(st.lists(_TIMES, max_size=8)))
    return tuple(
        word(draw(TEXTS), start_s, start_s + draw(st.sampled_from([0.0, 0.0004, 0.3, 2.0]))) for start_s in starts
    )


@st.composite
def annotations_drawn(draw: st.DrawFn) -> tuple[Annotation, ...]:
    made = []
    for number, start_s in enumerate(sorted(draw(st.lists(_TIMES, max_size=6)))):
        label = draw(st.one_of(st.none(), st.sampled_from(["happy", "so so", "="])))
        end_s = start_s + draw(st.sampled_from([0.0, 0.0001, 1.0, 5.0]))
        made.append(Annotation(id=str(number), start_s=start_s, end_s=end_s, text=draw(TEXTS), label=label))
    return tuple(made)


@st.composite
def moments_drawn(draw: st.DrawFn) -> tuple[Moment, ...]:
    tops = draw(st.lists(st.one_of(st.none(), st.integers(0, len(EMOTIONS) - 1)), max_size=12))
    certain = draw(st.sampled_from([0.2, 0.7, 1.0]))
    return tuple((0.5 * k, None if top is None else prediction(0.5 * k, top, certain)) for k, top in enumerate(tops, 1))


@st.composite
def findings_drawn(draw: st.DrawFn) -> Findings:
    """Anything that can be found: also nothing, overlaps, and spans without a length."""
    moments = draw(moments_drawn())
    spoken = [draw(words_drawn()) for _ in range(draw(st.integers(0, 3)))]
    utterances = []
    for index, words in enumerate(spoken):
        start_s = min((one.start_s for one in words), default=1.0)
        end_s = max((one.end_s for one in words), default=1.0)
        utterances.append(utterance(index, words, start_s, end_s, top=draw(st.sampled_from([None, 0, 3]))))
    annotations = draw(annotations_drawn())
    ends = [moments[-1][0] if moments else 0.0, *(one.end_s for one in (*utterances, *annotations))]
    return findings(
        name=draw(TEXTS),
        moments=moments,
        utterances=tuple(utterances),
        annotations=annotations,
        duration_s=max(ends),
        media=draw(st.sampled_from([None, Path("a b&ü.mp4")])),
    )
