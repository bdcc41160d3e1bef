"""Resampler and MFCC: equal to soxr and librosa offline, and the same bits however the input is split."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.features.audio import LOOK_AHEAD_S, MfccExtractor, Resampler, mfcc
from engine.types import AudioBlock, FeatureBlock, FloatArray

_CHECKOUT = Path(__file__).parents[2]


def block(
    samples: FloatArray, pts_s: float = 0.0, rate_hz: int = 16_000, seq: int = 0, gap: bool = False
) -> AudioBlock:
    return AudioBlock(
        seq=seq, pts_s=pts_s, captured_s=0.0, rate_hz=rate_hz, samples=np.asarray(samples, np.float32), gap=gap
    )


def split(samples: FloatArray, sizes: Sequence[int], start_s: float = 0.0, rate_hz: int = 16_000) -> list[AudioBlock]:
    """Blocks of the given sizes, again and again, until the samples are used up."""
    blocks: list[AudioBlock] = []
    at = 0
    while at < len(samples):
        size = sizes[len(blocks) % len(sizes)]
        blocks.append(block(samples[at : at + size], start_s + at / rate_hz, rate_hz, len(blocks)))
        at += size
    return blocks


def joined(blocks: Iterable[AudioBlock]) -> FloatArray:
    return np.concatenate([np.zeros(0, np.float32), *(one.samples for one in blocks)])


def resample(blocks: Iterable[AudioBlock]) -> list[AudioBlock]:
    resampler = Resampler()
    return [out for one in blocks for out in resampler.feed(one)] + resampler.flush()


def extract(blocks: Iterable[AudioBlock]) -> tuple[FloatArray, FloatArray]:
    extractor = MfccExtractor()
    out: list[FeatureBlock] = [frames for one in blocks for frames in extractor.feed(one)] + extractor.flush()
    values = np.concatenate([np.zeros((0, 120), np.float32), *(one.values for one in out)])
    return np.concatenate([np.zeros(0), *(one.times_s for one in out)]), values


def noise(seconds: float, rate_hz: int = 16_000, seed: int = 0) -> FloatArray:
    samples = np.random.default_rng(seed).standard_normal(round(seconds * rate_hz)) * 0.1
    return samples.astype(np.float32)


def voice_like(seconds: float) -> FloatArray:
    """A gliding harmonic tone with pauses of digital silence."""
    t = np.arange(round(seconds * 16_000)) / 16_000
    tone = sum(np.sin(2 * np.pi * harmonic * (120 * t + 15 * t**2)) / harmonic for harmonic in range(1, 20))
    return (0.1 * tone * (t % 0.7 < 0.5)).astype(np.float32)


SIZES = st.lists(st.integers(1, 3000), min_size=1, max_size=20)


@pytest.mark.parametrize("rate_hz", [8000, 11_025, 22_050, 44_100, 48_000, 96_000])
def test_resampling_in_pieces_equals_resampling_at_once(rate_hz: int) -> None:
    samples = noise(1.0, rate_hz)
    out = resample(split(samples, [777, 1, 4000], 3.0, rate_hz))
    np.testing.assert_array_equal(joined(out), soxr.resample(samples, rate_hz, 16_000))
    for before, after in pairwise(out):
        assert after.pts_s == pytest.approx(before.end_s, abs=1e-9)
        assert not after.gap


@pytest.mark.parametrize("rate_hz", [8000, 16_000, 44_100, 48_000])
def test_resampled_times_are_exact(rate_hz: int) -> None:
    t = np.arange(rate_hz) / rate_hz
    samples = np.sin(2 * np.pi * 300 * t).astype(np.float32)
    out = resample(split(samples, [1024], 7.5, rate_hz))
    at = np.concatenate([one.pts_s + np.arange(len(one.samples)) / 16_000 for one in out]) - 7.5
    np.testing.assert_allclose(joined(out)[500:-500], np.sin(2 * np.pi * 300 * at)[500:-500], atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(sizes=SIZES, rate_hz=st.sampled_from([8000, 16_000, 44_100, 48_000]))
def test_resampling_does_not_depend_on_the_split(sizes: list[int], rate_hz: int) -> None:
    samples = noise(0.5, rate_hz)
    np.testing.assert_array_equal(
        joined(resample(split(samples, sizes, 0.0, rate_hz))), joined(resample([block(samples, 0.0, rate_hz)]))
    )


def test_jitter_of_time_stamps_is_smoothed() -> None:
    rng = np.random.default_rng(1)
    blocks = [block(noise(0.1), 0.1 * k + rng.uniform(-0.015, 0.015) * (k > 0), seq=k) for k in range(20)]
    out = resample(blocks)
    assert not any(one.gap for one in out)
    assert [one.pts_s for one in out] == pytest.approx([0.1 * k for k in range(20)])


@pytest.mark.parametrize(("pts_s", "flag"), [(5.0, False), (0.5, True), (0.53, False)])
def test_gap_starts_again_at_the_new_time(pts_s: float, flag: bool) -> None:
    first, second = noise(0.5, 48_000, 1), noise(0.5, 48_000, 2)
    out = resample([block(first, 0.0, 48_000), block(second, pts_s, 48_000, 1, gap=flag)])
    starts = [index for index, one in enumerate(out) if one.gap]
    assert len(starts) == 1
    assert out[starts[0]].pts_s == pts_s
    np.testing.assert_array_equal(joined(out[: starts[0]]), soxr.resample(first, 48_000, 16_000))
    np.testing.assert_array_equal(joined(out[starts[0] :]), soxr.resample(second, 48_000, 16_000))


def test_samples_heard_already_are_dropped() -> None:
    out = resample([block(noise(1.0)), block(noise(1.0, seed=2), 0.25, seq=1)])
    assert [one.pts_s for one in out] == [0.0, 1.0]
    np.testing.assert_array_equal(out[1].samples, noise(1.0, seed=2)[12_000:])
    assert out[1].gap


def test_change_of_rate_starts_again() -> None:
    out = resample([block(noise(0.5, 48_000), 0.0, 48_000), block(noise(0.5), 0.5, seq=1)])
    assert [one.pts_s for one in out if one.gap] == [0.5]
    assert len(joined(out)) == 16_000


def test_samples_that_are_not_finite_are_silence() -> None:
    samples = noise(0.5, 48_000)
    samples[1000:1010] = [np.nan, np.inf] * 5
    assert np.isfinite(joined(resample([block(samples, 0.0, 48_000)]))).all()


def test_empty_blocks_change_nothing() -> None:
    empty = np.zeros(0, np.float32)
    assert resample([block(empty)]) == []
    assert extract([block(empty)])[1].shape == (0, 120)


@pytest.mark.parametrize(
    "samples",
    [noise(3.0), voice_like(3.0), np.zeros(16_000, np.float32), noise(3.0) * np.float32(1e-5)],
    ids=["noise", "voice", "silence", "very quiet"],
)
def test_mfcc_equals_librosa(samples: FloatArray) -> None:
    times_s, values = extract(split(samples, [1600], 2.0))
    expected = mfcc(samples)
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    np.testing.assert_allclose(values, expected, atol=1e-4, rtol=2e-7)  # rtol: the resolution of f32 at -800
    np.testing.assert_allclose(times_s, 2.0 + (160 * np.arange(len(values)) + 200) / 16_000, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(sizes=SIZES, length=st.integers(0, 24_000))
def test_mfcc_has_the_same_bits_however_it_is_split(sizes: list[int], length: int) -> None:
    samples = (voice_like(1.5) + noise(1.5) * np.float32(0.01))[:length]
    times_s, values = extract(split(samples, sizes, 1.25))
    times_at_once_s, at_once = extract([block(samples, 1.25)] if length else [])
    np.testing.assert_array_equal(values, at_once)
    np.testing.assert_array_equal(times_s, times_at_once_s)


def test_a_long_block_gives_the_same_bits_as_short_ones() -> None:
    samples = voice_like(8.0)
    np.testing.assert_array_equal(extract(split(samples, [1600]))[1], extract([block(samples)])[1])


@pytest.mark.parametrize(
    ("length", "frames"), [(399, 0), (400, 1), (559, 1), (560, 2), (400 + 7 * 160, 8), (400 + 8 * 160, 9)]
)
def test_short_signals(length: int, frames: int) -> None:
    samples = voice_like(1.0)[:length]
    _, values = extract(split(samples, [100]))
    assert values.shape == (frames, 120)
    np.testing.assert_allclose(values, mfcc(samples), atol=1e-4)
    assert frames >= 9 or not values[:, 40:].any()


def test_frames_come_out_as_soon_as_their_look_ahead_is_there() -> None:
    extractor = MfccExtractor()
    for one in split(noise(1.0), [16]):
        due_s = extractor.complete_until_s
        for frames in extractor.feed(one):
            ready_s = frames.times_s + LOOK_AHEAD_S
            assert ready_s[-1] == pytest.approx(one.end_s)
            assert due_s == np.inf or ready_s[0] == pytest.approx(due_s)


@pytest.mark.parametrize(("pts_s", "flag"), [(2.0, False), (1.0, True), (0.99, False), (1.006, False)])
def test_gap_resets_mfcc(pts_s: float, flag: bool) -> None:
    first, second = noise(1.0, seed=1), voice_like(1.0)
    times_s, values = extract([block(first), block(second, pts_s, seq=1, gap=flag)])
    np.testing.assert_allclose(values, np.concatenate([mfcc(first), mfcc(second)]), atol=1e-4, rtol=2e-7)
    assert times_s[98] == pytest.approx(pts_s + 0.0125)


def test_mfcc_needs_16_khz() -> None:
    with pytest.raises(ValueError, match="resample it first"):
        MfccExtractor().feed(block(noise(0.1), rate_hz=8000))


def test_hearing_loads_nothing_heavy() -> None:
    """Importing librosa takes longer than everything else that hearing needs."""
    program = (
        "import sys, numpy as np; from engine.features.speech import Hearing; from engine.types import AudioBlock; "
        "hearing = Hearing(); "
        "block = AudioBlock(seq=0, pts_s=0.0, captured_s=0.0, rate_hz=48000, samples=np.zeros(9600, np.float32)); "
        "assert hearing.feed(block); print({'librosa', 'scipy', 'numba', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=_CHECKOUT)
    assert done.stdout.strip() == "set()", done.stderr
