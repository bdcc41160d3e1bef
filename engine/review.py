"""A recording analysed around the play head: ahead of it, from anywhere, each part once.

Analysis runs in stretches. The first begins at 0 and gives what analysing the whole file gives. Where the play head is
put far beyond it, another begins a little before the utterance there, so that its windows hold that utterance from its
start. Idle time fills the gaps.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from engine.config import Modality, SessionConfig
from engine.errors import AttuneError
from engine.recall import Recall
from engine.runtime.graph import as_attune_error
from engine.session import Session
from engine.sources.ahead import Ahead
from engine.sources.media_file import MediaFile
from engine.stretch import Stretch, beginning, chain_end_s, first_gap_s, start_before

if TYPE_CHECKING:
    from engine.components import Components

_log = logging.getLogger(__name__)

LEAD_S = 20.0
"""How far analysis may be ahead of the play head while that moves; while it rests there is no limit."""

NEAR_S = 12.0
"""A play head this far beyond what is analysed is waited for (2 to 3 s); beyond that a new stretch begins."""

RUNWAY_S = 4.0
"""Analysed time left before the play head at which the analysis comes back to go on there."""

_JUMP_S = 2.0
_SETTLED_S = 3.0
"""A play head that merely runs away from a young stretch is given so long before another begins."""

_LOOK_S = 0.05
_END_S = 0.05
_BATCH = 8


class Review:
    """The analysis of one recording, with a thread of its own that decides where its session runs.

    Parameters
    ----------
    path : the recording.
    components, config : as for a `Session`; in use until `close` has returned.

    Raises
    ------
    SourceError : the recording cannot be opened.
    """

    def __init__(self, path: str | Path, components: Components, config: SessionConfig) -> None:
        self._path = Path(path)
        self._components = components
        self._config = config
        with MediaFile(self._path) as file:
            self._end_s = file.info.duration_s or math.inf
        self._head_s = 0.0
        self._moving = False
        self._wanted_muted = self._muted = frozenset[Modality]()
        self._stale: list[tuple[Stretch, float]] = []
        self._follow: tuple[float, float, float] | None = None
        self._stretches: tuple[Stretch, ...] = ()
        self._active: Stretch | None = None
        self._target_s = 0.0  # what the active stretch was begun for
        self._begun_s = -math.inf
        self._last_head_s = 0.0
        self._listened: MediaFile | None = None
        self._notes: tuple[str, ...] = ()
        self._error: AttuneError | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attune-review")
        self._thread.start()

    @property
    def error(self) -> AttuneError | None:
        """What ended the analysis."""
        return self._error

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks on the recording, complete when it has been read to its end."""
        return self._notes

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """All stretches, in order of their beginning."""
        return self._stretches

    @property
    def active(self) -> Stretch | None:
        """The stretch that is being analysed, None while nothing is."""
        return self._active

    @property
    def complete(self) -> bool:
        """Whether all of the recording has been analysed, with what is muted now."""
        whole = chain_end_s(self._stretches, 0.0) >= self._end_s - _END_S
        return whole and self._active is None and not self._stale and self._wanted_muted == self._muted

    def at(self, position_s: float) -> Stretch | None:
        """The stretch that tells what to show at a media time, None where that is not analysed yet."""
        return next((one for one in self._stretches if one.covers(position_s)), None)

    def look(self, position_s: float, *, moving: bool) -> None:
        """Say where the play head is, and whether it moves. From any thread, as often as convenient."""
        self._head_s, self._moving = position_s, moving

    def mute(self, modalities: Collection[Modality]) -> None:
        """Leave modalities out, in what comes and in all that has been predicted, nearest to the play head first."""
        self._wanted_muted = frozenset(modalities)

    def follow(self, x: float, y: float, pts_s: float) -> None:
        """Follow the face at a point of the picture at ``pts_s`` from there on. What lies behind is analysed anew."""
        self._follow = (x, y, pts_s)

    def close(self) -> None:
        """End the analysis; again is harmless."""
        self._closing.set()
        listened = self._listened
        if listened is not None:
            listened.close()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._begin(0.0)
            while not self._closing.wait(_LOOK_S):
                if self._follow is not None:
                    self._begin_following(*self._follow)
                self._retire()
                self._go_where_needed()
                self._predict_again()
        except Exception as error:  # whatever it is, the user has to learn of it
            _log.debug("review failed", exc_info=error)
            self._error = as_attune_error("review", error)
        finally:
            try:
                self._rest()
            except AttuneError as error:
                self._error = self._error or error

    def _retire(self) -> None:
        """Close the active stretch when it has come to the end, or well into one that begins there."""
        active = self._active
        if active is None:
            return
        if active.session.error is not None:
            raise active.session.error
        if active.finished:
            self._notes = active.session.snapshot().notes
            self._end_s = min(self._end_s, active.session.until_s)
            self._rest()
        elif any(one.from_s > active.from_s and active.until_s > one.from_s + 1.0 for one in self._stretches):
            self._rest()

    def _go_where_needed(self) -> None:
        head_s = min(self._head_s, self._end_s)
        jumped = abs(head_s - self._last_head_s) > _JUMP_S
        self._last_head_s = head_s
        active = self._active
        if self.at(head_s) is None:
            if active is None:
                self._begin(head_s)
                return
            away = not active.from_s <= head_s <= max(active.until_s, self._target_s) + NEAR_S
            if away and (jumped or time.monotonic() - self._begun_s > _SETTLED_S):
                self._begin(head_s)
            return
        end_s = chain_end_s(self._stretches, head_s)
        goes_on = active is not None and active.from_s <= end_s <= active.until_s
        if not goes_on and end_s < self._end_s - _END_S and end_s - head_s < RUNWAY_S:
            self._begin(end_s)
        elif active is None:
            gap_s = first_gap_s(self._stretches, head_s, self._end_s - _END_S)
            if gap_s is not None:
                self._begin(gap_s)

    def _begin(self, target_s: float) -> None:
        """Analyse from ``target_s`` on, and what is needed for it."""
        self._rest()
        from_s, start_s = beginning(self._path, target_s, self._listen)
        self._listened = None
        if not self._closing.is_set():
            self._start(from_s, start_s, target_s)

    def _listen(self, file: MediaFile) -> None:
        self._listened = file
        if self._closing.is_set():
            file.close()

    def _begin_following(self, x: float, y: float, pts_s: float) -> None:
        """Analyse anew from the utterance at ``pts_s`` on, with another face from that time on."""
        self._follow = None
        here = self.at(pts_s)
        if here is None:  # no face is shown there that could have been meant
            return
        self._rest()
        starts_s = [one.start_s for one in here.timeline.utterances if one.start_s <= pts_s]
        from_s = max(here.from_s, *starts_s) if starts_s else here.from_s
        self._stretches = tuple(one for one in self._stretches if one.from_s < from_s)
        for one in self._stretches:
            one.limit_s = min(one.limit_s, from_s)
        self._stale = [one for one in self._stale if one[0] in self._stretches]
        self._start(from_s, start_before(from_s), pts_s, follow=(x, y, pts_s))

    def _start(
        self, from_s: float, start_s: float, target_s: float, follow: tuple[float, float, float] | None = None
    ) -> None:
        parts, config = self._components, self._config
        recall = Recall(config, parts.vectors, parts.face_dim)
        source = Ahead(MediaFile(self._path, frame_hz=config.track_hz, start_s=start_s), self._limit_s)
        session = Session(source, parts, config, record=recall.add, start_s=start_s)
        session.mute(self._muted)
        if follow is not None:
            session.follow(*follow)
        self._active = Stretch(from_s=from_s, step_s=config.step_s, session=session, recall=recall)
        self._stretches = tuple(sorted((*self._stretches, self._active), key=lambda one: one.from_s))
        ran_s = self._head_s - target_s  # while the beginning was looked for
        self._target_s = self._head_s if self._moving and 0 < ran_s < LEAD_S else target_s
        self._begun_s = time.monotonic()
        session.start()
        _log.debug("analysing from %.2f s, for %.2f s on", start_s, from_s)

    def _rest(self) -> None:
        """End the active stretch; what it has found stays."""
        active, self._active = self._active, None
        if active is not None:
            active.session.stop()
            if active.until_s <= active.from_s:
                self._stretches = tuple(one for one in self._stretches if one is not active)

    def _limit_s(self) -> float:
        return self._head_s + LEAD_S if self._moving else math.inf

    def _predict_again(self) -> None:
        """Bring a few predictions that were made with other modalities muted up to date."""
        if self._wanted_muted != self._muted:
            self._muted = self._wanted_muted
            if self._active is not None:
                self._active.session.mute(self._muted)
            every = [(one, t) for one in self._stretches for t, _ in one.timeline.moments]
            # Popped from the end: ahead of the play head first, what lies behind counts as twice as far.
            self._stale = sorted(every, key=lambda one: -max(one[1] - self._head_s, 2 * (self._head_s - one[1])))
        elif not self._stale:
            # The one prediction that was being made when the wish came.
            self._stale = [
                (stretch, one.pts_s)
                for stretch in self._stretches
                for _, one in stretch.timeline.moments_from(-2)
                if one is not None and one.muted != self._muted
            ]
        for _ in range(min(_BATCH, len(self._stale))):
            stretch, t = self._stale[-1]
            stretch.predict_again(t, self._muted, self._components.predictor)
            self._stale.pop()  # only now: without any left, all is complete
