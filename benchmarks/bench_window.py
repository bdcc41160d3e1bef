"""The window over minutes: memory, threads, pictures per second, face samples, the time to stop.

    python -m benchmarks.bench_window --minutes 10 [--playback] [--file FILE]

Runs the real window over the sample as camera and microphone, repeated for ever (or played in a loop). Needs a
display, or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from demo.app import make_application
from demo.main_window import MainWindow
from demo.session_bridge import SessionBridge
from demo.settings import Settings
from demo.shell.appearance import Appearance
from demo.shell.language import Language
from demo.shown import Shown
from engine.assets import sample_path
from engine.config import FACE_RATE_HZ, SessionConfig

_REPORT_S = 30.0


class Run:
    """A window that is looked at while it works."""

    def __init__(self, folder: Path) -> None:
        app = make_application()
        self.bridge = SessionBridge(SessionConfig())
        settings = Settings(folder / "window.ini")
        self.window = MainWindow(self.bridge, settings, Appearance(app, "light"), Language(app, "en"))
        self.window.resize(1280, 800)
        self.window.show()
        self.process = psutil.Process()
        self.polls: list[float] = []

    def live_for(self, seconds: float) -> Shown:
        """Let the window live for so long; notes the longest pause of its thread."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            began_s = time.monotonic()
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
            time.sleep(0.001)
            self.polls.append(time.monotonic() - began_s)
        return self.bridge.shown()

    def until_ready(self) -> None:
        """Until the models are loaded."""
        while not self.live_for(0.2).ready:
            pass

    def report(self, began_s: float) -> None:
        """One line."""
        shown = self.bridge.shown()
        faces = self._faces()
        pauses = sorted(self.polls)
        self.polls = []
        lost = {one.name: one.dropped for one in (*shown.health.stages, *shown.health.devices) if one.dropped}
        screen = shown.health.screen_s or (0.0, 0.0)
        print(
            f"{time.monotonic() - began_s:6.0f} s  {self.process.memory_info().rss / 1e6:6.0f} MB"
            f"  {threading.active_count():2d} threads  window {self.window.watch.rate_hz():4.1f}/s"
            f"  camera to screen p95 {1000 * screen[1]:4.0f} ms  longest pause {1000 * pauses[-1]:4.0f} ms"
            f"  faces missed {faces}  lost {lost or 0}  certainty {shown.emotion.certainty}",
            flush=True,
        )

    def _faces(self) -> int:
        """Ticks of 3 Hz without a face sample, of those that are kept."""
        show = self.bridge._show
        run = None if show is None else show.run_at(show.transport().position_s)
        times_s = [] if run is None else [one.pts_s for one in run.recall._faces]
        ticks = [int(t * FACE_RATE_HZ + 1e-6) for t in times_s]
        return 0 if not ticks else ticks[-1] - ticks[0] + 1 - len(set(ticks))


def main() -> None:
    """Run it and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--playback", action="store_true", help="play the sample in a loop instead of going live")
    parser.add_argument("--file", type=Path, default=sample_path(), help="the recording; by default the sample")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        run = Run(Path(folder))
        run.bridge.load()
        run.window.prepare()
        run.until_ready()
        if options.playback:
            run.bridge.open_file(str(options.file))
            run.bridge.set_loop((0.0, 31.0))
        else:
            source = f"loop:{options.file}"
            run.bridge.start_live(source, source)
        began_s = time.monotonic()
        while time.monotonic() - began_s < 60 * options.minutes:
            run.live_for(min(_REPORT_S, 60 * options.minutes))
            run.report(began_s)
        cpu = run.process.cpu_times()
        print(f"processor time {cpu.user + cpu.system:.0f} s")
        began_s = time.monotonic()
        run.window.close()
        print(f"closed in {time.monotonic() - began_s:.2f} s, threads left: {threading.active_count() - 1}")


if __name__ == "__main__":
    main()
