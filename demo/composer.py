"""Composes what the window shows from what is open and what the engine has found."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from demo import showing
from demo.health import Health
from demo.history_table import HistoryTable, Part, said_by
from demo.running import Running, running_of
from demo.show import Run, Show
from demo.shown import Attention, Emotion, Shown, Voice, Words
from demo.vitals import Vitals
from engine.config import Fusion, Modality, SessionConfig

if TYPE_CHECKING:
    from engine.components import Components
    from engine.explain import Explainer, Explanation
    from engine.recall import Recall
    from engine.types import Prediction


_PICTURE_HOLDS_S = 1.0
_SHARES_HOLD_S = 2.0
_ANSWER_HOLDS_S = 2.0
"""For so much media time the last answer of a recording holds; a longer gap means that some of it is lost."""

_MAPS_HOLD_S = 0.5
"""For so long the maps of elsewhere stay, after a seek and at each turn of a loop, until the new ones are there."""


class Composer:
    """Makes the parts that cost more than a moment in `compose`, and brings the others up to date in `refresh`.

    Parameters
    ----------
    config : of the sessions.
    now_s : clock that tells for how long maps have been shown.

    Attributes
    ----------
    watch_origin : whether where the answer comes from can be seen, and so has to be computed.
    """

    def __init__(self, config: SessionConfig, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self.watch_origin = True
        self._now_s = now_s
        self.vitals = Vitals()
        self._step_s = config.step_s
        self._running = Running()
        self._history = HistoryTable(config.fusions, self._running.labels, config.step_s)
        self._components: Components | None = None
        self._explainer: Explainer | None = None
        self._unsure_below: dict[Fusion, float] = {}
        self._attention: tuple[Explanation | None, Attention] = (None, Attention())
        self._explained_s = -math.inf
        self._health = Health()
        self._said = Words()

    def use(self, components: Components) -> None:
        """The models are there."""
        from engine.explain import Explainer

        self._components = components
        self._explainer = Explainer(components.predictor)
        self._running = running_of(components.predictor)
        self._history = HistoryTable(components.predictor.fusions, self._running.labels, self._step_s)
        self._unsure_below = showing.thresholds(components.predictor.info)

    def expect(self, config: SessionConfig) -> None:
        """A session with these settings begins."""
        self._step_s = config.step_s
        self._explained_s = -math.inf
        self._history = HistoryTable(self._history.fusions, self._running.labels, self._step_s)

    def close(self) -> None:
        """End what explains; again is harmless."""
        if self._explainer is not None:
            self._explainer.close()

    def compose(self, show: Show, muted: frozenset[Modality], *, with_health: bool) -> Shown:
        """All parts, for the thread of the bridge."""
        transport = show.transport()
        show.look(transport)
        position_s = transport.position_s
        run = show.run_at(position_s)
        explanation = self._explain(show, run, position_s, muted)
        parts = show.parts()
        if with_health:
            self._health = self._read_health(show)
        shown = Shown(
            kind=show.kind,
            title=show.title,
            path=show.path,
            troubles=tuple(show.troubles()),
            notes=show.notes(),
            voice=Voice(microphone=show.has_audio),
            words=self._words(parts, position_s, explanation),
            history=self._history.read(parts),
            health=self._health,
            faults=show.faults(),
            replayed=show.kind == "file" and show.busy() is None,
            running=self._running,
        )
        if run is not None:
            shown = self._look_closely(replace(shown, transport=transport), show, run.recall, position_s, explanation)
        return self.refresh(shown, show, muted)

    def refresh(self, shown: Shown, show: Show, muted: frozenset[Modality]) -> Shown:
        """Position, picture and distribution as of now; cheap, for the thread of the window."""
        transport = show.transport()
        run = show.run_at(transport.position_s)
        recall = None if run is None else run.recall
        frame = show.frame()
        if frame is not None and show.kind == "live" and transport.position_s - frame.pts_s > _PICTURE_HOLDS_S:
            frame = None  # the camera has stopped: what it saw last is not what is there
        picture = showing.picture_of(frame, recall, shown.picture.crops, show.has_video)
        emotion = self._emotion(show, run, transport.position_s, muted)
        return replace(shown, transport=transport, picture=picture, emotion=emotion, recording=show.recording())

    def _look_closely(
        self, shown: Shown, show: Show, recall: Recall, position_s: float, explanation: Explanation | None
    ) -> Shown:
        level_db = next((one.level_db for one in show.devices() if one.kind == "microphone"), None)
        voice = showing.voice_of(recall, position_s, explanation, show.has_audio)
        if "audio" not in self._running.used:
            voice = replace(voice, window_s=None)
        origin = None if self._explainer is None else self._explainer.origin(recall)
        if origin is not None and not self._is_recent(origin, shown, explanation):
            origin = None
        return replace(
            shown,
            picture=replace(shown.picture, crops=showing.crops_of(recall, position_s)),
            voice=replace(voice, level_db=level_db),
            attention=self._read_attention(recall, explanation),
            origin=showing.origin_of(origin, self._running),
        )

    def _is_recent(self, origin: Explanation, shown: Shown, explanation: Explanation | None) -> bool:
        """Whether shares, which are computed once a second, still belong to what is shown."""
        if explanation is None or origin.muted != explanation.muted:
            return False
        return abs(origin.pts_s - explanation.pts_s) <= _SHARES_HOLD_S * max(1.0, shown.transport.speed)

    def _explain(
        self, show: Show, run: Run | None, position_s: float, muted: frozenset[Modality]
    ) -> Explanation | None:
        """Ask for the newest moment at the position; return what is known of it."""
        if run is None or self._explainer is None:
            return None
        moment_s, _ = self._newest(show, run, position_s)
        if moment_s is None or self._is_over(show, moment_s, position_s):
            self._explained_s = -math.inf
            return None
        muted = show.muted_at(moment_s, muted)
        self._explainer.ask(run.recall, moment_s, muted, origin=self.watch_origin)
        newest = self._explainer.newest(run.recall)
        # While playing it lags by a moment; after a seek it must not be of elsewhere.
        return newest if newest is not None and abs(newest.pts_s - moment_s) <= 2 * self._step_s else None

    def _newest(self, show: Show, run: Run, position_s: float) -> tuple[float | None, Prediction | None]:
        return run.timeline.newest(None if show.kind == "live" else position_s)

    def _is_over(self, show: Show, moment_s: float, position_s: float) -> bool:
        """Whether what was found last in a recording, such as one that is damaged, is too long ago to hold."""
        return show.kind == "file" and position_s - moment_s > max(_ANSWER_HOLDS_S, 2 * self._step_s)

    def _emotion(self, show: Show, run: Run | None, position_s: float, muted: frozenset[Modality]) -> Emotion:
        empty = Emotion(
            muted=muted, unsure_below=self._unsure_below, labels=self._running.labels, used=self._running.used
        )
        if run is None:
            behind_s = show.behind_s(position_s)
            waiting = replace(empty, waiting_s=behind_s)
            return replace(waiting, certainty="behind") if behind_s else waiting
        moment_s, prediction = newest = self._newest(show, run, position_s)
        if moment_s is not None:
            empty = replace(empty, muted=show.muted_at(moment_s, muted))
            if self._is_over(show, moment_s, position_s):
                return replace(empty, certainty="stale" if show.stale() else "nothing", pts_s=moment_s)
        explanation = None if self._explainer is None else self._explainer.newest(run.recall)
        found = showing.emotion_of(newest, explanation, empty)
        return replace(found, certainty="stale") if prediction is not None and show.stale() else found

    def _words(self, parts: Sequence[Part], position_s: float, explanation: Explanation | None) -> Words:
        from engine.gaze import received

        weights = {}
        if explanation is not None:
            maps = {fusion: outcome.attention for fusion, outcome in explanation.outcomes.items()}
            weights = received(maps, None, explanation.window.words)
        recognizer = None if self._components is None else self._components.recognizer
        words = Words(
            utterances=showing.utterances_until(said_by(parts), position_s),
            weights=weights,
            listening=recognizer is not None or self._components is None,
            reason="" if recognizer is None else recognizer.reason,
        )
        before = self._said
        if words.utterances is not before.utterances or replace(words, utterances=()) != replace(before, utterances=()):
            self._said = words  # else the same object, so that views need not look at it
        return self._said

    def _read_attention(self, recall: Recall, explanation: Explanation | None) -> Attention:
        """The same object while it explains the same moment, so that views need not draw again."""
        now_s = self._now_s()
        if explanation is not None:
            self._explained_s = now_s
        elif now_s - self._explained_s <= _MAPS_HOLD_S:
            return self._attention[1]
        if explanation is not self._attention[0]:
            self._attention = (explanation, showing.attention_of(recall, explanation))
        return self._attention[1]

    def _read_health(self, show: Show) -> Health:
        session = show.busy()
        snapshot = None if session is None else session.snapshot()
        backend = "" if self._components is None else self._components.predictor.backend
        recognizer = None if self._components is None else self._components.recognizer
        beside = getattr(recognizer, "process_id", None)  # only one in a process of its own has it
        return self.vitals.read(snapshot, show.devices(), backend, live=show.kind == "live", beside=beside)
