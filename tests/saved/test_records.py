"""What goes into the journal comes out as it was, bit for bit, and nothing that is damaged comes out."""

from __future__ import annotations

import copy
import math
from contextlib import suppress
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.asr.base import TranscriptUpdate
from engine.errors import DataError
from engine.faults import Fault
from engine.features.endpoint import SpeechEvent, VoiceFrame
from engine.features.speech import Heard
from engine.keep import keep
from engine.kept import KeptReport
from engine.saved.records import DeviceChange, PictureTimes, Saved, SavedPrediction, SoundRun, from_record, to_record
from engine.sources.device import DeviceState, DeviceStatus
from engine.stages import Chosen, FaceSample, Report, Seen
from engine.types import AudioBlock, Face, FeatureBlock, Outcome, Prediction, Word

NOISE = np.random.default_rng(1)


def report() -> KeptReport:
    sound = AudioBlock(
        seq=0, pts_s=0.1, captured_s=1.0, rate_hz=16_000, samples=NOISE.standard_normal(512).astype(np.float32)
    )
    features = FeatureBlock(
        stream="audio", times_s=np.array([0.1, 0.11]), values=NOISE.standard_normal((2, 120)).astype(np.float32)
    )
    heard = Heard(
        block=sound,
        features=(features,),
        voice=(VoiceFrame(pts_s=0.1, end_s=0.132, probability=0.7),),
        events=(SpeechEvent(kind="start", utterance=3, pts_s=0.1, known_s=0.3),),
        until_s=0.132,
    )
    face = Face(pts_s=0.2, identity=2, box=(1.0, 2.0, 3.5, 4.25), score=0.99, crop=np.zeros((112, 112, 3), np.uint8))
    sample = FaceSample(pts_s=0.2, face=face, embedding=NOISE.standard_normal(2048).astype(np.float32))
    word = Word(text="größer", start_s=0.1, end_s=0.2, confidence=0.5, final=True)
    return keep(
        Report(
            stage="hearing",
            until_s=math.inf,
            seen=Seen(pts_s=0.2, box=face.box, others=((0.0, 0.0, 1.0, 1.0),)),
            chosen=Chosen(pts_s=0.2, x=3.5, y=4.0),
            samples=(sample, FaceSample(pts_s=0.5)),
            heard=(heard,),
            updates=(TranscriptUpdate(pts_s=0.9, utterance=3, words=(word,), final=False),),
        )
    )


def prediction() -> SavedPrediction:
    outcome = Outcome(probabilities=np.array([0.1, 0.2, 0.7], np.float32), labels=("a", "b", "c"))
    return SavedPrediction(
        pts_s=1.05,
        muted=frozenset({"text"}),
        prediction=Prediction(
            pts_s=1.05,
            window_start_s=0.1,
            outcomes={"self": outcome, "cross": outcome},
            present=("audio", "video"),
            utterance=3,
            muted=frozenset({"text"}),
            latency_s={"model": 0.003},
        ),
    )


def every() -> list[Saved]:
    state = DeviceState(
        kind="microphone", name="M", status=DeviceStatus.LOST, message="gone", level_db=-math.inf, dropped=3
    )
    return [
        report(),
        prediction(),
        SavedPrediction(pts_s=2.0, prediction=None, muted=frozenset({"audio", "video"})),
        Fault(pts_s=1.0, part="camera", text="It is gone.", lasting=True),
        DeviceChange(pts_s=3.0, state=state),
        PictureTimes(first=7, times_s=np.array([0.1, 0.2 + 1e-12])),
        SoundRun(pts_s=0.1 + 1e-12, sample=44_100, rate_hz=44_100, source_hz=48_000),
    ]


def wire(value: Saved) -> dict[str, Any]:
    found: dict[str, Any] = msgpack.unpackb(msgpack.packb(to_record(value)))
    return found


def same(a: object, b: object) -> bool:
    """Equal in every part, arrays in dtype and every bit."""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if hasattr(a, "__slots__") and not isinstance(a, str | DeviceStatus):
        return type(a) is type(b) and all(same(getattr(a, name), getattr(b, name)) for name in a.__slots__)
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(same(one, two) for one, two in zip(a, b, strict=True))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    return a == b


@pytest.mark.parametrize("value", every(), ids=lambda value: type(value).__name__)
def test_everything_comes_back_as_it_was(value: Saved) -> None:
    found = from_record(wire(value))
    assert found is not None and same(value, found)


def test_unknown_kinds_are_passed_over() -> None:
    assert from_record({"kind": "of a later version"}) is None
    assert from_record({}) is None


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a nested record."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, inner in items for one in places(inner, (*path, key)))]


STRANGE = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(),
    st.text(max_size=5),
    st.binary(max_size=8),
    st.booleans(),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"dtype": "f4", "shape": [2**40], "data": b""}),
    st.just({"dtype": "O", "shape": [1], "data": b"12345678"}),
)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 6), st.integers(0), STRANGE)
def test_damaged_records_are_refused_or_understood(which: int, where: int, strange: object) -> None:
    record = wire(every()[which])
    ways = places(record)[1:]
    *way, last = ways[where % len(ways)]
    broken = copy.deepcopy(record)
    inside: Any = broken
    for key in way:
        inside = inside[key]
    inside[last] = strange
    with suppress(DataError):
        from_record(broken)
    del inside[last]
    with suppress(DataError):
        from_record(broken)
