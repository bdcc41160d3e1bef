"""A part of a recording that has been analysed in one go, and where the next one should begin."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.config import Modality
from engine.features.endpoint import LONGEST_S
from engine.features.window import FACE_SPAN_S
from engine.recall import Recall
from engine.session import Session
from engine.sources.media_file import MediaFile
from engine.types import Prediction

if TYPE_CHECKING:
    from engine.models.predictor import Predictor
    from engine.timeline import Timeline

PREROLL_S = 2.0
"""Sound and pictures before an utterance, for the noise floor and the face to settle."""

_GRAIN_S = 0.16
"""Voice frames, MFCC hops and samples at all usual rates begin at multiples of this from the start of a recording, so
that features of a later start lie exactly where they lie in a run from the beginning."""

_LISTEN_S = LONGEST_S + 5.0
_KNOWN_AFTER_S = 1.5  # what is said at a time is known to be speech by then


@dataclass(eq=False, slots=True, kw_only=True)
class Stretch:
    """A session over a part of a recording.

    Attributes
    ----------
    from_s : media time from which on it counts; it was begun earlier.
    step_s : distance of its predictions.
    session, recall : of the run.
    limit_s : media time up to which it counts.
    """

    from_s: float
    step_s: float
    session: Session
    recall: Recall
    limit_s: float = math.inf

    @property
    def timeline(self) -> Timeline:
        """What has been found."""
        return self.session.timeline

    @property
    def finished(self) -> bool:
        """Whether it has come to the end of the recording."""
        return self.session.finished

    @property
    def until_s(self) -> float:
        """Media time up to which it tells what to show: until the prediction after its newest would be due."""
        newest_s, _ = self.timeline.newest()
        until_s = self.from_s if newest_s is None else newest_s + self.step_s
        return min(self.session.until_s if self.finished else until_s, self.limit_s)

    def covers(self, position_s: float) -> bool:
        """Whether it tells what to show at a media time."""
        until_s = self.until_s
        return self.from_s <= position_s < until_s or (self.finished and position_s >= until_s == self.session.until_s)

    def predict_again(self, t: float, muted: frozenset[Modality], predictor: Predictor) -> None:
        """Put a prediction without the muted modalities in the place of the one at ``t``."""
        whole, utterance = self.recall.window_at(t)
        window = whole.without(muted)
        if not window.present:
            self.timeline.replace(t, None)
            return
        prediction = Prediction(
            pts_s=t,
            window_start_s=window.start_s,
            outcomes=predictor.predict(window),
            present=window.present,
            utterance=utterance,
            muted=muted,
        )
        self.timeline.replace(t, prediction)


def chain_end_s(stretches: Sequence[Stretch], position_s: float) -> float:
    """Media time up to which everything from ``position_s`` on is analysed; that time itself where nothing is.

    ``stretches`` are in order of their beginning.
    """
    end_s = position_s
    for one in stretches:
        if one.from_s <= end_s:
            end_s = max(end_s, one.until_s)
    return end_s


def first_gap_s(stretches: Sequence[Stretch], position_s: float, end_s: float) -> float | None:
    """Where the first part begins that is not analysed: after a position, else from the beginning; None without any."""
    for from_s in (position_s, 0.0):
        gap_s = chain_end_s(stretches, from_s)
        if gap_s < end_s:
            return gap_s
    return None


def beginning(
    path: Path, target_s: float, opened: Callable[[MediaFile], None] = lambda file: None
) -> tuple[float, float]:
    """Where to begin so that what is shown at ``target_s`` holds the whole utterance, or all faces between two.

    Parameters
    ----------
    path : the recording.
    target_s : media time.
    opened : gets the recording that is listened to; closing it gives up early.

    Returns
    -------
    from_s : from where on the stretch counts: the start of the utterance at ``target_s``, else ``target_s``.
    start_s : from where on the recording has to be read, a multiple of 0.16 s.
    """
    if target_s <= 0:
        return 0.0, 0.0
    speech_s = _utterance_start_s(path, target_s, opened)
    from_s = target_s if speech_s is None else speech_s
    return from_s, start_before(target_s - FACE_SPAN_S if speech_s is None else speech_s)


def start_before(from_s: float) -> float:
    """Where to begin reading for what counts from ``from_s`` on.

    >>> start_before(1.0), round(start_before(10.0), 9)
    (0.0, 8.0)
    """
    return max(0.0, math.floor((from_s - PREROLL_S) / _GRAIN_S + 1e-6) * _GRAIN_S)


def _utterance_start_s(path: Path, target_s: float, opened: Callable[[MediaFile], None]) -> float | None:
    """Start of the utterance that is being spoken at a media time, from listening to what is around it."""
    from engine.features.speech import Hearing
    from engine.types import AudioBlock

    with MediaFile(path, pictures=False, start_s=start_before(target_s - _LISTEN_S)) as file:
        if not file.info.has_audio:
            return None
        opened(file)
        hearing = Hearing()
        start_s: float | None = None
        for block in file:
            assert isinstance(block, AudioBlock)
            for event in (event for heard in hearing.feed(block) for event in heard.events):
                if event.pts_s > target_s:
                    return start_s
                start_s = event.pts_s if event.kind == "start" else None
            if block.pts_s > target_s + _KNOWN_AFTER_S:
                break
    return start_s
