"""Plain records of a journal, turned back into what happened; each value is checked before it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.asr.base import TranscriptUpdate
from engine.config import AUDIO_DIM, FUSIONS, MODALITIES
from engine.errors import DataError
from engine.faults import Fault
from engine.features.endpoint import SpeechEvent
from engine.kept import KeptFace, KeptReport
from engine.saved.fields import Fields
from engine.saved.values import DeviceChange, PictureTimes, Saved, SavedPrediction, SoundRun
from engine.sources.device import DeviceState, DeviceStatus
from engine.stages import Chosen, Seen
from engine.types import FeatureBlock, Outcome, Prediction, Word

_MOST_FACE_DIM = 16_384
_MOST_LABELS = 1024


def from_record(record: Mapping[str, Any]) -> Saved | None:
    """Turn a record of a journal back; None for a kind that this version does not know.

    Raises
    ------
    DataError : it is damaged.
    """
    kind = record.get("kind")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        return None
    try:
        return reader(Fields(record))
    except ValueError as error:  # also what the values themselves find wrong with their parts
        raise DataError(f"a record of the journal is damaged: {error}") from None


def _read_report(fields: Fields) -> KeptReport:
    envelope_s = fields.array("envelope_s", "f8", (None,))
    voice_s = fields.array("voice_s", "f8", (None,))
    return KeptReport(
        stage=fields.text("stage"),
        until_s=fields.number("until_s", finite=False),
        faces=tuple(_read_face(one) for one in fields.maps("faces")),
        seen=_read_seen(fields) if fields.given("seen") else None,
        chosen=_read_chosen(fields) if fields.given("chosen") else None,
        features=tuple(_read_features(one) for one in fields.maps("features")),
        envelope_s=envelope_s,
        envelope=fields.array("envelope", "f4", (len(envelope_s), 2)),
        voice_s=voice_s,
        voice=fields.array("voice", "f4", (len(voice_s), 1)),
        events=tuple(_read_event(one) for one in fields.maps("events")),
        updates=tuple(_read_update(one) for one in fields.maps("updates")),
    )


def _read_seen(fields: Fields) -> Seen:
    pts_s, box, others = fields.seen("seen")
    return Seen(pts_s=pts_s, box=box, others=others)


def _read_chosen(fields: Fields) -> Chosen:
    pts_s, x, y = fields.numbers_of("chosen", 3)
    return Chosen(pts_s=pts_s, x=x, y=y)


def _read_face(fields: Fields) -> KeptFace:
    embedding = fields.array("embedding", "f4", (None,), most=_MOST_FACE_DIM) if fields.given("embedding") else None
    jpeg = fields.bytes("jpeg") if fields.given("jpeg") else None
    return KeptFace(fields.number("pts_s"), fields.integer("identity"), embedding, jpeg)


def _read_features(fields: Fields) -> FeatureBlock:
    times_s = fields.array("times_s", "f8", (None,))
    return FeatureBlock(stream="audio", times_s=times_s, values=fields.array("values", "f4", (len(times_s), AUDIO_DIM)))


def _read_event(fields: Fields) -> SpeechEvent:
    return SpeechEvent(
        kind=fields.one_of("kind", ("start", "end")),
        utterance=fields.integer("utterance"),
        pts_s=fields.number("pts_s"),
        known_s=fields.number("known_s"),
    )


def _read_update(fields: Fields) -> TranscriptUpdate:
    return TranscriptUpdate(
        pts_s=fields.number("pts_s"),
        utterance=fields.integer("utterance"),
        words=tuple(
            Word(text=text, start_s=start_s, end_s=end_s, confidence=confidence, final=final)
            for text, start_s, end_s, confidence, final in fields.words("words")
        ),
        final=fields.flag("final"),
        missing=fields.flag("missing"),
    )


def _read_prediction(fields: Fields) -> SavedPrediction:
    pts_s = fields.number("pts_s")
    muted: frozenset[Any] = frozenset(fields.several_of("muted", MODALITIES))
    if not fields.given("prediction"):
        return SavedPrediction(pts_s=pts_s, prediction=None, muted=muted)
    made = fields.map("prediction")
    outcomes: dict[Any, Outcome] = {}
    for fusion, one in made.map("outcomes").named(FUSIONS):
        labels = one.texts("labels", most=_MOST_LABELS)
        probabilities = one.array("probabilities", "f4", (len(labels),))
        outcomes[fusion] = Outcome(probabilities=probabilities, labels=labels)
    if not outcomes:
        raise DataError("a prediction of no model")
    prediction = Prediction(
        pts_s=pts_s,
        window_start_s=made.number("window_start_s"),
        outcomes=outcomes,
        present=tuple(made.several_of("present", MODALITIES)),  # type: ignore[arg-type]
        utterance=made.integer("utterance") if made.given("utterance") else None,
        muted=muted,
        latency_s=made.map("latency_s").numbers(),
    )
    return SavedPrediction(pts_s=pts_s, prediction=prediction, muted=muted)


def _read_fault(fields: Fields) -> Fault:
    return Fault(
        pts_s=fields.number("pts_s"), part=fields.text("part"), text=fields.text("text"), lasting=fields.flag("lasting")
    )


def _read_device(fields: Fields) -> DeviceChange:
    state = fields.map("state")
    return DeviceChange(
        pts_s=fields.number("pts_s"),
        state=DeviceState(
            kind=state.one_of("kind", ("camera", "microphone", "speaker")),
            name=state.text("name"),
            status=DeviceStatus(state.one_of("status", tuple(DeviceStatus))),
            message=state.text("message"),
            rate_hz=state.number("rate_hz"),
            nominal_hz=state.optional_number("nominal_hz"),
            width=state.integer("width") if state.given("width") else None,
            height=state.integer("height") if state.given("height") else None,
            level_db=state.optional_number("level_db", finite=False),
            peak_db=state.optional_number("peak_db", finite=False),
            drift_ppm=state.optional_number("drift_ppm"),
            dropped=state.integer("dropped"),
            reconnects=state.integer("reconnects"),
        ),
    )


def _read_pictures(fields: Fields) -> PictureTimes:
    return PictureTimes(first=fields.integer("first"), times_s=fields.array("times_s", "f8", (None,)))


def _read_sound(fields: Fields) -> SoundRun:
    return SoundRun(
        pts_s=fields.number("pts_s"),
        sample=fields.integer("sample"),
        rate_hz=fields.integer("rate_hz", least=1),
        source_hz=fields.integer("source_hz", least=1),
    )


_READERS: Mapping[str, Callable[[Fields], Saved]] = {
    "report": _read_report,
    "prediction": _read_prediction,
    "fault": _read_fault,
    "device": _read_device,
    "pictures": _read_pictures,
    "sound": _read_sound,
}
