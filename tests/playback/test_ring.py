"""The ring between the decoder and the callback."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.playback.ring import Ring


def ramp(count: int, start: int = 0) -> np.ndarray:
    return np.arange(start, start + count, dtype=np.float32)[:, None]


def taken(ring: Ring, count: int) -> tuple[np.ndarray, tuple[int, int, int]]:
    out = np.full((count, 1), np.nan, np.float32)
    result = ring.take(out)
    return out[:, 0], result


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_what_is_written_is_taken_in_order(sizes: list[int]) -> None:
    ring = Ring(64, 1, 0)
    got: list[float] = []
    for size in sizes:
        count = min(size, ring.space)
        ring.write(ramp(count, ring.written))
        out, (leaving, first, number) = taken(ring, size // 2 + 1)
        assert leaving == 0 and first == len(got)
        assert not out[number:].any()
        got += out[:number].tolist()
    assert got == list(range(len(got)))


def test_too_much_is_refused() -> None:
    ring = Ring(10, 1, 0)
    with pytest.raises(ValueError, match="space"):
        ring.write(ramp(11))


def test_a_cut_fades_out_and_what_follows_fades_in() -> None:
    ring = Ring(1000, 1, 9)
    ring.write(np.ones((300, 1), np.float32))
    out, _ = taken(ring, 100)
    assert out[:9] == pytest.approx(np.arange(1, 10) / 10) and (out[9:] == 1).all()
    ring.cut()
    ring.write(np.full((100, 1), 0.5, np.float32))
    out, (leaving, first, count) = taken(ring, 50)
    assert (leaving, first, count) == (9, 300, 41)
    assert out[:9] == pytest.approx(np.arange(9, 0, -1) / 10)
    assert out[9:18] == pytest.approx(0.5 * np.arange(1, 10) / 10) and (out[18:] == 0.5).all()
    assert ring.underruns == 0


def test_an_underrun_is_counted_and_faded() -> None:
    ring = Ring(1000, 1, 9)
    ring.write(np.ones((60, 1), np.float32))
    out, (_, _, count) = taken(ring, 100)
    assert count == 60 and ring.underruns == 1
    assert out[51:60] == pytest.approx(np.arange(9, 0, -1) / 10) and not out[60:].any()
    assert taken(ring, 10)[1] == (0, 60, 0) and ring.underruns == 1
    ring.write(np.ones((60, 1), np.float32))
    assert taken(ring, 30)[0][:9] == pytest.approx(np.arange(1, 10) / 10)


def test_after_silence_a_cut_has_nothing_to_fade() -> None:
    ring = Ring(100, 1, 9)
    ring.write(np.ones((50, 1), np.float32))
    ring.cut()
    assert taken(ring, 20)[1] == (0, 50, 0)
