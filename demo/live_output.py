"""Between what is shown and the output for other programs: both get the same, at the same time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Self

from demo.live_show import LiveShow
from demo.showing import thresholds
from demo.terminal.state import UNSURE_BELOW, certainty
from engine.annotations import Annotations
from engine.faults import Fault
from engine.output.feed import About, Feed, LiveFeed
from engine.output.play_feed import Heard, PlayFeed

if TYPE_CHECKING:
    from demo.marks import Marks
    from demo.show import Show
    from engine.components import Components
    from engine.config import SessionConfig
    from engine.output.outputs import Outputs
    from engine.session import Session
    from engine.sources.live import LiveSource
    from engine.timeline import Timeline
    from engine.types import Prediction


_END_S = 0.05


def about_of(
    name: str, duration_s: float | None, *, live: bool, components: Components, config: SessionConfig
) -> About:
    """What readers are told at the beginning; certainty is in the words, and at the threshold, that the user sees."""
    predictor = components.predictor
    limits = thresholds(predictor.info)

    def words(made: Prediction) -> str:
        known = [limits[fusion] for fusion in made.outcomes if fusion in limits]
        return certainty(float(made.probabilities.max()), sum(known) / len(known) if known else UNSURE_BELOW)

    return About(
        source=name,
        live=live,
        duration_s=duration_s,
        labels=tuple(predictor.labels),
        fusions=tuple(predictor.fusions),
        step_s=config.step_s,
        unsure_below=sum(limits.values()) / len(limits) if limits else UNSURE_BELOW,
        certainty=words,
    )


class Beside:
    """The output beside the terminal's view.

    Parameters
    ----------
    outputs : where messages go.
    about : the session.
    live : its source, None for a recording.
    speed : of playing.

    Attributes
    ----------
    live_feed : for a `LiveRun`; None for a recording.
    record, faulted : for a `Session` of a recording, as what it records and tells its faults to.
    remarks : where other programs can read.
    """

    def __init__(self, outputs: Outputs, about: About, *, live: LiveSource | None = None, speed: float = 1.0) -> None:
        self.remarks = outputs.where
        self._speed, self._live = speed, live
        self._told = Told(outputs)
        self._heard = Heard()
        self.record = self._heard.record
        self.live_feed = None if live is None else LiveFeed(outputs, about, lambda: live.position_s)
        self._feed: Feed = self.live_feed or PlayFeed(outputs, about)
        self.faulted = self._feed.faulted

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._feed.end()

    def look(self, session: Session, position_s: float, *, over: bool = False) -> None:
        """Tell what the play head has passed, or how the devices stand; make faults of outputs those of the session.

        ``over`` says that all has been played.
        """
        if isinstance(self._feed, PlayFeed):
            until_s = _known_until_s(session, session.timeline)
            found = session.timeline, self._heard
            self._feed.advance(position_s, self._speed, found, until_s)
            if over:
                self._feed.finish(found)
        if self._live is not None:
            self._feed.devices(self._live.states, position_s)
        self._told.add_to(session, position_s)


def _known_until_s(session: Session | None, timeline: Timeline) -> float:
    """Media time up to which all is known: where a session is at work, that of its newest prediction."""
    over = session is None or session.finished  # asked first: what it finds at its end comes before
    return math.inf if over else timeline.newest()[0] or 0.0


class Told:
    """Makes faults of a session out of what goes wrong with outputs, each once."""

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._count = 0

    def add_to(self, session: Session, position_s: float) -> None:
        """Add what is new."""
        every = self._outputs.problems
        for text in every[self._count :]:
            session.add_fault(Fault(pts_s=position_s, part="output", text=text, lasting=True))
        self._count = len(every)


class OutputDesk:
    """The output beside the window. Used by the thread of the bridge alone.

    Parameters
    ----------
    outputs : where messages go.
    """

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._told = Told(outputs)
        self._feed: Feed | None = None
        self._faults: tuple[Fault, ...] = ()
        self._path = ""
        self._marked = Annotations()

    def begin(self, show: Show, components: Components, config: SessionConfig) -> None:
        """What is open is about to be analysed."""
        self.end()
        if not self._outputs:
            return
        self._faults, live = (), isinstance(show, LiveShow)
        about = about_of(show.title, show.transport().duration_s, live=live, components=components, config=config)
        if isinstance(show, LiveShow):
            self._feed = show.feed = LiveFeed(self._outputs, about, lambda: show.source.position_s)
        else:
            self._feed = PlayFeed(self._outputs, about)

    def look(self, show: Show, marks: Marks) -> None:
        """Tell what is new since the last time."""
        feed = self._feed
        if feed is None:
            return
        now = show.transport()
        if isinstance(feed, PlayFeed):
            run = show.run_at(now.position_s)
            found = None if run is None else (run.timeline, run.recall)
            until_s = 0.0 if run is None else _known_until_s(show.busy(), run.timeline)
            feed.advance(now.position_s, now.speed, found, until_s)
            if found is not None and until_s == math.inf and now.position_s >= (now.duration_s or math.inf) - _END_S:
                feed.finish(found)
            faults = show.faults()
            if faults is not self._faults:
                before, self._faults = set(self._faults), faults
                for fault in faults:
                    if fault not in before:
                        feed.faulted(fault)
        feed.devices(show.devices(), now.position_s)
        self._tell_marks(feed, marks)
        session = show.busy()
        if session is not None:
            self._told.add_to(session, now.position_s)

    def end(self) -> None:
        """What was open is closed; again is harmless."""
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.end()

    def _tell_marks(self, feed: Feed, marks: Marks) -> None:
        """Tell marks that were made or changed, not those that were there when the file was opened."""
        every, before = marks.every, self._marked
        self._marked = every
        if marks.path == self._path and every is not before:
            for one in every:
                if before.get(one.id) != one:
                    feed.annotate(one)
        self._path = marks.path
