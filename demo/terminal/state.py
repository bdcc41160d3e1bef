"""What the terminal shows at one moment of playing: plain values, cut at the play position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.config import EMOTIONS, MODALITIES, Modality
from engine.types import Prediction, Word

if TYPE_CHECKING:
    from engine.timeline import Timeline
    from engine.utterance import Utterance

UNSURE_BELOW = 0.4
"""Top probability below which the answer is "unsure", unless the models' own figures say otherwise."""

HISTORY_S = 150.0
"""No terminal is so wide that its history shows more."""

_TRANSCRIPT_S = 30.0
"""How far back the transcript goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewState:
    """What is shown at one moment.

    Attributes
    ----------
    name : of the recording.
    position_s, duration_s, speed : of playing; the duration may be unknown.
    predictions : those of the last minutes up to the play position, in order of time.
    moment_s : newest point of the prediction grid up to the play position, None before the first; a
        newest prediction older than that means that nothing has been there since.
    present : modalities that are there now.
    words : the newest words up to the play position; a word that may still change is not final.
    latency_s : seconds per stage, for the newest prediction.
    unsure_below : top probability that is called unsure.
    behind_s : seconds of media time by which computing lags behind playing.
    step_s : time between two predictions.
    remarks : what the user should know about models and recording.
    labels : the classes, in the order of the probabilities.
    used : modalities that any model uses.
    recording : how a recording stands that is being made; "" without one.
    recording_problem : why it has ended early; "" where it has not.
    """

    name: str
    position_s: float
    duration_s: float | None
    speed: float = 1.0
    predictions: Sequence[Prediction] = ()
    moment_s: float | None = None
    present: tuple[Modality, ...] = ()
    words: tuple[Word, ...] = ()
    latency_s: Mapping[str, float] = field(default_factory=dict)
    unsure_below: float = UNSURE_BELOW
    behind_s: float = 0.0
    step_s: float = 0.5
    remarks: tuple[str, ...] = ()
    labels: tuple[str, ...] = EMOTIONS
    used: tuple[Modality, ...] = ("audio", "video", "text")
    recording: str = ""
    recording_problem: str = ""

    @property
    def newest(self) -> Prediction | None:
        """The prediction at the play position."""
        return self.predictions[-1] if self.predictions else None

    @property
    def current(self) -> bool:
        """Whether the newest prediction holds now, rather than before face and voice went away."""
        return self.newest is not None and self.newest.pts_s == self.moment_s

    @property
    def nothing(self) -> str:
        """What to say where there is nothing to predict from."""
        return "nothing to see or hear" if len(self.used) == len(MODALITIES) else "nothing that the models use"

    @property
    def missing(self) -> tuple[str, ...]:
        """What the models lack now of what they use, in words."""
        names = {"video": "no face", "audio": "no speech", "text": "no words"}
        return tuple(text for name, text in names.items() if name in self.used and name not in self.present)


def recent(timeline: Timeline, position_s: float) -> tuple[Prediction, ...]:
    """The predictions that a history may show: those of the last minutes up to a position."""
    moments = timeline.moments_between(position_s - HISTORY_S, position_s)
    return tuple(one for _, one in moments if one is not None)


def words_up_to(utterances: Sequence[Utterance], position_s: float) -> tuple[Word, ...]:
    """The words of the last half minute that have begun by a time."""
    from_s = position_s - _TRANSCRIPT_S
    near = [one for one in utterances if from_s < one.end_s and one.start_s <= position_s]
    return tuple(word for one in near for word in one.words if from_s < word.start_s <= position_s)


def certainty(probability: float, unsure_below: float = UNSURE_BELOW) -> str:
    """A probability in words.

    >>> certainty(0.97), certainty(0.7), certainty(0.5), certainty(0.3)
    ('almost certain', 'likely', 'perhaps', 'unsure')
    """
    if probability < unsure_below:
        return "unsure"
    if probability >= 0.9:
        return "almost certain"
    return "likely" if probability >= 0.6 else "perhaps"


def clock(seconds: float) -> str:
    """Media time for reading.

    >>> clock(75.26), clock(3600 + 61)
    ('01:15.2', '1:01:01.0')
    """
    tenths = int(max(seconds, 0.0) * 10 + 1e-6)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes:02d}"
    return f"{head}:{rest // 10:02d}.{rest % 10}"
