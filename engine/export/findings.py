"""What was found in one recording, from wherever it comes: what every export is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.annotations import Annotation, Annotations
from engine.config import Fusion, Modality
from engine.errors import DataError
from engine.faults import Fault
from engine.stages import Seen
from engine.timeline import Moment
from engine.types import Prediction, Word
from engine.utterance import Utterance

if TYPE_CHECKING:
    from engine.timeline import Timeline


LONGEST_S = 4_000_000.0
"""Times of ELAN are milliseconds in 32 bits; nothing longer is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that can be exported. All times are seconds from the beginning of the recording.

    Attributes
    ----------
    name : of the recording, as text that can be shown.
    media : the file with its pictures and sound, None where there is none.
    duration_s : length of the recording.
    step_s : time between two predictions.
    moments : every point of the prediction grid with its prediction, or None.
    utterances : with their words.
    annotations : what people have marked.
    fusions, labels, modalities : of the models: their kinds, the classes, what any of them uses.
    recognizer : name of the speech recogniser, "" where none ran.
    seen : where faces were, in pixels of the upright picture.
    faults : what went wrong meanwhile.
    about : where all this comes from, as values that JSON can hold.
    media_origin_s : time of the recording at which the first picture or sound of ``media`` comes.
    private : whether the exported files should be readable for their owner alone.
    """

    name: str
    media: Path | None
    duration_s: float
    step_s: float
    moments: tuple[Moment, ...]
    utterances: tuple[Utterance, ...]
    annotations: tuple[Annotation, ...]
    fusions: tuple[Fusion, ...]
    labels: tuple[str, ...]
    modalities: tuple[Modality, ...]
    recognizer: str = ""
    seen: tuple[Seen, ...] = ()
    faults: tuple[Fault, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    media_origin_s: float = 0.0
    private: bool = False

    def __post_init__(self) -> None:
        words = [word.end_s for one in self.utterances for word in one.words]
        if not max([self.duration_s, *words, *(pts_s for pts_s, _ in self.moments)]) < LONGEST_S:
            raise DataError(f"{self.name} has times beyond {LONGEST_S / 86400:.0f} days: its files are damaged")
        for _, prediction in self.moments:
            if prediction is not None and prediction.labels != self.labels:
                raise DataError(
                    f"the predictions of {self.name} are of other classes than its models: record or analyse it anew"
                )

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """All predictions, in order of time."""
        return tuple(one for _, one in self.moments if one is not None)

    @property
    def words(self) -> tuple[tuple[int, Word], ...]:
        """Every final word with the index of its utterance."""
        return tuple((one.index, word) for one in self.utterances if one.final for word in one.words)


def plain_text(text: str) -> str:
    r"""Text that every format can hold: what is no character of Unicode is replaced.

    >>> plain_text("a\ud800b")
    'a?b'
    """
    return text.encode(errors="replace").decode()


def of_timeline(
    timeline: Timeline,
    *,
    from_s: float,
    duration_s: float,
    annotations: Annotations,
    seen: Sequence[Seen],
    faults: Sequence[Fault],
    **others: Any,
) -> Findings:
    """Findings whose time begins with the recording at ``from_s`` of the session."""
    to_file: Callable[[float], float] = lambda time_s: max(0.0, time_s - from_s)  # noqa: E731
    moments = tuple((pts_s - from_s, _moved(one, from_s)) for pts_s, one in timeline.moments if pts_s >= from_s)
    utterances = tuple(_utterance(one, from_s) for one in timeline.utterances if one.end_s > from_s or from_s == 0.0)
    marked = tuple(
        replace(one, start_s=to_file(one.start_s), end_s=to_file(one.end_s), **_texts(one))
        for one in annotations
        if one.end_s >= from_s
    )
    return Findings(
        moments=moments,
        utterances=utterances,
        annotations=marked,
        faults=tuple(replace(one, pts_s=one.pts_s - from_s, text=plain_text(one.text)) for one in faults),
        seen=tuple(replace(one, pts_s=one.pts_s - from_s) for one in seen if one.pts_s >= from_s),
        duration_s=max([duration_s, *(one.end_s for one in utterances), *(one.end_s for one in marked)]),
        **others,
    )


def _moved(prediction: Prediction | None, from_s: float) -> Prediction | None:
    if prediction is None or from_s == 0.0:
        return prediction
    return replace(prediction, pts_s=prediction.pts_s - from_s, window_start_s=prediction.window_start_s - from_s)


def _utterance(one: Utterance, from_s: float) -> Utterance:
    """The part of an utterance that is in the recording."""
    words = tuple(
        replace(word, text=plain_text(word.text), start_s=max(0.0, word.start_s - from_s), end_s=word.end_s - from_s)
        for word in one.words
        if word.end_s >= from_s
    )
    return replace(one, start_s=max(0.0, one.start_s - from_s), end_s=one.end_s - from_s, words=words)


def _texts(one: Annotation) -> dict[str, Any]:
    parts = {"id": one.id, "text": one.text, "label": one.label, "key": one.key}
    return {name: text if text is None else plain_text(text) for name, text in parts.items()}


def mean_of(utterance: Utterance) -> np.ndarray[Any, np.dtype[np.float32]] | None:
    """Mean probabilities of an utterance over its predictions and the models, [k] f32; None without predictions."""
    if not utterance.probabilities:
        return None
    every = np.stack(list(utterance.probabilities.values()))
    mean: np.ndarray[Any, np.dtype[np.float32]] = every.mean(axis=0, dtype=np.float32)
    return mean
