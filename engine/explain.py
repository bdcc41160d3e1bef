"""Why a moment of a session is judged as it is: its window, attention maps, and what each modality contributes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.config import Fusion, Modality
from engine.types import FloatArray, Outcome, UtteranceWindow

if TYPE_CHECKING:
    from engine.models.predictor import Predictor
    from engine.recall import Recall

_log = logging.getLogger(__name__)

ORIGIN_PERIOD_S = 1.0
"""Least time between two rounds over all subsets of the modalities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One moment, looked at closely.

    Attributes
    ----------
    pts_s : media time of the moment.
    muted : modalities that were left out.
    window : what the model saw.
    outcomes : per fusion, with attention maps; empty where there was nothing to see or hear.
    subsets : per fusion the probabilities [8, 7] with every subset of the modalities; empty where not asked for.
    """

    pts_s: float
    muted: frozenset[Modality]
    window: UtteranceWindow
    outcomes: Mapping[Fusion, Outcome]
    subsets: Mapping[Fusion, FloatArray] = field(default_factory=dict)


def explain(
    recall: Recall, predictor: Predictor, pts_s: float, muted: frozenset[Modality], *, subsets: bool = False
) -> Explanation:
    """Look at a moment again, without the muted modalities.

    Raises
    ------
    ValueError : the moment is forgotten.
    """
    window = recall.window_at(pts_s)[0].without(muted)
    here = bool(window.present)
    return Explanation(
        pts_s=pts_s,
        muted=muted,
        window=window,
        outcomes=predictor.predict(window) if here else {},
        subsets=predictor.subsets(window) if here and subsets else {},
    )


_Question = tuple["Recall", float, frozenset[Modality], bool]


class Explainer:
    """Explains moments in a thread of its own. Of several questions the newest counts.

    Parameters
    ----------
    predictor : may be in use by a session at the same time.
    """

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._question: _Question | None = None
        self._newest: tuple[Recall, Explanation] | None = None
        self._origin: tuple[Recall, Explanation] | None = None
        self._origin_s = -ORIGIN_PERIOD_S
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="attune-explainer")
        self._thread.start()

    def ask(self, recall: Recall, pts_s: float, muted: frozenset[Modality], *, origin: bool) -> None:
        """Ask for a moment, and with ``origin`` for the subsets, at most once a second. Ask as often as convenient."""
        with self._changed:
            self._question = (recall, pts_s, muted, origin)
            self._changed.notify()

    def newest(self, recall: Recall) -> Explanation | None:
        """The newest explanation of a moment that this recall holds."""
        newest = self._newest
        return newest[1] if newest is not None and newest[0] is recall else None

    def origin(self, recall: Recall) -> Explanation | None:
        """The newest one with subsets."""
        newest = self._origin
        return newest[1] if newest is not None and newest[0] is recall else None

    def close(self) -> None:
        """End the thread; again is harmless."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._question is None and not self._closing:
                    self._changed.wait()
                if self._closing:
                    return
                question, self._question = self._question, None
            assert question is not None
            try:
                self._answer(*question)
            except ValueError as error:  # it was forgotten between the question and now
                _log.debug("no explanation: %s", error)
            except Exception:  # the next moment may well be explained
                _log.exception("a moment could not be explained")

    def _answer(self, recall: Recall, pts_s: float, muted: frozenset[Modality], origin: bool) -> None:
        newest, last = self.newest(recall), self.origin(recall)
        due = time.monotonic() - self._origin_s >= ORIGIN_PERIOD_S
        if origin and due and not _is_about(last, pts_s, muted):
            self._origin_s = time.monotonic()
            found = explain(recall, self._predictor, pts_s, muted, subsets=True)
            self._origin = self._newest = (recall, found)
        elif not _is_about(newest, pts_s, muted):
            self._newest = (recall, explain(recall, self._predictor, pts_s, muted))


def _is_about(one: Explanation | None, pts_s: float, muted: frozenset[Modality]) -> bool:
    return one is not None and one.pts_s == pts_s and one.muted == muted
