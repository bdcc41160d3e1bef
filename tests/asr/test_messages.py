from __future__ import annotations

import io
import pickle
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.asr.base import TranscriptUpdate
from engine.asr.messages import (
    MOST_BYTES,
    BadMessage,
    Raised,
    Ready,
    pack_answer,
    pack_heard,
    receive,
    send,
    unpack_answer,
    unpack_heard,
)
from engine.errors import AssetError, DataError, StageError
from engine.features.speech import Heard, SpeechEvent, VoiceFrame
from engine.types import AudioBlock, Word


def through(content: object) -> Any:
    stream = io.BytesIO()
    send(stream, content)
    stream.seek(0)
    return receive(stream)


def test_what_is_heard_arrives_bit_for_bit_without_features() -> None:
    samples = np.random.default_rng(0).normal(size=512).astype(np.float32)
    block = AudioBlock(seq=3, pts_s=0.1 + 0.2, captured_s=1e9 / 3, rate_hz=16000, samples=samples, gap=True)
    frame = VoiceFrame(pts_s=float(np.float64(1) / 3), end_s=0.4, probability=float(np.float32(0.1)), gain=7.3)
    event = SpeechEvent(kind="start", utterance=2, pts_s=0.1, known_s=0.7)
    heard = Heard(block=block, features=(), voice=(frame,), events=(event,), until_s=2 / 3, speech_gain=1 / 7)
    again = unpack_heard(through(pack_heard(heard)))
    assert (again.voice, again.events, again.until_s, again.speech_gain) == ((frame,), (event,), 2 / 3, 1 / 7)
    assert again.block is not None
    assert np.array_equal(again.block.samples, samples) and (again.block.pts_s, again.block.gap) == (0.1 + 0.2, True)
    assert (
        unpack_heard(through(pack_heard(Heard(block=None, features=(), voice=(), events=(), until_s=1.0)))).block
        is None
    )


def test_answers_arrive() -> None:
    word = Word(text="naïve", start_s=0.1, end_s=0.3, confidence=1 / 3, final=True)
    update = TranscriptUpdate(pts_s=1.1, utterance=4, words=(word,), final=True, missing=True)
    assert unpack_answer(through(pack_answer([update]))) == [update]
    assert unpack_answer(through(pack_answer(Ready("whisper", "it is there")))) == Ready("whisper", "it is there")
    raised = unpack_answer(through(pack_answer(Raised(AssetError("get one"), "AssetError: get one"))))
    assert isinstance(raised, Raised) and isinstance(raised.error, AssetError) and str(raised.error) == "get one"
    other = unpack_answer(through(pack_answer(Raised(DataError("odd"), "DataError: odd"))))
    assert isinstance(other, Raised) and isinstance(other.error, StageError)
    assert unpack_answer(through(pack_answer(Raised(None, "oh")))) == Raised(None, "oh")


@pytest.mark.parametrize(
    "data", [pickle.dumps([1]), struct.pack("<I", MOST_BYTES + 1), b"\xff\xff\xff\xff", struct.pack("<I", 1) + b"\xc1"]
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises((BadMessage, EOFError)):
        receive(io.BytesIO(data))


_plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(_plain | st.dictionaries(st.sampled_from(["ready", "raised", "updates", "block", "voice", "events"]), _plain))
def test_messages_of_another_kind_are_refused(content: Any) -> None:
    for unpack in (unpack_answer, unpack_heard):
        try:
            unpack(content)
        except BadMessage:
            continue
        assert unpack is unpack_answer and set(content) <= {"ready", "raised", "updates"}
