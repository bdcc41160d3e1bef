"""Makers of the samples: a drawn face, a voice of harmonics, utterances that repeat, attention that leans to a few."""

from __future__ import annotations

from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from engine.config import EMOTIONS, Modality
from engine.types import AttentionMap, FloatArray, Word
from engine.utterance import Utterance

LINES = (
    "Hello, this is a short test of the camera and the microphone.",
    "My best friend moved away and I miss her.",
    "You lied to me, I am so angry with you.",
    "Oh wow! What a surprise. I am so happy today.",
)
LINE_S = 6.0
_WORD_S = 0.35


def face_picture(height: int, width: int, *, turn: float = 0.0, smile: float = 1.0) -> NDArray[np.uint8]:
    """A drawn face in front of a soft background, [height, width, 3] u8. ``turn`` in -1..1 moves it sideways."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x - width / 2) / height * 2 - 0.3 * turn, (y - height / 2) / height * 2
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = np.array([92, 104, 118]) + 40 * (0.5 - y[..., None] / 2) * np.array([1.0, 0.9, 0.8])
    _fill(picture, (x / 0.95) ** 2 + ((y - 1.25) / 0.55) ** 2, (64, 84, 122))
    _fill(picture, (x / 0.52) ** 2 + ((y + 0.08) / 0.68) ** 2, (62, 44, 34))
    _fill(picture, (x / 0.43) ** 2 + ((y - 0.02) / 0.58) ** 2, (222, 180, 150))
    for side in (-0.16, 0.16):
        _fill(picture, ((x - side) / 0.07) ** 2 + ((y + 0.1) / 0.045) ** 2, (250, 250, 250))
        _fill(picture, ((x - side) / 0.032) ** 2 + ((y + 0.1) / 0.04) ** 2, (52, 40, 36))
    mouth = np.abs(y - 0.28 - 0.05 * smile + smile * 2.2 * x**2) / 0.025
    _fill(picture, np.where(np.abs(x) < 0.17, mouth, 9), (168, 74, 70))
    return np.clip(picture, 0, 255).astype(np.uint8)


def _fill(picture: FloatArray, distance: FloatArray, colour: tuple[int, int, int]) -> None:
    """Paint where ``distance`` is below 1, with a soft edge."""
    inside = np.clip((1.06 - distance) / 0.12, 0, 1)[..., None]
    picture *= 1 - inside
    picture += inside * np.array(colour, np.float32)


@cache
def crop_picture(tenths: int) -> NDArray[np.uint8]:
    """A face crop, turned and smiling by so many tenths."""
    return face_picture(112, 112, turn=tenths / 20, smile=tenths / 10)


def probabilities_sample(top: str = "happy", share: float = 0.72) -> FloatArray:
    """A distribution [7] with one emotion on top and the others falling off."""
    rest = np.array([0.30, 0.08, 0.10, 0.14, 0.24, 0.17, 0.12], np.float32)
    at = EMOTIONS.index(top)
    rest[at] = 0
    result = rest / rest.sum() * (1 - share)
    result[at] = share
    return result.astype(np.float32)


def speaking(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 while a line is spoken, which begins 0.3 s into each stretch of six seconds and lasts four."""
    within = times % LINE_S
    return ((within > 0.3) & (within < 4.3)).astype(np.float64)


def loudness(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest sample around each time: syllables, and a little noise."""
    syllables = 0.5 + 0.5 * np.sin(2 * np.pi * times / _WORD_S)
    return speaking(times) * syllables * 0.35 + 0.003


def mfcc_of(times: NDArray[np.float64], loud: NDArray[np.float64]) -> FloatArray:
    """Of 64 mel bands in decibels with formants that move; as the engine's, [n, 40]."""
    bands = np.arange(64)
    first, second = 12 + 5 * np.sin(times * 3.1), 32 + 9 * np.sin(times * 1.7)
    shape = np.exp(-(((bands - first[:, None]) / 6) ** 2)) + 0.6 * np.exp(-(((bands - second[:, None]) / 5) ** 2))
    harmonics = 0.6 + 0.4 * np.cos(bands * 1.3)
    power = (loud[:, None] * (shape * harmonics + 0.01)) ** 2 + 1e-7
    return cast(FloatArray, dct(10 * np.log10(power), norm="ortho", axis=1)[:, :40].astype(np.float32))


def utterance_at(index: int, position_s: float) -> Utterance:
    """A line as it is known at a position; its newest words are partial until it ends."""
    start_s = index * LINE_S + 0.3
    text = LINES[index % len(LINES)].split()
    ends_s = start_s + _WORD_S * len(text)
    open_ = position_s < ends_s + 0.8
    begun = [at for at in range(len(text)) if start_s + at * _WORD_S <= position_s]
    words = tuple(
        Word(
            text=text[at],
            start_s=start_s + at * _WORD_S,
            end_s=start_s + (at + 1) * _WORD_S,
            confidence=0.97 - 0.07 * (at % 5),
            final=not open_ or at < len(begun) - 4,
        )
        for at in begun
    )
    top = EMOTIONS[(3, 5, 0, 6)[index % 4]]
    return Utterance(
        index=index,
        start_s=start_s,
        end_s=min(ends_s, position_s),
        open=open_,
        words=words,
        final=not open_,
        probabilities={"self": probabilities_sample(top), "cross": probabilities_sample(top, 0.6)},
    )


def attention_map(
    rng: np.random.Generator, target: Modality, source: Modality, times: dict[Modality, NDArray[np.float64]]
) -> AttentionMap:
    """Of 6 heads, each of which leans to three positions of its source."""
    rows, columns = len(times[target]), len(times[source])
    favoured = rng.integers(0, columns, (6, 1, 3))
    distance = np.abs(np.arange(columns)[None, None, :, None] - favoured[:, :, None, :]) / max(1.0, columns / 12)
    scores = 2.0 * np.exp(-(distance**2)).sum(axis=-1) + 0.3 * rng.standard_normal((6, rows, columns))
    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return AttentionMap(
        target=target,
        source=source,
        weights=weights.astype(np.float32),
        target_times_s=times[target],
        source_times_s=times[source],
    )
