"""Times of items, whatever a file says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sources.timing import PictureTimes, SoundTimes, TickSampler


@given(
    st.lists(st.integers(100, 4000), min_size=1, max_size=50),
    st.sampled_from([8000, 16000, 44100]),
    st.sampled_from([None, 3, 4, 6]),
)
def test_time_stamps_rounded_by_the_container_leave_no_gap(counts: list[int], rate_hz: int, digits: int | None) -> None:
    times, done = SoundTimes(), 0
    for count in counts:
        exact_s = done / rate_hz
        placed = times.place(None if digits is None else round(exact_s, digits), count, rate_hz)
        assert placed.start_s == pytest.approx(exact_s, abs=1e-9)
        assert (placed.skip, placed.gap) == (0, False)
        done += count
    assert times.end_s == pytest.approx(done / rate_hz)


@given(st.lists(st.tuples(st.floats(0, 1000) | st.none(), st.integers(1, 4000)), max_size=30))
def test_whatever_the_time_stamps_sound_never_goes_back(blocks: list[tuple[float | None, int]]) -> None:
    times, end_s = SoundTimes(), 0.0
    for pts_s, count in blocks:
        placed = times.place(pts_s, count, 16000)
        assert placed.start_s >= end_s - 1e-9 and 0 <= placed.skip <= count
        end_s = placed.start_s + (count - placed.skip) / 16000
        assert times.end_s == pytest.approx(end_s)


def test_sound_that_overlaps_is_trimmed() -> None:
    times = SoundTimes()
    times.place(0.0, 16000, 16000)
    placed = times.place(0.9, 16000, 16000)
    assert (placed.start_s, placed.skip, placed.gap) == (1.0, 1600, True)
    assert times.end_s == pytest.approx(1.9)


def test_joined_files_go_on_behind_each_other() -> None:
    times = SoundTimes()
    times.place(0.0, 160000, 16000)
    assert times.place(0.0, 16000, 16000).start_s == 10.0
    assert times.place(1.0, 16000, 16000).start_s == pytest.approx(11.0)
    assert times.restarts == 1


def test_a_new_sample_rate_is_a_gap() -> None:
    times = SoundTimes()
    times.place(0.0, 16000, 16000)
    assert times.place(1.0, 48000, 48000).gap
    assert times.end_s == 2.0


@given(st.lists(st.floats(0, 1000) | st.none(), max_size=50))
def test_pictures_go_forward(stamps: list[float | None]) -> None:
    times = PictureTimes(0.04)
    placed = [time_s for time_s in map(times.place, stamps) if time_s is not None]
    assert all(after > before for before, after in pairwise(placed))


@given(st.floats(0.5, 60), st.lists(st.floats(0.001, 2.0), max_size=100))
def test_sampling_gives_at_most_one_picture_per_tick(rate_hz: float, steps: list[float]) -> None:
    sampler, time_s, chosen = TickSampler(rate_hz), 0.0, []
    for step_s in steps:
        if sampler.take(time_s):
            chosen.append(time_s)
        time_s += step_s
    ticks = [int(one * rate_hz + 1e-9) for one in chosen]
    assert len(set(ticks)) == len(ticks)
    assert not steps or chosen[0] == 0.0
