"""Sound stays in step with the clock of the machine, and is not torn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.features.resample import JITTER_S
from engine.sources.drift import SteadySound, stretched

RATE_HZ = 48000
HOUR_S = 3600.0


@pytest.mark.parametrize(("ppm", "rate_hz", "late_s"), [(200, 16000, 0.0), (-200, 16000, 0.002), (-200, 48000, 0.0)])
def test_an_hour_of_drift_stays_within_5_ms_without_a_gap(ppm: int, rate_hz: int, late_s: float) -> None:
    rng = np.random.default_rng(1)
    steady, count = SteadySound(rate_hz), rate_hz // 10
    silence = np.zeros(count, np.float32)
    true_hz = rate_hz * (1 + 1e-6 * ppm)
    errors_s, end_s = [], None
    for k in range(round(HOUR_S * 10)):
        at_s = k * count / true_hz
        placed = steady.place(silence, at_s + rng.exponential(late_s) if late_s else at_s)
        assert placed is not None and not placed.gap and abs(len(placed.samples) - count) <= 1
        assert end_s is None or abs(placed.pts_s - end_s) < 1e-6 < JITTER_S
        end_s = placed.pts_s + len(placed.samples) / rate_hz
        errors_s.append(placed.pts_s - at_s)
    assert np.abs(errors_s).max() < 0.005
    assert steady.drift_ppm == pytest.approx(ppm, abs=3)


def test_a_steady_clock_leaves_every_sample_as_it_is() -> None:
    rng = np.random.default_rng(2)
    steady = SteadySound(RATE_HZ)
    for k in range(3000):
        samples = rng.uniform(-1, 1, 960).astype(np.float32)
        placed = steady.place(samples, 0.5 + k * 0.02 + 0.0005 * rng.uniform())
        assert placed is not None and placed.samples is samples and not placed.gap
    assert steady.drift_ppm == pytest.approx(0, abs=1)


def test_drift_is_unknown_at_first() -> None:
    steady = SteadySound(RATE_HZ)
    for k in range(900):
        steady.place(np.zeros(960, np.float32), k * 0.02)
    assert steady.drift_ppm is None


@pytest.mark.parametrize("change", [1, -1])
@pytest.mark.parametrize("hz", [200.0, 1000.0, 7000.0, 14000.0])
def test_a_sample_more_or_less_does_not_disturb_a_tone(hz: float, change: int) -> None:
    tone = np.sin(2 * np.pi * hz * np.arange(8 + 960) / RATE_HZ).astype(np.float32)
    out = stretched(tone[:8], tone[8:], change)
    assert out.dtype == np.float32 and len(out) == 960 + change
    assert np.array_equal(out[-8:], tone[-8:])
    at = np.arange(1, 953 + change) * (952 / (952 + change)) - 1.0
    wanted = np.concatenate([np.sin(2 * np.pi * hz * (at + 8) / RATE_HZ), tone[-8:]])
    assert 10 * np.log10(np.mean((out - wanted) ** 2) / 0.5) < -60


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=20, max_size=200), st.integers(-300, 300))
def test_blocks_of_any_size_follow_each_other(sizes: list[int], ppm: int) -> None:
    steady, taken, end_s = SteadySound(16000), 0, None
    for size in sizes:
        at_s = taken / (16000 * (1 + 1e-6 * ppm))
        placed = steady.place(np.zeros(size, np.float32), at_s)
        assert placed is not None and not placed.gap and abs(placed.pts_s - at_s) < 0.005
        assert end_s is None or abs(placed.pts_s - end_s) < 1e-9
        end_s = placed.pts_s + len(placed.samples) / 16000
        taken += size


def play(steady: SteadySound, start_s: float, blocks: int, shift_s: float = 0.0) -> list[tuple[float, int, bool]]:
    out = []
    for k in range(blocks):
        placed = steady.place(np.zeros(960, np.float32), start_s + k * 0.02 + shift_s)
        if placed is not None:
            out.append((placed.pts_s, len(placed.samples), placed.gap))
    return out


def test_lost_samples_make_a_gap_at_the_right_time() -> None:
    steady = SteadySound(RATE_HZ)
    play(steady, 0.0, 50)
    placed = steady.place(np.zeros(960, np.float32), 1.3, lost=True)
    assert placed is not None and (placed.pts_s, placed.gap) == (1.3, True)
    assert not any(gap for _, _, gap in play(steady, 1.32, 50))


def test_a_jump_that_nobody_announced_is_found() -> None:
    steady = SteadySound(RATE_HZ)
    play(steady, 0.0, 200)
    after = play(steady, 4.0, 250, shift_s=0.2)
    gaps = [pts_s for pts_s, _, gap in after if gap]
    assert len(gaps) == 1 and gaps[0] < 8.0
    assert after[-1][0] == pytest.approx(4.0 + 249 * 0.02 + 0.2, abs=1e-3)


def test_a_jump_back_drops_what_was_heard_and_time_never_goes_back() -> None:
    steady = SteadySound(RATE_HZ)
    before = play(steady, 0.0, 200)
    after = play(steady, 4.0, 250, shift_s=-0.2)
    times_s = [pts_s for pts_s, _, _ in before + after]
    assert times_s == sorted(times_s) and sum(gap for _, _, gap in after) == 1
    assert after[-1][0] == pytest.approx(4.0 + 249 * 0.02 - 0.2, abs=1e-3)


def test_one_late_second_is_no_jump() -> None:
    steady = SteadySound(RATE_HZ)
    play(steady, 0.0, 200)
    late = play(steady, 4.0, 50, shift_s=0.4) + play(steady, 5.0, 200)
    assert not any(gap for _, _, gap in late)


def test_a_microphone_that_comes_back_starts_after_where_it_was() -> None:
    steady = SteadySound(RATE_HZ, not_before_s=3.0)
    first = play(steady, 2.9, 1)[0]
    assert first == (3.0, 960, True)
