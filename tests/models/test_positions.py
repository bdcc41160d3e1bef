from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.models.encoders import TemporalEncoder
from engine.models.fusion import TEMPORAL_STRIDES
from engine.models.positions import back_project, frame_shares, group_times, position_step, position_times


@pytest.mark.parametrize("modality", ["audio", "video", "text"])
@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5, 32, 99])
def test_there_is_one_time_per_position_of_the_temporal_encoder(modality, frames):
    encoder = TemporalEncoder(3, 4, 8 if TEMPORAL_STRIDES[modality] else 0, TEMPORAL_STRIDES[modality], 0.0)
    with torch.no_grad():
        positions = encoder(torch.randn(1, frames, 3))[0].shape[1]
    times = np.arange(frames, dtype=np.float64)
    assert len(position_times(modality, times)) == len(group_times(modality, times)) == positions


def test_the_time_of_a_position_is_the_centre_of_what_its_convolution_sees():
    encoder = TemporalEncoder(1, 4, 8, TEMPORAL_STRIDES["audio"], 0.0)
    x = torch.zeros(1, 160, 1, requires_grad=True)
    y = x.transpose(1, 2)
    for conv in encoder.convs:
        y = conv(y)
    frames = torch.autograd.grad(y[0, :, 9].sum(), x)[0][0, :, 0].nonzero()
    assert (frames.min() + frames.max()) / 2 == position_times("audio", np.arange(160.0))[9]


def test_group_times_are_the_middle_of_each_group():
    assert group_times("audio", np.arange(10.0)).tolist() == [3.5, 8.5]
    assert group_times("text", np.array([1.0, 5.0])).tolist() == [1.0, 5.0]


def test_shares_say_how_much_of_a_position_is_padding():
    weight = np.zeros((2, 16), np.float32)
    weight[0, [0, 1, 2, 8]], weight[1, 14] = [1, -1, 2, 4], -3
    shares = frame_shares("audio", weight, 2, 9)
    np.testing.assert_allclose(shares, [[0.5, 0.5], [0, 0]])
    np.testing.assert_array_equal(frame_shares("text", None, 4, 2), np.eye(4)[:, :2])


def test_back_projected_attention_is_where_one_hot_convolutions_point_to():
    # Position 0 is made of the frames 8 to 15, position 1 of the frames 0 to 7.
    weight = np.zeros((2, 16), np.float32)
    weight[0, 8:], weight[1, :8] = 0.3, -7
    shares = frame_shares("audio", weight, 2, 16)
    attention = np.array([[[0.9, 0.1], [0.2, 0.8]]], np.float32)
    np.testing.assert_allclose(back_project(attention, shares, shares), attention[:, ::-1, ::-1], rtol=1e-6)


@pytest.mark.parametrize("frames", [1, 7, 32])
def test_rows_of_back_projected_attention_sum_to_one(frames):
    random = np.random.default_rng(0)
    shares = frame_shares("video", random.normal(size=(25, 32)).astype(np.float32), 25, frames)
    words = frame_shares("text", None, 128, 3)
    attention = random.dirichlet(np.ones(128), size=(6, 25)).astype(np.float32)
    projected = back_project(attention, shares, words)
    assert projected.shape == (6, frames, 3)
    assert projected.dtype == np.float32
    np.testing.assert_allclose(projected.sum(-1), 1, rtol=1e-5)


def test_attention_on_padding_alone_says_nothing():
    attention = np.zeros((1, 1, 4), np.float32)
    attention[..., 3] = 1
    np.testing.assert_allclose(
        back_project(attention, np.ones((1, 1), np.float32), np.eye(4, 2, dtype=np.float32)), 0.5
    )


def test_steps_are_the_products_of_the_strides():
    assert [position_step(name) for name in ("audio", "video", "text")] == [8, 1, 1]
