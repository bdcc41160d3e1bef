"""What a recorded session would have shown without some modalities."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from engine.config import Modality
from engine.errors import AttuneError
from engine.runtime.graph import as_attune_error
from engine.saved.replay import predicted

if TYPE_CHECKING:
    from engine.models.predictor import Predictor
    from engine.recall import Recall
    from engine.saved.session import SavedSession

_log = logging.getLogger(__name__)

_WAIT_S = 0.2
_BATCH = 64
"""Moments after which it is looked where the play head is now."""


class Muting:
    """Brings the timeline of a recorded session up to date with what is muted, nearest to the play head first.

    What was muted while it was recorded stays so. With nothing muted the timeline is as it was recorded, bit for bit.

    Parameters
    ----------
    session : its timeline is changed.
    recall, predictor : of the session.
    head_s : where the play head is now.
    """

    def __init__(
        self, session: SavedSession, recall: Recall, predictor: Predictor, head_s: Callable[[], float]
    ) -> None:
        self._session = session
        self._recall = recall
        self._predictor = predictor
        self._head_s = head_s
        self._wanted = frozenset[Modality]()
        self._stale: list[int] = []
        self._error: AttuneError | None = None
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="attune-muting")
        self._thread.start()

    @property
    def error(self) -> AttuneError | None:
        """What ended it."""
        return self._error

    def mute(self, modalities: Collection[Modality]) -> None:
        """Leave these out, from any thread."""
        self._wanted = frozenset(modalities)
        self._wake.set()

    def close(self) -> None:
        """End the thread; again is harmless."""
        self._closing.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        done = frozenset[Modality]()
        try:
            while not self._closing.is_set():
                if self._wanted != done:
                    done = self._wanted
                    self._stale = list(range(len(self._session.moments)))
                if not self._stale:
                    self._wake.wait(_WAIT_S)
                    self._wake.clear()
                    continue
                self._nearest_last()
                for _ in range(min(_BATCH, len(self._stale))):
                    if self._closing.is_set() or self._wanted != done:
                        break
                    self._update(self._stale.pop(), done)
        except Exception as error:  # whatever it is, the user has to learn of it
            _log.debug("predicting again failed", exc_info=error)
            self._error = as_attune_error("replay", error)

    def _nearest_last(self) -> None:
        """What lies ahead of the play head first; what lies behind counts as twice as far."""
        head_s, moments = self._head_s(), self._session.moments

        def far_s(at: int) -> float:
            ahead_s = moments.time_s(at) - head_s
            return -max(ahead_s, -2 * ahead_s)

        self._stale.sort(key=far_s)

    def _update(self, at: int, muted: frozenset[Modality]) -> None:
        pts_s, recorded = self._session.moments.time_s(at), self._session.recorded(at)
        if not muted:
            self._session.timeline.replace(pts_s, recorded)
            return
        try:
            window, utterance = self._recall.window_at(pts_s)
        except ValueError:  # at the very beginning of a recording from the middle on: it stays as it was
            return
        every = muted | self._session.muted_at(pts_s)
        if utterance is not None and recorded is not None:
            utterance = recorded.utterance  # the timeline knows it
        self._session.timeline.replace(pts_s, predicted(self._predictor, window, utterance, every))
