"""Any decoded sound to mono samples in -1..1."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import av
import numpy as np

from engine.types import FloatArray

_DTYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "flt": "f4", "dbl": "f8"}

_FRONT = 0.7071
_SURROUND = 0.5
_WEIGHTS = {"FC": 1.0, "FL": _FRONT, "FR": _FRONT, "LFE": 0.0, "LFE2": 0.0}


def to_mono(frame: av.AudioFrame) -> FloatArray:
    """Mix the channels of a decoded frame to one.

    Returns
    -------
    [n] f32 in -1..1; what is not a number becomes silence.

    Notes
    -----
    Channels are weighted as in ITU-R BS.775 (centre 1, left and right 0.7071, surround 0.5, no
    low-frequency effects), scaled so that the weights sum to one: speech, which is in the
    centre of a film's sound, stays the loudest, and nothing can clip.
    """
    channels = _channels(frame)
    weights = mono_weights(tuple(channel.name for channel in frame.layout.channels), len(channels))
    mono = channels[0] if len(channels) == 1 else weights @ channels
    if not np.isfinite(mono).all():
        mono = np.nan_to_num(mono, nan=0.0, posinf=1.0, neginf=-1.0)
    clipped: FloatArray = np.clip(mono, -1.0, 1.0)
    return clipped


@lru_cache(maxsize=64)
def mono_weights(names: tuple[str, ...], count: int) -> FloatArray:
    """Weight of each channel in the mono mix, [count] f32, summing to one.

    Channels without known places count alike.

    Examples
    --------
    >>> mono_weights(("FL", "FR"), 2).tolist()
    [0.5, 0.5]
    """
    placed = len(names) == count and ("FL" in names or "FC" in names)
    weights = np.array([_WEIGHTS.get(name, _SURROUND) for name in names] if placed else [1.0] * count, np.float32)
    weights /= weights.sum()
    weights.flags.writeable = False
    return weights


def _channels(frame: av.AudioFrame) -> FloatArray:
    """Samples as [channels, n] f32; integers scaled to -1..1."""
    count = frame.layout.nb_channels
    dtype = np.dtype(_DTYPES[frame.format.name.removesuffix("p")])
    planes: tuple[Any, ...] = frame.planes
    if frame.format.is_planar:
        raw = np.stack([np.frombuffer(plane, dtype, frame.samples) for plane in planes[:count]])
    else:
        raw = np.frombuffer(planes[0], dtype, frame.samples * count).reshape(-1, count).T
    if dtype.kind == "u":
        return ((raw.astype(np.float32) - 128) / 128).astype(np.float32)
    if dtype.kind == "i":
        return (raw * (1.0 / -float(np.iinfo(dtype).min))).astype(np.float32)
    return raw.astype(np.float32)
