"""Opening the window, what is loaded before its first paint, and closing it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QTimer  # noqa: E402

from demo.app import Start, run_window  # noqa: E402
from demo.settings import Settings  # noqa: E402
from tests.demo.window.fake_bridge import FakeBridge, a_file  # noqa: E402

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        (Start(), ("load",)),
        (Start(sample=True), ("open_sample",)),
        (Start(path="/films/talk.mp4", speed=2.0), ("set_speed", 2.0)),
        (Start(live=True, camera="file:a.mp4", microphone=""), ("start_live", "file:a.mp4", "")),
    ],
)
def test_it_opens_what_it_was_started_with(qapp, tmp_path: Path, start: Start, wanted: tuple[object, ...]) -> None:
    bridge = FakeBridge()
    waiting = QTimer(interval=10)
    waiting.timeout.connect(lambda: [one.close() for one in qapp.topLevelWidgets()] if wanted in bridge.asked else None)
    waiting.start()
    assert run_window(lambda: bridge, start, settings_file=tmp_path / "a.ini") == 0
    waiting.stop()
    asked = [one[0] for one in bridge.asked]
    assert wanted in bridge.asked and "load" in asked and bridge.closed >= 1


def test_the_speed_of_one_start_is_not_remembered(qapp, tmp_path: Path) -> None:
    start = Start(path="/films/talk.mp4", speed=2.0, seconds=0.05)
    run_window(lambda: FakeBridge(a_file()), start, settings_file=tmp_path / "a.ini")
    assert Settings(tmp_path / "a.ini").number("speed", 1.0, 0.25, 4.0) == 1.0


def test_ctrl_c_closes_the_window_and_the_old_handler_comes_back(qapp, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    bridge = FakeBridge()
    QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert run_window(lambda: bridge, Start(), settings_file=tmp_path / "a.ini") == 0
    assert bridge.closed >= 1 and signal.getsignal(signal.SIGINT) is before


_FIRST_PAINT = """
import sys
from pathlib import Path
import demo.app as app
from demo.session_bridge import SessionBridge
from engine.config import SessionConfig

def begin(window, start):
    print(",".join(sorted({name.partition(".")[0] for name in sys.modules})))
    window.close()

app.begin = begin
sys.exit(app.run_window(lambda: SessionBridge(SessionConfig()), app.Start(), settings_file=Path(sys.argv[1])))
"""


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_PAINT, str(tmp_path / "a.ini")],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    imported = set(done.stdout.strip().split(","))
    assert "PySide6" in imported
    assert not imported & {"torch", "cv2", "av", "matplotlib", "sounddevice", "onnxruntime", "librosa", "scipy"}


def test_an_error_while_the_window_is_made_leaves_no_thread(qapp, monkeypatch, settings_file) -> None:
    bridge = FakeBridge()

    def broken(*_: object) -> None:
        raise RuntimeError("no window")

    monkeypatch.setattr("demo.main_window.MainWindow", broken)
    with pytest.raises(RuntimeError, match="no window"):
        run_window(lambda: bridge, Start(), settings_file=settings_file)
    assert bridge.closed
