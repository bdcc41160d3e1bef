"""A command that is told to end, or whose terminal is closed, closes what it records as it does after Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import demo.cli.app
from engine.saved.session import SavedSession
from main import main
from tests.signals import hearing_ctrl_c
from tests.sources.device_fakes import wait_until

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "assets" / "sample.mp4"

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has other signals")


def ignoring_ctrl_c() -> None:
    """As a shell script begins what it runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("number", "status", "before"),
    [
        (signal.SIGTERM, 143, hearing_ctrl_c),
        (signal.SIGHUP, 129, hearing_ctrl_c),
        (signal.SIGINT, 130, hearing_ctrl_c),
        (signal.SIGTERM, 143, ignoring_ctrl_c),
    ],
)
def test_a_recording_is_whole(number: signal.Signals, status: int, before: object, tmp_path: Path) -> None:
    folder = tmp_path / "a"
    devices = ["--camera", f"loop:{SAMPLE}", "--microphone", f"loop:{SAMPLE}", "--asr", "none"]
    command = ["live", *devices, "--ui", "terminal", "--record", str(folder)]
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=before,  # type: ignore[call-overload]
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        try:
            wait_until(lambda: (folder / "media.mkv").exists(), "the recording", 60.0)
            wait_until(lambda: (folder / "media.mkv").stat().st_size > 200_000, "some of it", 60.0)
            process.send_signal(number)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == status and said.splitlines()[-1] == b"stopped"
    saved = SavedSession.open(folder)
    assert saved.complete and saved.torn_at is None and saved.notes == ()


@pytest.fixture
def default_signals() -> Iterator[None]:
    """As in a program that has just begun: libraries that other tests use leave handlers of their own behind."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("default_signals")
def test_several_signals_at_once_are_one_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    came = 0

    def run(arguments: object) -> int:
        nonlocal came
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGHUP):
            try:
                signal.raise_signal(number)
                time.sleep(0)  # where Python looks for signals
            except KeyboardInterrupt:
                came += 1
        return 130

    monkeypatch.setattr(demo.cli.app, "run", run)
    assert main([]) == 128 + signal.SIGHUP and came == 1
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_what_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        monkeypatch.setattr(demo.cli.app, "run", lambda arguments: signal.raise_signal(signal.SIGHUP))
        assert main([]) is None
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
