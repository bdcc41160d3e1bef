"""Analyse a whole recording and write what was found."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from engine.analysis.palette import MODALITY_NAMES
from engine.analysis.plot import draw_timeline
from engine.analysis.tables import mean_probabilities, prediction_rows, utterance_rows, word_rows, write_csv
from engine.config import Fusion, Modality, SessionConfig
from engine.files import make_folder, replacing
from engine.types import FloatArray, Prediction
from engine.version import __version__

if TYPE_CHECKING:
    from engine.components import Components
    from engine.sources.base import Source, SourceInfo
    from engine.timeline import Timeline

_PROGRESS_EVERY_S = 0.2

_PACKAGES = ("av", "faster-whisper", "librosa", "numpy", "onnxruntime", "silero-vad", "soxr", "torch", "vosk")
"""Packages whose versions can change a result."""


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

    @property
    def duration_s(self) -> float:
        """Length of the recording; of what was analysed where the file does not say."""
        moments = self.timeline.moments
        return self.info.duration_s or (moments[-1][0] if moments else 0.0)


def analyze_source(
    source: Source,
    components: Components,
    config: SessionConfig,
    progress: Callable[[float], None] = lambda pts_s: None,
) -> Analysis:
    """Run a session over a source as fast as the machine allows.

    Parameters
    ----------
    source : an open recording
    components, config : as of a session
    progress : called with the media time that is done

    Raises
    ------
    AttuneError
        As the source or a stage raised it.
    """
    from engine.session import Session

    began_s = time.monotonic()
    with Session(source, components, config) as session:
        session.start()  # a thread per stage: the results are those of one thread, sooner
        while not session.wait(_PROGRESS_EVERY_S):
            progress(session.snapshot().position_s)
        timeline = session.timeline
    recognizer, encoder, predictor = components.recognizer, components.face_encoder, components.predictor
    return Analysis(
        info=source.info,
        notes=source.notes,
        timeline=timeline,
        recognizer=(recognizer.name, recognizer.reason) if recognizer else None,
        models={
            "predictor": dict(predictor.info),
            "face_encoder": {"name": encoder.name, "dim": encoder.dim} if encoder else None,
            "word_vectors": {"name": components.vectors.name, "dim": components.vectors.dim},
        },
        fusions=predictor.fusions,
        labels=predictor.labels,
        modalities=predictor.modalities,
        config=config,
        elapsed_s=time.monotonic() - began_s,
    )


def write_analysis(analysis: Analysis, folder: Path) -> None:
    """Write predictions.csv, words.csv, utterances.csv, summary.json and timeline.png.

    Every file appears whole or not at all; files that were there before are replaced.

    Raises
    ------
    OutputError
        When the folder cannot be made or a file cannot be written.
    """
    make_folder(folder)
    timeline = analysis.timeline
    source = analysis.recognizer[0] if analysis.recognizer else ""
    tables = {
        "predictions.csv": prediction_rows(
            timeline.predictions, analysis.fusions, analysis.labels, faces="video" in analysis.modalities
        ),
        "words.csv": word_rows(timeline.words, source),
        "utterances.csv": utterance_rows(timeline.utterances, analysis.labels),
    }
    for name, rows in tables.items():
        with replacing(folder / name) as path:
            write_csv(path, rows)
    with replacing(folder / "summary.json") as path:
        path.write_text(json.dumps(summary(analysis), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    with replacing(folder / "timeline.png") as path:
        draw_timeline(
            path,
            timeline,
            title=analysis.info.name,
            duration_s=analysis.duration_s,
            step_s=analysis.config.step_s,
            labels=analysis.labels,
            modalities=analysis.modalities,
        )


def summary(analysis: Analysis) -> dict[str, object]:
    """The content of summary.json.

    Shares of time per emotion are of the time that has a prediction (``share_predicted``); shares of
    the modalities are of all the time; that of the face is null where no model uses it, since nobody looked.
    """
    timeline, info = analysis.timeline, analysis.info
    predictions, moments = timeline.predictions, timeline.moments
    present = timeline.share_present
    recognizer = analysis.recognizer
    mean = mean_probabilities(predictions)
    return {
        "attune": __version__,
        "recording": asdict(info) | {"duration_s": analysis.duration_s, "notes": list(analysis.notes)},
        "settings": asdict(analysis.config) | {"fusions": analysis.fusions},
        "labels": analysis.labels,
        "models": analysis.models
        | {"recognizer": {"name": recognizer[0], "reason": recognizer[1]} if recognizer else None},
        "versions": versions(),
        "durations": {
            "recording_s": round(analysis.duration_s, 3),
            "speech_s": round(sum(one.end_s - one.start_s for one in timeline.utterances), 3),
            "analysis_s": round(analysis.elapsed_s, 3),
        },
        "real_time_factor": round(analysis.elapsed_s / analysis.duration_s, 4) if analysis.duration_s else None,
        "counts": {
            "moments": len(moments),
            "predictions": len(predictions),
            "utterances": len(timeline.utterances),
            "words": len(timeline.words),
        },
        "share_of_time": shares(predictions, analysis.labels),
        "mean_probabilities": None if mean is None else _named(mean, analysis.labels),
        "share_predicted": _share(len(predictions), len(moments)),
        "share_present": {
            MODALITY_NAMES[stream]: round(present[stream], 6) if looked else None
            for stream, looked in (("video", "video" in analysis.modalities), ("audio", True), ("text", True))
        },
    }


def shares(predictions: Sequence[Prediction], labels: Sequence[str]) -> dict[str, float]:
    """Share of the predictions in which each emotion is on top."""
    tops = [one.top for one in predictions]
    return {name: _share(tops.count(name), len(tops)) for name in labels}


def _share(count: int, total: int) -> float:
    return round(count / total, 6) if total else 0.0


def _named(values: FloatArray, labels: Sequence[str]) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in zip(labels, values, strict=True)}


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that can change a result."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
