"""Small synthetic values that look like those of a real session; what they are made of is in ``synthetic``."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from demo.health import DeviceHealth, Health, StageHealth
from demo.origin import Origin, Shares
from demo.shown import (
    Attention,
    Certainty,
    Crop,
    Emotion,
    History,
    Picture,
    Shown,
    Transport,
    Voice,
    Words,
)
from engine.config import EMOTIONS, FACE_RATE_HZ, MODALITIES, Fusion, Modality
from engine.types import FloatArray, VideoFrame
from tests.demo.widgets.synthetic import (
    LINE_S,
    attention_map,
    crop_picture,
    face_picture,
    loudness,
    mfcc_of,
    probabilities_sample,
    speaking,
    utterance_at,
)

DURATION_S = 30.0
POSITION_S = 14.5
_SIZE = (360, 640)


def shown_sample(position_s: float = POSITION_S) -> Shown:
    """A recording that is being played, everything current, with words partial in the last utterance."""
    words = words_sample(position_s)
    return Shown(
        kind="file",
        title="sample.mp4",
        ready=True,
        transport=Transport(position_s=position_s, duration_s=DURATION_S, playing=True, sounding=True),
        picture=picture_sample(position_s),
        voice=voice_sample(position_s),
        words=words,
        emotion=emotion_sample(pts_s=position_s),
        history=history_sample(),
        attention=attention_sample(position_s),
        origin=origin_sample(position_s),
        health=health_sample(),
    )


def picture_sample(position_s: float = POSITION_S, *, others: bool = True) -> Picture:
    """The drawn face at a position, with a second face to the right and the crops that the model saw."""
    height, width = _SIZE
    turn = float(np.sin(position_s * 0.7))
    frame = VideoFrame(
        seq=round(position_s * 30), pts_s=position_s, captured_s=position_s, rgb=face_picture(height, width, turn=turn)
    )
    middle = width / 2 + 0.15 * height * turn
    return Picture(
        frame=frame,
        box=(middle - 85, 70, middle + 85, 290),
        others=((510.0, 90.0, 600.0, 200.0),) if others else (),
        crops=crops_sample(position_s),
        camera=True,
    )


def crops_sample(
    position_s: float = POSITION_S, count: int = 20, *, gap: tuple[float, float] = (3.0, 4.5)
) -> tuple[Crop, ...]:
    """Faces at 3 Hz up to a position, none between ``gap`` seconds before it, oldest first."""
    last = int(position_s * FACE_RATE_HZ)
    times = [index / FACE_RATE_HZ for index in range(max(0, last - count + 1), last + 1)]
    kept = [one for one in times if not gap[0] < position_s - one < gap[1]]
    return tuple(Crop(pts_s=one, rgb=crop_picture(round(10 * np.sin(one)))) for one in kept)


def voice_sample(position_s: float = POSITION_S, seconds: float = 12.0, *, live: bool = False) -> Voice:
    """Syllables of harmonics while a line is spoken, faint noise between the lines."""
    start_s = max(0.0, round(position_s - seconds, 2))
    count = round((position_s - start_s) * 100)
    times = start_s + np.arange(count) / 100
    loud = loudness(times)
    rng = np.random.default_rng(1)
    swing = loud * (0.7 + 0.3 * rng.random(count))
    envelope = np.stack([-swing, swing * (0.8 + 0.2 * rng.random(count))], axis=1).astype(np.float32)
    activity_times = np.arange(start_s, position_s, 0.032)
    talking = (speaking(activity_times) * 0.95 + 0.02).astype(np.float32)
    line = int(position_s // LINE_S)
    return Voice(
        start_s=start_s,
        end_s=position_s,
        envelope=envelope,
        mfcc_times_s=times + 0.0125,
        mfcc=mfcc_of(times, loud),
        activity_times_s=activity_times,
        activity=talking,
        window_s=(max(start_s, LINE_S * line), position_s) if count else None,
        level_db=-23.5 if live else None,
        microphone=True,
    )


def words_sample(position_s: float = POSITION_S) -> Words:
    """The lines that have begun by a position, the last one partial, its words tinted."""
    utterances = tuple(utterance_at(index, position_s) for index in range(int(max(0.0, position_s - 0.3) / LINE_S) + 1))
    last = next(one for one in reversed(utterances) if one.words) if utterances[0].words else None
    weights: dict[tuple[float, str], float] = {}
    if last is not None:
        strength = [0.2 + 0.8 * (len(one.text) / 9) ** 2 for one in last.words]
        largest = max(strength)
        weights = {(one.start_s, one.text): min(1.0, w / largest) for one, w in zip(last.words, strength, strict=True)}
    return Words(utterances=utterances, weights=weights, reason="Words by Whisper (tiny.en), which comes with Attune.")


def long_words_sample(hours: float = 1.0) -> Words:
    """The lines over and over, all final: what an hour of talk looks like."""
    count = int(hours * 3600 / LINE_S)
    return Words(utterances=tuple(utterance_at(index, 1e9) for index in range(count)))


def emotion_sample(
    certainty: Certainty = "current", top: str = "happy", share: float = 0.72, *, pts_s: float = POSITION_S
) -> Emotion:
    """A distribution of both fusions; the second fusion a little less sure."""
    shares: dict[Fusion, FloatArray] = {
        "self": probabilities_sample(top, share),
        "cross": probabilities_sample(top, share * 0.9),
    }
    has = certainty in {"current", "stale", "behind"}
    return Emotion(
        certainty=certainty,
        probabilities=shares if has else {},
        unsure_below={"self": 0.5, "cross": 0.45},
        present=("audio", "video", "text") if has else (),
        pts_s=pts_s,
        waiting_s=2.4 if certainty == "behind" else 0.0,
    )


def history_sample(seconds: float = DURATION_S, *, version: int = 1) -> History:
    """Distributions that wander from emotion to emotion, two seconds without anything, the end not analysed."""
    times = np.arange(1, int(seconds * 2 * 0.8)) * 0.5
    centres = np.linspace(0, seconds, len(EMOTIONS))
    order = np.array([4, 5, 0, 1, 6, 3, 2])
    scores = np.empty((len(times), len(EMOTIONS)))
    scores[:, order] = 3 * np.exp(-(((times[:, None] - centres) / (seconds / 9)) ** 2)) + 0.4 * np.sin(
        times[:, None] * 1.3 + np.arange(len(EMOTIONS))
    )
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    shares[(times > seconds * 0.6) & (times < seconds * 0.66)] = np.nan
    other = np.roll(shares, 1, axis=0)
    return History(
        version=version,
        times_s=times,
        probabilities={"self": shares.astype(np.float32), "cross": other.astype(np.float32)},
        utterances=tuple(utterance_at(index, 1e9) for index in range(int(seconds * 0.8 / LINE_S))),
        covered=((0.0, float(times[-1])),) if len(times) else (),
    )


def attention_sample(position_s: float = POSITION_S, *, audio: bool = True, video: bool = True) -> Attention:
    """Maps of every block of both fusions, 6 heads, each leaning to a few positions."""
    if position_s < 1.0:
        return Attention()
    line = utterance_at(int((position_s - 0.5) // LINE_S), position_s)
    crops = crops_sample(position_s, 15, gap=(9e9, 9e9))
    start_s = line.start_s - 0.3
    times: dict[Modality, NDArray[np.float64]] = {}
    if audio:
        times["audio"] = np.arange(start_s, position_s, 0.08)
    if video:
        times["video"] = np.array([one.pts_s for one in crops])
    if line.words:
        times["text"] = np.array([(one.start_s + one.end_s) / 2 for one in line.words])
    rng = np.random.default_rng(3)
    self_maps = tuple(attention_map(rng, one, one, times) for one in times)
    cross_maps = tuple(attention_map(rng, one, two, times) for one in times for two in times if one != two)
    return Attention(
        pts_s=position_s,
        maps={"self": self_maps, "cross": cross_maps},
        words=line.words,
        crops=crops if video else (),
        start_s=start_s,
        end_s=position_s,
    )


def origin_sample(pts_s: float = POSITION_S, muted: frozenset[Modality] = frozenset()) -> Origin:
    """Shares that add up, the voice speaking against the answer of the second fusion."""
    first = _shares("happy", 0.72, 0.15, (0.12, 0.38, 0.07), muted)
    second = _shares("happy", 0.65, 0.14, (-0.06, 0.46, 0.11), muted)
    return Origin(pts_s=pts_s, shares={"self": first, "cross": second}, muted=muted)


def health_sample() -> Health:
    """A machine that copes, with one microphone that was away for a moment."""
    stages = (
        StageHealth(name="face", rate_hz=6.0, p50_s=0.0148, p95_s=0.0291, dropped=0, queued=1, capacity=6),
        StageHealth(name="hearing", rate_hz=31.2, p50_s=0.0011, p95_s=0.0024, dropped=0, queued=0, capacity=128),
        StageHealth(name="transcription", rate_hz=1.1, p50_s=0.212, p95_s=0.54, dropped=3, queued=12, capacity=320),
        StageHealth(name="model", rate_hz=2.0, p50_s=0.0094, p95_s=0.0162, dropped=0, queued=0, capacity=256),
    )
    devices = (
        DeviceHealth(
            kind="camera", name="HD Webcam", status="ok", rate_hz=29.97, drift_ppm=None, dropped=2, reconnects=0
        ),
        DeviceHealth(
            kind="microphone",
            name="USB Microphone",
            status="ok",
            rate_hz=48_000.0,
            drift_ppm=18.0,
            dropped=0,
            reconnects=1,
            message="It was unplugged for 4 s and is back.",
        ),
    )
    return Health(
        stages=stages,
        devices=devices,
        backend="onnx",
        screen_s=(0.062, 0.094),
        window_hz=30.0,
        memory_bytes=812_000_000,
        threads=14,
    )


def _shares(
    top: str, with_all: float, with_none: float, values: tuple[float, float, float], muted: frozenset[Modality]
) -> Shares:
    names = cast("tuple[Modality, ...]", MODALITIES)
    shares = {name: 0.0 if name in muted else value for name, value in zip(names, values, strict=True)}
    return Shares(top=top, with_all=with_none + sum(shares.values()), with_none=with_none, shares=shares)
