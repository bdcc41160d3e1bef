"""From what a session finds to the messages that other programs get."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.output import schema
from engine.types import Prediction

if TYPE_CHECKING:
    from engine.annotations import Annotation
    from engine.asr.base import TranscriptUpdate
    from engine.faults import Fault
    from engine.features.endpoint import SpeechEvent
    from engine.output.outputs import Outputs
    from engine.sources.device import DeviceState
    from engine.stages import Report

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a session is about.

    Attributes
    ----------
    source : its name.
    live : whether it is seen and heard now.
    duration_s : of a recording, None where it is not known.
    labels, fusions : classes and models, in order.
    step_s : media time between two predictions.
    unsure_below : top probability of the mean that is called unsure.
    certainty : the top probability of a prediction's mean in words, as the user sees it.
    """

    source: str
    live: bool
    duration_s: float | None
    labels: tuple[str, ...]
    fusions: tuple[str, ...]
    step_s: float
    unsure_below: float
    certainty: Callable[[Prediction], str]


class Feed:
    """Publishes one session. Nothing here raises, and nothing waits for a reader. From any thread.

    Parameters
    ----------
    outputs : where messages go.
    about : the session.
    instant_s : ``time.monotonic()`` at which a media time was captured, or played.
    """

    rate = 1.0
    """Media seconds that pass in a second."""

    def __init__(self, outputs: Outputs, about: About, instant_s: Callable[[float], float]) -> None:
        self._outputs, self._about = outputs, about
        self._instant_s = instant_s
        self._begun = self._ended = False
        self._newest_s = 0.0
        self._states: dict[str, tuple[str, str]] = {}
        self._failed = False

    def predicted(self, pts_s: float, prediction: Prediction | None) -> None:
        """Tell a point of the grid, as `Session` hands it on."""
        if prediction is None:
            self.say(schema.nothing, pts_s)
        else:
            self.say(lambda: schema.prediction(prediction, self._about.certainty(prediction)), pts_s)

    def event(self, event: SpeechEvent, number: int) -> None:
        """Tell that an utterance has begun or ended."""
        self.say(lambda: schema.utterance(event.kind, number, event.pts_s), event.known_s)

    def words(self, update: TranscriptUpdate, number: int) -> None:
        """Tell the words of an utterance."""
        said, final, missing = update.words, update.final, update.missing
        self.say(lambda: schema.words(number, said, final=final, missing=missing), update.pts_s)

    def faulted(self, fault: Fault) -> None:
        """Tell a fault."""
        self.say(lambda: schema.fault(fault), fault.pts_s)

    def annotate(self, annotation: Annotation) -> None:
        """Tell what a person has marked, now."""
        self.say(lambda: schema.annotation(annotation), max(self._newest_s, annotation.end_s))

    def devices(self, states: Iterable[DeviceState], position_s: float) -> None:
        """Tell which devices stand otherwise than before."""
        for one in states:
            now = (str(one.status), one.message)
            if self._states.get(one.kind) != now:
                self._states[one.kind] = now
                self.say(partial(schema.device, one.kind, one.name, str(one.status), one.message), position_s)

    def end(self, position_s: float | None = None) -> None:
        """Tell that the session is over; again is harmless."""
        if self._begun and not self._ended:
            self.say(schema.end, self._newest_s if position_s is None else position_s)
            self._ended = True

    def say(self, fields: Callable[[], dict[str, Any]], t_s: float) -> None:
        """Publish a message about a media time, after the first one of the session."""
        with self.guarded():
            if self._ended:
                return
            if not self._begun:
                self._begun = True
                self._hello()
            self._newest_s = max(self._newest_s, t_s)
            self._outputs.publish(fields(), t_s, self._instant_s(t_s), self.rate)

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Let nothing out: a session must not end because of who looks on. The first mistake is logged."""
        try:
            yield
        except Exception as error:
            if not self._failed:
                _log.error("a message for other programs failed", exc_info=error)
            self._failed = True

    def _hello(self) -> None:
        about = self._about
        zero_s = self._instant_s(0.0)
        fields = schema.hello(
            source=about.source,
            live=about.live,
            duration_s=about.duration_s,
            labels=about.labels,
            fusions=about.fusions,
            step_s=about.step_s,
            unsure_below=about.unsure_below,
            zero_unix_s=time.time() - (time.monotonic() - zero_s) if about.live else None,
        )
        self._outputs.publish(fields, 0.0, zero_s, self.rate)


class LiveFeed(Feed):
    """Publishes a live session as it goes: its methods are the listeners of a `Session`.

    Parameters
    ----------
    outputs, about : as for a `Feed`.
    position_s : media time now.
    """

    def __init__(self, outputs: Outputs, about: About, position_s: Callable[[], float]) -> None:
        super().__init__(outputs, about, self._captured_s)
        self._position_s = position_s
        self._zero_s: float | None = None

    def record(self, report: Report) -> None:
        """Tell utterances and words of what a stage has reported."""
        for heard in report.heard:
            for event in heard.events:
                self.event(event, event.utterance)
        for update in report.updates:
            self.words(update, update.utterance)

    def _captured_s(self, media_s: float) -> float:
        if self._zero_s is None:
            self._zero_s = time.monotonic() - self._position_s()
        return self._zero_s + media_s
