"""A window over a live session that measures itself, and prints what it found as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from demo.session_bridge import SessionBridge
from engine.bench.live import lost_items, since
from engine.bench.processor import own_time_s
from engine.bench.watch import LatencyWatch
from engine.config import SessionConfig

SIZE = (1280, 800)
_SETTLE_S = 3.0
_READ_EVERY_S = 0.5


class MeasuringBridge(SessionBridge):
    """Measures from some seconds after the first prediction on, as long as pictures are painted."""

    def __init__(self, config: SessionConfig) -> None:
        self._latency = LatencyWatch()
        self._screen_s: list[float] = []
        self._readings: list[tuple[float, float]] = []
        self._lost: dict[str, int] = {}
        self._lost_before: dict[str, int] = {}
        self._first_s: float | None = None
        super().__init__(config, self._latency)

    def load(self) -> None:
        """The window is there: give it a usual size."""
        from PySide6.QtWidgets import QApplication

        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                window.resize(*SIZE)
        super().load()

    def painted(self, captured_s: float) -> None:
        """A picture is on the screen."""
        super().painted(captured_s)
        now_s = time.monotonic()
        if self._first_s is None:
            self._first_s = now_s if self._latency.delays_s else None
        elif now_s - self._first_s >= _SETTLE_S:
            if not self._readings:
                self._latency.forget()
            self._screen_s.append(now_s - captured_s)
            if not self._readings or now_s - self._readings[-1][0] >= _READ_EVERY_S:
                self._read(now_s)

    def _read(self, now_s: float) -> None:
        self._readings.append((now_s, own_time_s()))
        health = self.shown().health
        self._lost = lost_items({one.name: one.dropped for one in health.stages}, health.devices)
        if len(self._readings) == 1:
            self._lost_before = self._lost

    def figures(self) -> dict[str, Any]:
        """What was measured; without "cores" where the window did not live for long enough."""
        found: dict[str, Any] = {
            "screen_s": self._screen_s,
            "delays_s": self._latency.delays_s,
            "shown_s": self._latency.shown_s,
            "missed": self._latency.missed,
            "sampled": self._latency.sampled,
            "lost": since(self._lost_before, self._lost),
            "lost_before": self._lost_before,
        }
        if len(self._readings) > 1:
            (first_s, before_s), (last_s, after_s) = self._readings[0], self._readings[-1]
            found |= {"seconds": last_s - first_s, "cores": (after_s - before_s) / (last_s - first_s)}
        return found


def main(arguments: Sequence[str]) -> int:
    """Go live with RECORDING as both devices for SECONDS with a recogniser ASR on a DEVICE."""
    from demo.app import Start, run_window

    recording, seconds, asr, device = arguments
    made: list[MeasuringBridge] = []

    def bridge() -> MeasuringBridge:
        made.append(MeasuringBridge(SessionConfig(asr=asr, device=device)))
        return made[0]

    source = f"loop:{recording}"
    start = Start(live=True, camera=source, microphone=source, seconds=float(seconds))
    with TemporaryDirectory(prefix="attune-bench-") as folder:
        status = run_window(bridge, start, settings_file=Path(folder) / "window.ini")
    print(json.dumps(made[0].figures()), flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
