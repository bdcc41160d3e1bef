"""Analyse a whole recording."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.analysis.summary import used_models, used_recognizer
from engine.config import Fusion, Modality, SessionConfig

if TYPE_CHECKING:
    from engine.components import Components
    from engine.faults import Fault
    from engine.session import Session
    from engine.sources.base import Source, SourceInfo
    from engine.stages import Report
    from engine.timeline import Timeline

_PROGRESS_EVERY_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What was found in one recording.

    Attributes
    ----------
    info : of the recording.
    notes : remarks for the user about the recording.
    timeline : predictions, utterances and words.
    recognizer : name and reason of the speech recogniser, or None where none ran.
    models : what ran, as values that JSON can hold.
    fusions, labels, modalities : of these models: their kinds, the classes, and what any of them uses.
    config : settings of the session.
    elapsed_s : wall time that the analysis took, models loaded before.
    content_sha256 : checksum of the recording, None where it was not read for that.
    faults : what went wrong while it went on; a lasting one means that something is missing from then on.
    """

    info: SourceInfo
    notes: tuple[str, ...]
    timeline: Timeline
    recognizer: tuple[str, str] | None
    models: dict[str, object]
    fusions: tuple[Fusion, ...]
    labels: tuple[str, ...]
    modalities: tuple[Modality, ...]
    config: SessionConfig
    elapsed_s: float
    content_sha256: str | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def duration_s(self) -> float:
        """Length of the recording; of what was analysed where the file does not say."""
        moments = self.timeline.moments
        return self.info.duration_s or (moments[-1][0] if moments else 0.0)

    @property
    def name(self) -> str:
        """Name of the recording; what is no text in a file's name is replaced."""
        return self.info.name.encode(errors="replace").decode()


def analyze_source(
    source: Source,
    components: Components,
    config: SessionConfig,
    progress: Callable[[float], None] = lambda pts_s: None,
    *,
    threads: bool = True,
    content_sha256: str | None = None,
    record: Callable[[Report], None] = lambda report: None,
) -> Analysis:
    """Run a session over a source as fast as the machine allows.

    Parameters
    ----------
    source : an open recording
    components, config : as of a session
    progress : called now and then with the media time that is done
    threads : with a thread for each stage, which is sooner done; else all in the calling thread, which takes less of
        the processor. The results are the same.
    content_sha256 : checksum of the recording
    record : gets every report of a stage to the model

    Raises
    ------
    AttuneError
        As the source or a stage raised it.
    """
    from engine.session import Session

    began_s = time.monotonic()
    with Session(source, components, config, record=record) as session:
        (_in_threads if threads else _inline)(session, progress)
        timeline = session.timeline
    predictor = components.predictor
    return Analysis(
        info=source.info,
        notes=source.notes,
        timeline=timeline,
        recognizer=used_recognizer(components),
        models=used_models(components),
        fusions=predictor.fusions,
        labels=predictor.labels,
        modalities=predictor.modalities,
        config=config,
        elapsed_s=time.monotonic() - began_s,
        content_sha256=content_sha256,
        faults=session.faults,
    )


def _in_threads(session: Session, progress: Callable[[float], None]) -> None:
    session.start()
    while not session.wait(_PROGRESS_EVERY_S):
        progress(session.timeline.newest()[0] or 0.0)


def _inline(session: Session, progress: Callable[[float], None]) -> None:
    told_s = time.monotonic()
    for prediction in session.run_inline():
        now_s = time.monotonic()
        if now_s - told_s >= _PROGRESS_EVERY_S:
            progress(prediction.pts_s)
            told_s = now_s
