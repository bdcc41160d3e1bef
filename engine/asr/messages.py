"""What goes between the program and the process that recognises: MessagePack in frames of known length.

Nothing is unpickled: what comes is numbers, text and samples, and everything else is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import msgpack
import numpy as np

from engine.asr.base import TranscriptUpdate
from engine.errors import AssetError, AttuneError, SourceError, StageError
from engine.types import AudioBlock, Word

if TYPE_CHECKING:
    from engine.features.speech import Heard

MOST_BYTES = 4_000_000
"""Longest message: a minute of sound, far more than any."""

_LENGTH = struct.Struct("<I")
_ERRORS = {kind.__name__: kind for kind in (AssetError, SourceError, StageError)}


@dataclass(frozen=True, slots=True)
class Ready:
    """The recogniser has been made."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Raised:
    """What went wrong: an error meant for the user, or the words of another one."""

    error: AttuneError | None
    words: str


Answer = Ready | Raised | list[TranscriptUpdate]


class BadMessage(ValueError):
    """What came is none of our messages."""


def send(stream: IO[bytes], content: object) -> None:
    """Write a message.

    Raises
    ------
    OSError, ValueError : the other side has gone.
    """
    packed: bytes = msgpack.packb(content)
    stream.write(_LENGTH.pack(len(packed)) + packed)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read a message.

    Raises
    ------
    EOFError : the other side has gone.
    BadMessage : it is too long, or no MessagePack.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MOST_BYTES:
        raise BadMessage(f"a message of {length} bytes")
    try:
        return msgpack.unpackb(_exactly(stream, length), raw=False, strict_map_key=True)
    except (ValueError, msgpack.UnpackException) as error:
        raise BadMessage(str(error)) from error


def pack_heard(heard: Heard) -> dict[str, Any]:
    """What was heard without its features, which no recogniser uses."""
    block = heard.block
    return {
        "block": None
        if block is None
        else [
            block.seq,
            float(block.pts_s),
            float(block.captured_s),
            block.rate_hz,
            block.samples.tobytes(),
            block.gap,
        ],
        "voice": [[float(v) for v in (one.pts_s, one.end_s, one.probability, one.gain)] for one in heard.voice],
        "events": [[one.kind, one.utterance, float(one.pts_s), float(one.known_s)] for one in heard.events],
        "until_s": float(heard.until_s),
        "gain": float(heard.speech_gain),
    }


def unpack_heard(content: dict[str, Any]) -> Heard:
    """The same again.

    Raises
    ------
    BadMessage : it is none.
    """
    from engine.features.endpoint import SpeechEvent, VoiceFrame
    from engine.features.speech import Heard

    try:
        return Heard(
            block=None if content["block"] is None else _block(content["block"]),
            features=(),
            voice=tuple(
                VoiceFrame(pts_s=pts_s, end_s=end_s, probability=share, gain=gain)
                for pts_s, end_s, share, gain in content["voice"]
            ),
            events=tuple(
                SpeechEvent(kind=kind, utterance=utterance, pts_s=pts_s, known_s=known_s)
                for kind, utterance, pts_s, known_s in content["events"]
            ),
            until_s=content["until_s"],
            speech_gain=content["gain"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadMessage(f"not what was heard: {error!r}") from error


def pack_answer(answer: Answer) -> dict[str, Any]:
    """An answer as plain values."""
    if isinstance(answer, Ready):
        return {"ready": [answer.name, answer.reason]}
    if isinstance(answer, Raised):
        return {"raised": [type(answer.error).__name__, str(answer.error), answer.words]}
    return {"updates": [_pack_update(one) for one in answer]}


def unpack_answer(content: Any) -> Answer:
    """The answer again; an error of a kind that is not expected comes as a StageError.

    Raises
    ------
    BadMessage : it is none.
    """
    try:
        ((kind, values),) = content.items()
        if kind == "ready":
            name, reason = values
            return Ready(str(name), str(reason))
        if kind == "raised":
            kind, text, words = values
            error = None if kind == "NoneType" else _ERRORS.get(kind, StageError)(str(text))
            return Raised(error, str(words))
        if kind == "updates":
            return [_update(one) for one in values]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadMessage(f"no answer: {error!r}") from error
    raise BadMessage(f"no answer: {kind!r}")


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _pack_block(block: AudioBlock) -> list[Any]:
    times_s = float(block.pts_s), float(block.captured_s)
    return [block.seq, *times_s, block.rate_hz, block.samples.tobytes(), block.gap]


def _block(values: Sequence[Any]) -> AudioBlock:
    seq, pts_s, captured_s, rate_hz, samples, gap = values
    return AudioBlock(
        seq=seq,
        pts_s=pts_s,
        captured_s=captured_s,
        rate_hz=rate_hz,
        samples=np.frombuffer(samples, np.float32),
        gap=gap,
    )


def _pack_update(update: TranscriptUpdate) -> list[Any]:
    words = [[one.text, float(one.start_s), float(one.end_s), float(one.confidence), one.final] for one in update.words]
    return [float(update.pts_s), update.utterance, words, update.final, update.missing]


def _update(values: Sequence[Any]) -> TranscriptUpdate:
    pts_s, utterance, words, final, missing = values
    return TranscriptUpdate(
        pts_s=float(pts_s),
        utterance=int(utterance),
        words=tuple(
            Word(text=str(text), start_s=float(start_s), end_s=float(end_s), confidence=float(sure), final=bool(stays))
            for text, start_s, end_s, sure, stays in words
        ),
        final=bool(final),
        missing=bool(missing),
    )
