"""A scripted ear: what hearing would give for samples whose utterances are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.features.speech import Heard, SpeechEvent, VoiceFrame
from engine.types import AudioBlock, FloatArray

RATE_HZ = 16_000
FRAME = 512


@dataclass(frozen=True)
class Spoken:
    """An utterance, the speech within it, and when its start and end were decided (in seconds)."""

    start_s: float
    end_s: float
    start_known_s: float
    end_known_s: float
    gain: float = 1.0


def spoken(speech_start_s: float, speech_end_s: float, gain: float = 1.0) -> Spoken:
    """An utterance around speech, decided as late as in real hearing."""
    return Spoken(max(0.0, speech_start_s - 0.3), speech_end_s + 0.2, speech_start_s + 0.2, speech_end_s + 0.8, gain)


def hear(
    samples: FloatArray, utterances: Sequence[Spoken], splits: Sequence[int] = (), *, begin_s: float = 0.0
) -> Iterator[Heard]:
    """What is heard of ``samples``, in pieces that end at ``splits`` (frame numbers); all at once without."""
    frames = -(-len(samples) // FRAME)
    bounds = [0, *sorted({split for split in splits if 0 < split < frames}), frames]
    for number, (first, last) in enumerate(pairwise(bounds)):
        low_s, high_s = begin_s + first * FRAME / RATE_HZ, begin_s + last * FRAME / RATE_HZ
        yield Heard(
            block=AudioBlock(
                seq=number,
                pts_s=low_s,
                captured_s=0.0,
                rate_hz=RATE_HZ,
                samples=samples[first * FRAME : last * FRAME],
            ),
            features=(),
            voice=tuple(_frame(begin_s + at * FRAME / RATE_HZ, utterances) for at in range(first, last)),
            events=tuple(
                event
                for event in _events(utterances)
                if low_s < event.known_s <= high_s or (last == frames and event.known_s > high_s)
            ),
            until_s=high_s,
        )


def _frame(pts_s: float, utterances: Sequence[Spoken]) -> VoiceFrame:
    end_s = pts_s + FRAME / RATE_HZ
    voiced = any(one.start_s + 0.3 <= pts_s <= one.end_s - 0.2 for one in utterances)
    gain = next((one.gain for one in utterances if end_s <= one.end_known_s), 1.0)
    return VoiceFrame(pts_s=pts_s, end_s=end_s, probability=0.9 if voiced else 0.1, gain=gain)


def _events(utterances: Sequence[Spoken]) -> Iterator[SpeechEvent]:
    for index, one in enumerate(utterances):
        yield SpeechEvent(kind="start", utterance=index, pts_s=one.start_s, known_s=one.start_known_s)
        yield SpeechEvent(kind="end", utterance=index, pts_s=one.end_s, known_s=one.end_known_s)


def babble(seconds: float, seed: int = 0) -> FloatArray:
    """Noise in the rhythm of syllables: a recogniser makes words of it."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    pitch = np.cumsum(120 + 30 * np.sin(2 * np.pi * 0.7 * time_s)) / RATE_HZ
    voice = sum(np.sin(2 * np.pi * k * pitch) / k for k in range(1, 12))
    rhythm = np.clip(np.sin(2 * np.pi * 3.5 * time_s), 0, 1)
    return np.asarray(0.1 * voice * rhythm + 0.003 * rng.standard_normal(count), np.float32)
