"""What the window is measured with."""

from __future__ import annotations

import time

import pytest

from demo.bench import window_live
from demo.bench.child import window_environment
from demo.bench.window import rows
from demo.bench.window_live import MeasuringBridge
from demo.bench.window_start import TellingBridge
from engine.config import SessionConfig


def test_measuring_begins_when_the_window_has_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_live, "_SETTLE_S", 0.0)
    monkeypatch.setattr(window_live, "_READ_EVERY_S", 0.0)
    bridge = MeasuringBridge(SessionConfig())
    try:
        bridge.painted(time.monotonic())  # nothing is predicted yet
        assert "cores" not in bridge.figures()
        watch = bridge._latency
        watch.begin(0.0, time.monotonic())
        watch.predicted(0.0, [0.0])
        for _ in range(4):  # the first one starts the clock
            bridge.painted(time.monotonic() - 0.01)
        watch.predicted(0.5, [1 / 3])
        bridge.answered(0.5)
        found = bridge.figures()
    finally:
        bridge.close()
    assert len(found["screen_s"]) == 3 and min(found["screen_s"]) >= 0.01
    assert found["cores"] >= 0 and found["seconds"] > 0
    assert (len(found["delays_s"]), len(found["shown_s"]), found["missed"], found["sampled"]) == (1, 1, 0, 1)


def test_figures_become_rows_and_the_bar_holds_without_recognition() -> None:
    found = {
        "screen_s": [0.02, 0.03],
        "delays_s": [0.1],
        "shown_s": [0.12],
        "missed": 1,
        "sampled": 9,
        "lost": {"face": 2},
        "lost_before": {"hearing": 5},
        "seconds": 0.5,
        "cores": 0.75,
    }
    made = {row.what.partition(",")[0]: row for row in rows(found, "recognition off", "offscreen", off=True)}
    assert made["pictures painted"].value == pytest.approx(4.0)
    assert made["processor use with the window"].met is True
    assert made["missed 3 Hz face samples"].met is False
    assert made["lost items"].value == 2
    assert made["lost items"].notes == (
        "recognition off: 2 lost by face",
        "recognition off: 5 lost by hearing while it started",
    )
    assert [row.bar for row in rows(found, "recognition on", "offscreen", off=False)][-1] is None


def test_a_window_that_is_there_tells_its_predictions(capsys: pytest.CaptureFixture[str]) -> None:
    bridge = TellingBridge(SessionConfig())
    try:
        bridge.answered(1.5)
    finally:
        bridge.close()
    assert capsys.readouterr().out == "answered 1.5\n"


def test_without_a_display_the_window_is_offscreen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    environment, where = window_environment()
    assert (environment.get("QT_QPA_PLATFORM"), where) in [("offscreen", "offscreen"), (None, "on the display")]
