"""Reads a recorded session, to export what was found in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.config import FUSIONS, Modality
from engine.export.findings import Findings, of_timeline, plain_text
from engine.kept import KeptReport
from engine.stages import Seen

if TYPE_CHECKING:
    from engine.saved.session import SavedSession
    from engine.timeline import Timeline

_ABOUT = ("began_at", "models", "face_encoder", "vectors", "recognizer", "devices", "versions", "settings", "problem")


def of_session(session: SavedSession, *, faces: bool) -> Findings:
    """What was found in a recorded session; ``faces`` says whether to read where they were, which takes a while."""
    about = session.about
    declared = _declared(about.models)
    kinds = {fusion for one in session.timeline.predictions for fusion in one.outcomes} | set(declared)
    return of_timeline(
        session.timeline,
        name=plain_text(session.folder.absolute().name),
        media=session.media,
        media_origin_s=_origin_s(session.media) if faces else 0.0,
        from_s=session.from_s,
        duration_s=session.until_s - session.from_s,
        step_s=_step_s(session.timeline, session.config.step_s),
        annotations=session.annotations,
        fusions=tuple(one for one in FUSIONS if one in kinds),
        labels=session.labels or next((one for one, _ in declared.values()), ()),
        modalities=_used(declared),
        recognizer=plain_text(about.recognizer or ""),
        seen=tuple(_seen(session)) if faces else (),
        faults=session.faults,
        about={key: value for key, value in about.to_json().items() if key in _ABOUT},
        private=True,
    )


def _seen(session: SavedSession) -> Iterator[Seen]:
    for one in session.records():
        if isinstance(one, KeptReport) and one.seen is not None:
            yield one.seen


def _declared(models: Mapping[str, Any]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Classes and modalities of each model, as far as the session says them."""
    found = {}
    every = models.get("models")
    for name, one in every.items() if isinstance(every, Mapping) else ():
        if name in FUSIONS and isinstance(one, Mapping):
            found[name] = _strings(one.get("labels")), _strings(one.get("modalities"))
    return found


def _strings(given: object) -> tuple[str, ...]:
    if not isinstance(given, Sequence) or isinstance(given, str):
        return ()
    return tuple(one for one in given if isinstance(one, str))


def _used(declared: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> tuple[Modality, ...]:
    """What any model uses; everything where that is not known."""
    used = {name for _, modalities in declared.values() for name in modalities}
    every: tuple[Modality, ...] = ("audio", "video", "text")
    return tuple(one for one in every if one in used) or every


def _step_s(timeline: Timeline, otherwise_s: float) -> float:
    """Time between two points of the grid, which is not that of the settings when the step of live input holds."""
    times_s = [pts_s for pts_s, _ in timeline.moments]
    return float(np.median(np.diff(times_s))) if len(times_s) > 1 else otherwise_s


def _origin_s(media: Path | None) -> float:
    """Time of a file at which its first picture or sound comes."""
    from engine.sources.probe import probe

    return 0.0 if media is None else probe(media).origin_s
