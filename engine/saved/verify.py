"""Checks a recorded session: its files, that its predictions can be made again, and from its recording too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import AttuneError
from engine.saved.circumstances import circumstances
from engine.saved.file_states import file_states
from engine.saved.folder import MEDIA
from engine.saved.reanalysis import Reanalysis, comparable
from engine.saved.replay import Compared, how_to_name_models, model_differences, predict_again
from engine.saved.tolerance import LOOSEST, TOLERANCE, within
from engine.saved.verification import Comparison, Difference, FileState, Verification

if TYPE_CHECKING:
    from engine.components import Components
    from engine.features.speech import Hearing
    from engine.saved.session import SavedSession

_SHOWN = 20
"""Moments that differ most are listed, so many."""

_MOST_EARLY_S, _MOST_EARLY_TORN_S = 0.25, 2.0
"""The recording may end so much before the session, which is the length of some blocks and pictures, and so much where
the session was cut off: recording and journal are written in turn."""


def verify(
    session: SavedSession,
    components: Components | None,
    *,
    media: bool = True,
    progress: Callable[[str, float], None] = lambda what, share: None,
    hearing: Hearing | None = None,
) -> Verification:
    """Check a session.

    Parameters
    ----------
    session : what was recorded.
    components : the models; None to look at the files alone.
    media : whether its recording is analysed anew, which takes as long as analysing a file.
    progress : is told what is done ("features", "media") and which share of it.
    hearing : what listens; by default a `Hearing`.
    """
    files = file_states(session)
    problems = [f"{one.name} is {one.state}: {one.text}" for one in files if one.state in ("damaged", "missing")]
    problems += [f"{one.name} was cut off: {one.text}" for one in files if one.state == "torn"]
    features = again = None
    if components is not None:
        others = model_differences(session, components.predictor)
        if others:
            problems += [*others, how_to_name_models(session)]
        else:
            features = _features(session, components, progress)
            if media and session.media is not None:
                again = _media(session, components, progress, hearing)
                files = tuple(_corrected(one, session, again) for one in files)
    return Verification(
        session=str(session.folder),
        seconds=session.until_s - session.from_s,
        files=files,
        notes=(*session.notes, *circumstances(session, components)),
        problems=tuple(problems),
        features=features,
        media=again,
    )


def _features(session: SavedSession, components: Components, progress: Callable[[str, float], None]) -> Comparison:
    collected = _Collected(session, "features", progress)
    try:
        collected.take(predict_again(session, components))
    except AttuneError as error:
        return collected.failed(str(error))
    problems = []
    differing = collected.moments - collected.same
    if differing and not circumstances(session, components):
        problems.append(f"{_moments(differing)} of {collected.moments} differ from what was recorded.")
    elif differing and (collected.largest > LOOSEST or collected.same_top < 1):
        problems.append(
            f"{_moments(differing)} of {collected.moments} differ, by up to {collected.largest:.2g}: that is more than "
            "another machine explains."
        )
    if collected.moments != len(session.moments):
        problems.append(f"{collected.moments} moments were made again, {len(session.moments)} were recorded.")
    return collected.comparison(problems)


def _media(
    session: SavedSession,
    components: Components,
    progress: Callable[[str, float], None],
    hearing: Hearing | None,
) -> Comparison:
    collected = _Collected(session, "media", progress)
    try:
        again = Reanalysis(session, components, hearing=hearing)
        collected.take(again)
    except AttuneError as error:
        return collected.failed(str(error))
    figures = again.figures()
    problems = [*again.notes, *within(collected.differences(), collected.same_top, figures)]
    early_s = again.ends_early_s
    if early_s > _most_early_s(session):
        problems.append(f"The recording ends {early_s:.1f} s before the session does.")
    if not collected.moments and comparable(session, session.until_s - _most_early_s(session)):
        problems.append("Nothing of the recording could be compared.")
    return collected.comparison(problems, left_out=again.left_out, figures={**figures, "ends_early_s": early_s})


def _most_early_s(session: SavedSession) -> float:
    return _MOST_EARLY_S if session.complete else _MOST_EARLY_TORN_S


def _corrected(file: FileState, session: SavedSession, again: Comparison) -> FileState:
    """The state of a file with what is known once the recording is decoded."""
    early_s = again.figures.get("ends_early_s", 0.0)
    if file.name != MEDIA or file.state != "complete" or early_s <= _most_early_s(session):
        return file
    return replace(file, state="torn", text=f"it ends {early_s:.1f} s before the session does")


class _Collected:
    """Figures over moments, without keeping all of them."""

    def __init__(self, session: SavedSession, what: str, progress: Callable[[str, float], None]) -> None:
        self.moments = self.same = self.missing = self._tops = 0
        self._session, self._what, self._progress = session, what, progress
        self._differences: list[float] = []
        self._worst: list[Compared] = []

    @property
    def largest(self) -> float:
        return max(self._differences, default=0.0)

    @property
    def same_top(self) -> float:
        return self._tops / self.moments if self.moments else 1.0

    def differences(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array(self._differences)

    def take(self, every: Iterable[Compared]) -> None:
        total = max(1, len(self._session.moments))
        for one in every:
            self.moments += 1
            self.same += one.same
            self.missing += (one.recorded is None) != (one.again is None)
            self._tops += one.same_top
            self._differences.append(one.difference)
            if not one.same:
                self._worst = sorted((*self._worst, one), key=lambda each: -each.difference)[:_SHOWN]
            if self.moments % 16 == 0:
                self._progress(self._what, self.moments / total)
        self._progress(self._what, 1.0)

    def failed(self, problem: str) -> Comparison:
        return self.comparison([problem])

    def comparison(
        self, problems: list[str], *, left_out: int = 0, figures: dict[str, Any] | None = None
    ) -> Comparison:
        found = self.differences() if self._differences else np.zeros(1)
        return Comparison(
            holds=not problems,
            moments=self.moments,
            same=self.same,
            missing=self.missing,
            median=float(np.median(found)),
            most_of=float(np.quantile(found, TOLERANCE.share)),
            largest=float(found.max()),
            same_top=self.same_top,
            left_out=left_out,
            worst=tuple(_difference(one) for one in self._worst),
            problems=tuple(problems),
            figures=figures or {},
        )


def _difference(one: Compared) -> Difference:
    return Difference(
        pts_s=one.pts_s,
        difference=one.difference,
        recorded="nothing" if one.recorded is None else one.recorded.top,
        again="nothing" if one.again is None else one.again.top,
    )


def _moments(count: int) -> str:
    return "1 moment" if count == 1 else f"{count} moments"
