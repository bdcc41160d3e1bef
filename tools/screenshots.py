"""Takes the pictures of the window that the documentation shows, from the real program over the sample.

    python -m tools.screenshots --out docs/window

Needs a display, or QT_QPA_PLATFORM=offscreen. Every picture is of the whole window, as a user would see it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from demo.app import make_application
from demo.main_window import MainWindow
from demo.session_bridge import SessionBridge
from demo.settings import Settings
from demo.shell.appearance import Appearance
from demo.shell.language import Language
from demo.shown import Shown
from engine.assets import sample_path
from engine.config import SessionConfig

_PATIENCE_S = 90.0
_SETTLED_S = 0.6
_QUALITY = 90


class Studio:
    """One window, made to show what a picture needs.

    Parameters
    ----------
    out : folder of the pictures.
    """

    def __init__(self, out: Path, settings_file: Path) -> None:
        self._out = out
        app = make_application()
        settings = Settings(settings_file)
        self.appearance = Appearance(app, "light")
        self.bridge = SessionBridge(SessionConfig())
        self.window = MainWindow(self.bridge, settings, self.appearance, Language(app, "en"))
        self.window.resize(1280, 800)
        self.window.show()

    def take(self, name: str, *, messages: bool = False) -> None:
        """Save what the window shows, once it has come to rest; with its messages, such as that there is no speaker?"""
        self.spin(_SETTLED_S)
        if not messages:
            self.dismiss()
            self.spin(_SETTLED_S)
        path = self._out / f"{name}.webp"  # a quarter of a PNG, with the colours as they are
        self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888).save(str(path), quality=_QUALITY)
        print(path)

    def dismiss(self) -> None:
        """Close the messages, as a user would who has read them."""
        for text in self.window.body.troubles.texts:
            self.window.body.troubles.banner(text).close_button.click()

    def spin(self, seconds: float) -> None:
        """Let the window live for so long."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def wait(self, condition: Callable[[Shown], object]) -> Shown:
        """Let the window live until it shows something."""
        end_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end_s:
            self.spin(0.05)
            shown = self.bridge.shown()
            if condition(shown):
                return shown
        raise TimeoutError(f"the window did not come to show it: {self.bridge.shown()!r:.500}")

    def play_at(self, position_s: float) -> None:
        """Hold the sample at a position, with everything of that moment shown."""
        self.bridge.open_sample()
        self.wait(
            lambda shown: shown.kind == "file" and shown.history.covered[-1:] and shown.history.covered[-1][1] > 31
        )
        self.bridge.pause()
        self.seek(position_s)

    def seek(self, position_s: float) -> None:
        """Go to a position, and wait until everything belongs to it."""
        self.bridge.seek(position_s)
        self.wait(
            lambda shown: (
                shown.transport.position_s == position_s
                and shown.emotion.certainty == "current"
                and shown.attention.pts_s == shown.emotion.pts_s
            )
        )


@contextmanager
def studio(out: Path) -> Iterator[Studio]:
    """A window with settings of its own, closed at the end."""
    with TemporaryDirectory() as folder:
        made = Studio(out, Path(folder) / "window.ini")
        try:
            yield made
        finally:
            made.window.close()


def take_all(made: Studio) -> None:
    """Every picture, one after the other."""
    window, bridge = made.window, made.bridge
    made.take("empty")
    bridge.load()
    window.prepare()
    made.wait(lambda shown: shown.ready)
    made.play_at(9.1)
    made.take("playback-sad")
    for name, position_s in (("playback-happy", 27.5), ("playback-surprise", 22.5)):
        made.seek(position_s)
        made.take(name)
    panels = window.body.workbench.panels
    for name in ("origin", "health"):
        panels[name].raise_()
        bridge.play()
        made.spin(3.0)
        bridge.pause()
        made.seek(27.5)
        made.take(name)
    panels["attention"].raise_()
    take_attention(made)
    take_variants(made)
    with TemporaryDirectory() as folder:
        take_recording(made, Path(folder))
    take_troubles(made)


def take_attention(made: Studio) -> None:
    """Self- and cross-attention, large."""
    made.seek(27.5)
    panels = made.window.body.workbench.panels
    for name, panel in panels.items():
        panel.setVisible(name in ("attention", "emotion"))
    view = made.window.body.workbench.views.attention
    for fusion in ("self", "cross"):
        view.setFusion(fusion)
        made.take(f"attention-{fusion}")
    made.window.body.workbench.lay_out()


def take_variants(made: Studio) -> None:
    """The same moment in other clothes."""
    window = made.window
    window.compare(True)
    made.take("compare")
    window.compare(False)
    window.choose_theme("dark")
    made.take("dark")
    window.present(True)
    made.take("presentation-dark")
    window.choose_theme("light")
    made.take("presentation")
    window.present(False)
    window.showNormal()
    window.resize(1024, 640)
    made.take("small")
    window.resize(1280, 800)
    window.choose_language("zh")
    made.take("chinese")
    window.choose_language("en")
    made.spin(_SETTLED_S)
    made.bridge.mute("video", True)
    made.window.body.workbench.panels["origin"].raise_()
    made.wait(lambda shown: shown.origin.muted)
    made.take("muted-face")
    made.bridge.mute("video", False)
    made.window.body.workbench.panels["attention"].raise_()


def take_recording(made: Studio, folder: Path) -> None:
    """A live session that is recorded and marked, and what becomes of it."""
    window, bridge, source = made.window, made.bridge, f"loop:{sample_path()}"
    window.settings.put("consent", True)
    window.settings.put("recordings", str(folder))
    bridge.start_live(source, source)
    made.wait(lambda shown: shown.kind == "live" and shown.transport.position_s > 5.0)
    window.commands.actions["record"].trigger()
    made.wait(lambda shown: shown.recording.state == "on" and shown.recording.seconds > 4.0)
    window.body.workbench.panels["marks"].raise_()
    sad = window.marker.mark("sad", "6")
    made.spin(2.0)
    if sad is not None:
        bridge.marks.extend(sad, window.marker.position_s)
        bridge.marks.change(sad, text="hides her face", label="sad")
    made.spin(3.0)
    window.marker.mark(key="M")
    made.take("recording")
    window.commands.actions["record"].trigger()
    recorded = made.wait(lambda shown: shown.recording.state == "saved").recording
    window.open_file(recorded.folder)
    made.wait(lambda shown: shown.replayed and shown.transport.position_s > shown.transport.start_s + 3.0)
    bridge.pause()
    made.take("replay")
    bridge.close_session()
    window.body.workbench.panels["attention"].raise_()


def take_troubles(made: Studio) -> None:
    """Live with virtual devices, and what the window says when something is wrong."""
    source = f"file:{sample_path()}"
    made.bridge.start_live(source, source)
    made.wait(lambda shown: shown.kind == "live" and shown.transport.position_s > 7.3)
    made.take("live")
    made.bridge.start_live("default", source)
    made.wait(lambda shown: "default" in shown.title and shown.transport.position_s > 9.0)
    made.take("no-camera", messages=True)
    made.window.open_file("/no/such/recording.mp4")
    made.wait(lambda shown: shown.troubles)
    made.take("wrong-file", messages=True)


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with studio(out) as made:
        take_all(made)


if __name__ == "__main__":
    main()
