"""Media time of attention positions.

In the temporal preset a position is an instant: position i of the audio stands for feature frame
i times the product of the strides, positions of faces and words for themselves.

In the paper preset a position is a learned mixture of the whole window, because the convolution has the
time axis as channels. There attention is projected back to input time through the absolute values of the
convolution's weights: an estimate, which leaves out what the GRU after it carries between positions.
"""

from __future__ import annotations

import math

import numpy as np

from engine.models.fusion_config import TEMPORAL_STRIDES
from engine.types import FloatArray, TimeArray


def position_step(modality: str) -> int:
    """Feature frames from one attention position of the temporal preset to the next.

    Examples
    --------
    >>> position_step("audio"), position_step("video"), position_step("text")
    (8, 1, 1)
    """
    return math.prod(TEMPORAL_STRIDES[modality])


def position_times(modality: str, times_s: TimeArray) -> TimeArray:
    """Media time of the attention positions of the temporal preset.

    Shapes
    ------
    times_s : [t] of the feature frames -> [ceil(t / step)]

    Examples
    --------
    >>> position_times("audio", np.arange(12) / 100).tolist()
    [0.0, 0.08]
    """
    return times_s[:: position_step(modality)]


def group_times(modality: str, times_s: TimeArray) -> TimeArray:
    """Media time of the instants that attention is projected back to: the middle of each group of frames.

    The groups are as long as the step of the temporal preset, so both presets are shown alike.

    Shapes
    ------
    times_s : [t] of the feature frames -> [ceil(t / step)]
    """
    starts = np.arange(0, len(times_s), position_step(modality))
    counts = np.diff(starts, append=len(times_s))
    return np.add.reduceat(times_s, starts) / counts


def frame_shares(modality: str, conv_weight: FloatArray | None, positions: int, frames: int) -> FloatArray:
    """How much of each position of the paper preset comes from each group of real input frames.

    Parameters
    ----------
    conv_weight : [positions, maximum frames] of the kernel-1 convolution, None where there is none.
    positions : positions that the attention block sees.
    frames : feature frames that hold data, at least 1; the rest of the window is padding.

    Returns
    -------
    [positions, ceil(frames / step)] f32
        Not negative; a row sums to at most one, the rest being the share of padding.
    """
    shares = np.eye(positions, dtype=np.float32) if conv_weight is None else np.abs(conv_weight)
    shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.add.reduceat(shares[:, :frames], np.arange(0, frames, position_step(modality)), axis=1)


def back_project(weights: FloatArray, target_shares: FloatArray, source_shares: FloatArray) -> FloatArray:
    """Attention of the paper preset on input time.

    An instant of the target asks through the positions it contributes to, in proportion; what a position
    of the source receives is handed to the instants that it is made of. What falls on padding is left out,
    and each row is scaled to sum to one.

    Shapes
    ------
    weights : [heads, Pq, Pk], target_shares : [Pq, Tq], source_shares : [Pk, Tk] -> [heads, Tq, Tk] f32
    """
    rows = target_shares.T / np.maximum(target_shares.sum(axis=0)[:, None], np.finfo(np.float32).tiny)
    projected = rows @ (weights @ source_shares)
    totals = projected.sum(axis=-1, keepdims=True)
    even = np.float32(1 / projected.shape[-1])  # nothing but padding was looked at
    return np.where(totals > 0, projected / np.where(totals > 0, totals, 1), even).astype(np.float32)
