"""Analyses a recording, to export what is found."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from engine.annotated import annotations_of
from engine.annotations import read_annotations
from engine.export.findings import Findings, of_timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.analysis.recording import Analysis
    from engine.annotations import Annotations
    from engine.components import Components
    from engine.config import SessionConfig
    from engine.stages import Report, Seen

_ABOUT = ("attune", "recording", "content_sha256", "settings", "models", "versions")


def analysed(
    path: Path, components: Components, config: SessionConfig, progress: Callable[[float], None] = lambda share: None
) -> Findings:
    """Analyse a recording as fast as the machine allows; its annotations are those beside it.

    Parameters
    ----------
    path : of the recording.
    components, config : as of a session.
    progress : called now and then with the share that is done, 0..1, where the length is known.

    Raises
    ------
    SourceError
        When it cannot be read.
    DataError
        When its annotations cannot be read.
    """
    from engine.analysis.recording import analyze_source
    from engine.sources.media_file import MediaFile

    annotations = read_annotations(annotations_of(path))  # before the work, which would be in vain
    seen: list[Seen] = []

    def record(report: Report) -> None:
        if report.seen is not None:
            seen.append(report.seen)

    with closing(MediaFile(path, frame_hz=config.track_hz)) as source:
        length_s = source.info.duration_s

        def tell(pts_s: float) -> None:
            if length_s:
                progress(min(1.0, pts_s / length_s))

        analysis = analyze_source(source, components, config, tell, record=record)
    return _of_analysis(analysis, path, annotations, seen)


def _of_analysis(analysis: Analysis, media: Path, annotations: Annotations, seen: Sequence[Seen]) -> Findings:
    """What the analysis of a media file has found."""
    from engine.analysis.summary import summary

    return of_timeline(
        analysis.timeline,
        name=analysis.name,
        media=media,
        from_s=0.0,
        duration_s=analysis.duration_s,
        step_s=analysis.config.step_s,
        annotations=annotations,
        fusions=analysis.fusions,
        labels=analysis.labels,
        modalities=analysis.modalities,
        recognizer=analysis.recognizer[0] if analysis.recognizer else "",
        seen=tuple(seen),
        faults=analysis.faults,
        about={key: value for key, value in summary(analysis).items() if key in _ABOUT},
        private=False,
    )
