"""Opens the window and runs it to its end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from demo.bridge import Capture

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from demo.bridge import Bridge
    from demo.main_window import MainWindow
    from demo.shown import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What to do once the window is there.

    Attributes
    ----------
    path : a recording to play; ``sample`` plays the one that comes with Attune.
    live : go live with ``camera`` and ``microphone``, names as `Bridge.start_live` takes them.
    capture : what the camera is asked for; None takes what was chosen last.
    record : where to record what is live from the beginning on; None for not.
    seconds : close the window when it has shown something for so long; None leaves it open.
    speed : at which a recording is played; None takes the one that was chosen last.
    """

    path: str | None = None
    sample: bool = False
    live: bool = False
    camera: str | None = None
    microphone: str | None = None
    capture: Capture | None = None
    record: Path | None = None
    seconds: float | None = None
    speed: float | None = None


def run_window(
    bridge_factory: Callable[[], Bridge],
    start: Start,
    *,
    settings_file: Path | None = None,
    last: Callable[[Shown], None] = lambda shown: None,
) -> int:
    """Show the window until it is closed.

    Ask `demo.display.why_no_window` first: without a display Qt ends the process.

    Parameters
    ----------
    bridge_factory : makes what runs the sessions; must not import models, which are loaded after the first paint
    start : what to open
    settings_file : where settings are kept, by default in the user's configuration
    last : gets how it stood when all had been closed

    Returns
    -------
    Exit status: 0.
    """
    from PySide6.QtCore import QEvent

    from demo.main_window import MainWindow
    from demo.settings import LANGUAGES, TEXT_SIZES, THEMES, Settings
    from demo.shell.appearance import Appearance
    from demo.shell.language import Language

    app = make_application()
    settings = Settings(settings_file)
    appearance = Appearance(app, settings.choice("theme", THEMES), settings.choice("text", TEXT_SIZES))
    language = Language(app, settings.choice("language", LANGUAGES))
    bridge = bridge_factory()
    try:
        window = MainWindow(bridge, settings, appearance, language)
        window.first_painted.connect(lambda: begin(window, start))
        if start.seconds is not None:
            _close_after(window, start.seconds)
        with _closing_on_signals(window):
            window.show()
            app.exec()
        window.close()
        last(bridge.shown())  # with what went wrong while all was being closed
        window.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    finally:
        bridge.close()  # whatever happened, no thread keeps the process
    return 0


def make_application() -> QApplication:
    """The one application object, named so that the system knows it."""
    from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["attune"])
    app.setApplicationName("attune")
    app.setApplicationDisplayName("Attune")
    app.setDesktopFileName("attune")
    return app


def begin(window: MainWindow, start: Start) -> None:
    """Load the models and open what was asked for; the window has been painted."""
    window.bridge.load()
    window.prepare()
    if start.speed is not None:
        window.player.speed = start.speed
    if start.sample:
        window.player.open_sample()
    elif start.path is not None:
        window.open_file(start.path)
    elif start.live:
        asked = start.capture
        window.bridge.set_capture(asked if asked is not None and asked != Capture() else window.devices.capture)
        window.player.go_live(start.camera, start.microphone)
        if start.record is not None:
            window.recorder.record_into(start.record)


def _close_after(window: MainWindow, seconds: float) -> None:
    """Close the window when what it shows has gone on for so long; loading the models does not count."""
    from PySide6.QtCore import QTimer

    timer = QTimer(window, interval=100)

    def look() -> None:
        shown = window.player.shown
        failed = any(one.fatal for one in shown.troubles)
        if failed or (shown.kind != "empty" and shown.ready and shown.transport.position_s >= seconds):
            window.close()

    timer.timeout.connect(look)
    timer.start()


@contextmanager
def _closing_on_signals(window: MainWindow) -> Iterator[None]:
    """Ctrl-C in the terminal closes the window; the timer of the window lets Python see it."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        window.close()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
