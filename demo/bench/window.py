"""The real window over a live session: pictures a second, the way from camera to screen, processor use."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from demo.bench.child import module_command, window_environment
from demo.bench.window_live import SIZE
from engine.bench.bench import BenchSettings
from engine.bench.live import imitate_devices, loss_rows
from engine.bench.rows import Bar, Row
from engine.bench.spread import Spread
from engine.errors import StageError

_SETTLE_S = 4.0
_LOADING_S = 120.0


class WindowStage:
    """A process with the window, over the virtual devices of the stage ``live``."""

    name = "window"
    about = "the real window over a live session: pictures, way to the screen, processor use"
    _seconds, _quick_s = 60.0, 8.0

    def run(self, settings: BenchSettings) -> Iterator[Row]:
        """Measure without recognition, then with it.

        Raises
        ------
        StageError : the window cannot be opened, or shows nothing.
        """
        seconds = settings.lasting(self._seconds, self._quick_s)
        with TemporaryDirectory(prefix="attune-bench-") as folder:
            recording = imitate_devices(settings.recording, Path(folder))
            for asr in ("none",) if settings.quick else ("none", "auto"):
                found, where = _live(recording, seconds, asr, str(settings.device))
                called = "recognition off" if asr == "none" else "recognition on"
                yield from rows(found, called, where, off=asr == "none")


def rows(found: Mapping[str, Any], called: str, where: str, *, off: bool) -> Iterator[Row]:
    """The figures of one process as rows. ``off``: the bar for processor use holds."""
    notes = (f"{called}: {SIZE[0]}x{SIZE[1]} {where}, {found['sampled']} faces in {found['seconds']:.0f} s",)
    screen = Spread(wall_s=tuple(found["screen_s"]))
    yield Row(what=f"camera picture to screen, {called}", ours=screen, notes=notes)
    rate_hz = len(found["screen_s"]) / found["seconds"]
    yield Row(what=f"pictures painted, {called}", unit="/s", value=rate_hz)
    if found["shown_s"]:
        shown = Spread(wall_s=tuple(found["shown_s"]))
        yield Row(what=f"moment of the grid to its distribution on the screen, {called}", ours=shown)
    yield from loss_rows(found["missed"], found["lost"], found["lost_before"], called)
    bar = Bar(of="value", at_most=1.0) if off else None
    yield Row(what=f"processor use with the window, {called}", unit="cores", value=found["cores"], bar=bar)


def _live(recording: Path, seconds: float, asr: str, device: str) -> tuple[dict[str, Any], str]:
    environment, where = window_environment()
    command = module_command("demo.bench.window_live", str(recording), str(seconds + _SETTLE_S), asr, device)
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=environment,
            timeout=seconds + _SETTLE_S + _LOADING_S,
        )
    except subprocess.TimeoutExpired:
        raise StageError("the window did not end by itself: try `attune live` by hand") from None
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise StageError(f"the window cannot be measured here ({said}): try `attune live` by hand")
    found: dict[str, Any] = json.loads(lines[-1])
    if "cores" not in found or not found["screen_s"]:
        raise StageError("the window showed nothing in that time: measure for longer with --seconds")
    return found, where


STAGE = WindowStage()
