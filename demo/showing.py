"""From what the engine found to what the window shows. Pure functions of one moment, without Qt."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from demo.origin import Origin, Shares
from demo.running import Running
from demo.shown import Attention, Crop, Emotion, Picture, Voice
from engine.config import MAX_FACES, MODALITIES, Fusion, Modality
from engine.shapley import shapley_values
from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.explain import Explanation
    from engine.recall import Recall
    from engine.types import VideoFrame
    from engine.utterance import Utterance

VOICE_S = 12.0
"""How much sound is shown: the longest window and a little before it."""

_BIN_S = 0.01


def picture_of(frame: VideoFrame | None, recall: Recall | None, crops: tuple[Crop, ...], camera: bool) -> Picture:
    """The picture with the faces that were found in it."""
    seen = None if frame is None or recall is None else recall.seen_at(frame.pts_s)
    return Picture(
        frame=frame,
        box=None if seen is None else seen.box,
        others=() if seen is None else seen.others,
        crops=crops,
        camera=camera,
    )


def crops_of(recall: Recall, position_s: float) -> tuple[Crop, ...]:
    """The newest faces up to a media time."""
    return tuple(Crop(pts_s=pts_s, rgb=rgb) for pts_s, rgb in recall.crops(position_s - 15.0, position_s, MAX_FACES))


def voice_of(recall: Recall, position_s: float, explanation: Explanation | None, microphone: bool) -> Voice:
    """The sound of the last seconds on a grid of 10 ms."""
    start_s = max(0.0, math.floor((position_s - VOICE_S) / _BIN_S) * _BIN_S)
    sound = recall.sound(start_s, position_s)
    count = max(0, round((position_s - start_s) / _BIN_S))
    low, high = np.full(count, np.inf, np.float32), np.full(count, -np.inf, np.float32)
    at = np.clip(((sound.times_s - start_s) / _BIN_S).astype(int), 0, max(0, count - 1))
    if count:
        np.minimum.at(low, at, sound.low)
        np.maximum.at(high, at, sound.high)
    envelope = np.stack([low, high], axis=1)
    envelope[~np.isfinite(envelope).all(axis=1)] = np.nan
    heard = explanation is not None and len(explanation.window.audio_times_s) > 0
    return Voice(
        start_s=start_s,
        end_s=position_s,
        envelope=envelope,
        mfcc_times_s=sound.mfcc_times_s,
        mfcc=sound.mfcc,
        activity_times_s=sound.activity_times_s,
        activity=sound.activity,
        window_s=_ends(explanation) if heard and explanation is not None else None,
        microphone=microphone,
    )


def emotion_of(
    timeline_at: tuple[float | None, object],
    explanation: Explanation | None,
    waiting: Emotion,
) -> Emotion:
    """The distribution at the newest moment: as predicted, or as explained where the user has muted something since.

    ``waiting`` holds what does not depend on the moment.
    """
    from engine.types import Prediction

    moment_s, newest = timeline_at
    if moment_s is None:
        return waiting
    muted = waiting.muted
    prediction = newest if isinstance(newest, Prediction) and newest.pts_s == moment_s else None
    empty = replace(waiting, certainty="nothing", pts_s=moment_s)
    if prediction is not None and prediction.muted == muted:
        outcomes, present = prediction.outcomes, prediction.present
    elif explanation is not None and explanation.pts_s == moment_s and explanation.muted == muted:
        outcomes, present = explanation.outcomes, explanation.window.present
    elif prediction is not None:
        return replace(empty, certainty="behind")
    else:
        return empty
    if not outcomes:
        return empty
    probabilities = {fusion: outcome.probabilities for fusion, outcome in outcomes.items()}
    return replace(empty, certainty="current", probabilities=probabilities, present=present)


def attention_of(recall: Recall, explanation: Explanation | None) -> Attention:
    """The maps of an explained moment, with the words and faces that its positions stand for."""
    if explanation is None:
        return Attention()
    window = explanation.window
    crops: tuple[Crop, ...] = ()
    if len(window.video_times_s):
        first_s, last_s = float(window.video_times_s[0]), float(window.video_times_s[-1])
        crops = tuple(Crop(pts_s=pts_s, rgb=rgb) for pts_s, rgb in recall.crops(first_s, last_s, MAX_FACES))
    return Attention(
        pts_s=explanation.pts_s,
        maps={fusion: outcome.attention for fusion, outcome in explanation.outcomes.items()},
        words=window.words,
        crops=crops,
        start_s=window.start_s,
        end_s=window.end_s,
    )


def origin_of(explanation: Explanation | None, running: Running) -> Origin:
    """The Shapley shares of an explained moment, of the modalities that each model uses."""
    if explanation is None or not explanation.subsets:
        return Origin()
    shares = {
        fusion: _shares(values, running.labels, running.uses.get(fusion, running.used))
        for fusion, values in explanation.subsets.items()
    }
    return Origin(pts_s=explanation.pts_s, shares=shares, muted=explanation.muted)


def utterances_until(utterances: Sequence[Utterance], position_s: float) -> tuple[Utterance, ...]:
    """The utterances that have begun by a media time; of the last one the words that have."""
    begun = tuple(utterances[: bisect_right(utterances, position_s, key=lambda one: one.start_s)])
    if not begun:
        return ()
    last = begun[-1]
    said = tuple(word for word in last.words if word.start_s <= position_s)
    if last.end_s <= position_s and len(said) == len(last.words):
        return begun
    open_then = last.open or last.end_s > position_s
    return (*begun[:-1], replace(last, words=said, end_s=min(last.end_s, position_s), open=open_then))


def thresholds(info: Mapping[str, object]) -> dict[Fusion, float]:
    """Top probability of each model under which its answer is unsure, from `Predictor.info`."""
    models = info.get("models")
    if not isinstance(models, Mapping):
        return {}
    values = {fusion: one.get("unsure_threshold") for fusion, one in models.items()}
    return {fusion: float(value) for fusion, value in values.items() if isinstance(value, int | float) and value > 0}


def _ends(explanation: Explanation) -> tuple[float, float]:
    times = explanation.window.audio_times_s
    return float(times[0]), float(times[-1])


def _shares(values: FloatArray, labels: tuple[str, ...], used: Sequence[Modality]) -> Shares:
    top = int(values[-1].argmax())
    shares = shapley_values(values[:, top])
    every = {cast(Modality, name): float(share) for name, share in zip(MODALITIES, shares, strict=True)}
    by_name = {name: every[name] for name in used}
    return Shares(top=labels[top], with_all=float(values[-1, top]), with_none=float(values[0, top]), shares=by_name)
