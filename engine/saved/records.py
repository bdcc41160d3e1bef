"""What happens in a session, as plain records for the journal; `engine.saved.read_records` is the way back.

Floats are kept as they are (64 bits), arrays as ``{"dtype", "shape", "data"}`` with their very bytes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.asr.base import TranscriptUpdate
from engine.faults import Fault
from engine.kept import KeptFace, KeptReport
from engine.saved.fields import packed
from engine.saved.read_records import from_record
from engine.saved.values import DeviceChange, PictureTimes, Saved, SavedPrediction, SoundRun
from engine.types import Prediction

__all__ = [
    "DeviceChange",
    "PictureTimes",
    "Saved",
    "SavedPrediction",
    "SoundRun",
    "from_record",
    "to_record",
]


def to_record(value: Saved) -> dict[str, Any]:
    """Turn something that happened into a record for the journal."""
    match value:
        case KeptReport():
            return {"kind": "report", **_report(value)}
        case SavedPrediction():
            made = value.prediction
            return {
                "kind": "prediction",
                "pts_s": value.pts_s,
                "muted": sorted(value.muted if made is None else made.muted),
                "prediction": None if made is None else _prediction(made),
            }
        case Fault():
            return {"kind": "fault", **asdict(value)}
        case DeviceChange():
            state = {**asdict(value.state), "status": value.state.status.value}
            return {"kind": "device", "pts_s": value.pts_s, "state": state}
        case PictureTimes():
            return {"kind": "pictures", "first": value.first, "times_s": packed(value.times_s)}
        case SoundRun():
            return {"kind": "sound", **asdict(value)}


def _report(report: KeptReport) -> dict[str, Any]:
    seen, chosen = report.seen, report.chosen
    return {
        "stage": report.stage,
        "until_s": report.until_s,
        "seen": None if seen is None else [seen.pts_s, _box(seen.box), [_box(one) for one in seen.others]],
        "chosen": None if chosen is None else [chosen.pts_s, float(chosen.x), float(chosen.y)],
        "faces": [_face(one) for one in report.faces],
        "features": [{"times_s": packed(one.times_s), "values": packed(one.values)} for one in report.features],
        "envelope_s": packed(report.envelope_s),
        "envelope": packed(report.envelope),
        "voice_s": packed(report.voice_s),
        "voice": packed(report.voice),
        "events": [asdict(one) for one in report.events],
        "updates": [_update(one) for one in report.updates],
    }


def _face(face: KeptFace) -> dict[str, Any]:
    embedding = None if face.embedding is None else packed(face.embedding)
    return {"pts_s": face.pts_s, "identity": int(face.identity), "embedding": embedding, "jpeg": face.jpeg}


def _update(update: TranscriptUpdate) -> dict[str, Any]:
    words = [[one.text, one.start_s, one.end_s, float(one.confidence), one.final] for one in update.words]
    return {
        "pts_s": update.pts_s,
        "utterance": update.utterance,
        "words": words,
        "final": update.final,
        "missing": update.missing,
    }


def _prediction(made: Prediction) -> dict[str, Any]:
    outcomes = {
        fusion: {"probabilities": packed(one.probabilities), "labels": list(one.labels)}
        for fusion, one in made.outcomes.items()
    }
    return {
        "window_start_s": made.window_start_s,
        "outcomes": outcomes,
        "present": list(made.present),
        "utterance": made.utterance,
        "latency_s": dict(made.latency_s),
    }


def _box(box: tuple[float, float, float, float] | None) -> list[float] | None:
    return None if box is None else [float(one) for one in box]
