from __future__ import annotations

import time

import pytest

from engine.bench.watch import LatencyWatch


def test_delays_count_from_the_moment_on_the_cameras_clock() -> None:
    watch = LatencyWatch()
    watch.predicted(0.5, [0.3])  # before any picture: nothing is known
    assert watch.delays_s == []
    epoch_s = time.monotonic() - 10.0
    watch.begin(9.0, epoch_s + 9.0)
    watch.predicted(9.5, [9.0, 9.333334])
    watch.show(9.5)
    assert watch.delays_s == [pytest.approx(0.5, abs=0.2)]
    assert watch.ways_s == [pytest.approx(1.0, abs=0.2), pytest.approx(0.667, abs=0.2)]
    assert watch.shown_s[0] >= watch.delays_s[0]


def test_face_samples_that_did_not_come_are_counted() -> None:
    watch = LatencyWatch()
    watch.begin(0.0, time.monotonic())
    assert watch.missed == 0
    watch.predicted(0.5, [0.0, 1 / 3])
    watch.predicted(1.0, [])
    watch.predicted(2.0, [4 / 3, 5 / 3 + 0.01])  # 2/3 and 1 are missing
    assert (watch.missed, watch.sampled) == (2, 4)
    watch.forget()
    assert (watch.missed, watch.sampled, watch.delays_s) == (0, 0, [])
