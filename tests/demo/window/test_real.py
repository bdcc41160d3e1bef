"""The real window over the real engine: the sample, virtual devices, the bundled models."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl  # noqa: E402
from PySide6.QtGui import QDropEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from demo.main_window import MainWindow  # noqa: E402
from demo.session_bridge import SessionBridge  # noqa: E402
from demo.settings import Settings  # noqa: E402
from demo.shell.appearance import Appearance  # noqa: E402
from demo.shell.language import Language  # noqa: E402
from demo.shell.views import Views  # noqa: E402
from engine.assets import sample_path  # noqa: E402
from engine.clock import MonotonicClock  # noqa: E402
from engine.config import SessionConfig  # noqa: E402
from engine.sources.live import LiveSource  # noqa: E402
from engine.sources.virtual import VirtualCamera, VirtualFile, VirtualMicrophone  # noqa: E402
from tests.sources.device_fakes import Unpluggable  # noqa: E402

WAIT_MS = 60_000


def make_window(folder: Path) -> MainWindow:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    settings = Settings(folder / "window.ini")
    window = MainWindow(SessionBridge(SessionConfig()), settings, Appearance(app, "light"), Language(app, "en"))
    window.resize(1280, 800)
    window.show()
    return window


@pytest.fixture(scope="module")
def made(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    window = make_window(tmp_path_factory.mktemp("settings"))
    window.bridge.load()
    window.prepare()
    yield window
    window.close()
    window.bridge.close(20.0)
    assert [one.name for one in threading.enumerate() if one.name.startswith("attune")] == []


@pytest.fixture
def window(made: MainWindow, qtbot) -> Iterator[MainWindow]:
    qtbot.waitUntil(lambda: made.bridge.shown().ready, timeout=WAIT_MS)
    yield made
    for name in ("audio", "video", "text"):
        made.bridge.mute(name, False)
    made.bridge.close_session()
    qtbot.waitUntil(lambda: made.player.shown.kind == "empty", timeout=WAIT_MS)


@pytest.fixture
def views(window: MainWindow) -> Views:
    return window.body.workbench.views


@pytest.fixture
def until(qtbot) -> Callable[[Callable[[], object]], None]:
    return lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)


def drop(window: MainWindow, path: Path) -> None:
    """Drop a file on the window as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(600, 400), action, data, button, Qt.KeyboardModifier.NoModifier))


def hold_at(window: MainWindow, until, position_s: float) -> None:
    """Drop the sample, and hold it at a position when everything of that moment is shown."""
    drop(window, sample_path())
    until(lambda: window.player.shown.kind == "file")
    window.bridge.pause()
    window.bridge.seek(position_s)
    until(lambda: is_at(window, position_s))


def is_at(window: MainWindow, position_s: float) -> bool:
    shown = window.player.shown
    here = abs(shown.transport.position_s - position_s) < 1e-6 and shown.emotion.certainty == "current"
    return here and not shown.transport.seeking and shown.attention.pts_s == shown.emotion.pts_s


def test_a_dropped_recording_is_played_read_and_judged(window: MainWindow, views: Views, until) -> None:
    drop(window, sample_path())
    until(lambda: window.body.transport.isVisible() and window.player.shown.transport.position_s > 1.0)
    assert window.windowTitle().startswith("sample.mp4") and window.player.shown.transport.playing
    window.bridge.seek(9.1)
    window.bridge.pause()
    until(lambda: is_at(window, 9.1))
    reading = views.emotion.reading
    assert reading.current and reading.headline == "sad" and reading.figure.startswith("9")
    assert "sad and lonely" in views.words.page.toPlainText()
    assert views.picture.message == "" and views.crops.message == "" and views.voice.message == ""
    assert str(sample_path()) in window.settings.recent


def test_keys_pause_jump_and_step(window: MainWindow, until, qtbot) -> None:
    hold_at(window, until, 9.1)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    until(lambda: is_at(window, 14.1))
    qtbot.keyClick(window, Qt.Key.Key_Left)
    until(lambda: is_at(window, 9.1))
    before = window.player.shown.picture.frame
    assert before is not None
    qtbot.keyClick(window, Qt.Key.Key_Period)
    until(lambda: window.player.shown.picture.frame.pts_s > before.pts_s)
    after = window.player.shown.picture.frame
    assert after is not None and after.pts_s - before.pts_s == pytest.approx(0.04, abs=1e-6)
    assert not window.player.shown.transport.playing
    qtbot.keyClick(window, Qt.Key.Key_Space)
    until(lambda: window.player.shown.transport.position_s > 9.6)
    assert window.player.shown.transport.playing


def test_clicks_on_history_and_attention_seek(window: MainWindow, views: Views, until, qtbot) -> None:
    hold_at(window, until, 9.1)
    history = views.history
    at = QPoint(round(history.scale().x(27.5)), round(history.chart().center().y()))
    qtbot.mouseClick(history, Qt.MouseButton.LeftButton, pos=at)
    until(lambda: abs(window.player.shown.transport.position_s - 27.5) < 0.3)
    position_s = window.player.shown.transport.position_s
    until(lambda: is_at(window, position_s))
    face_map = next(
        one for one in window.player.shown.attention.maps["cross"] if (one.target, one.source) == ("text", "video")
    )
    views.attention.choice.choose(("cross", "text", "video"))
    until(lambda: views.attention.canvas.message == "")
    point = views.attention.canvas.cell_centre(0, 1).toPoint()
    qtbot.mouseClick(views.attention.canvas, Qt.MouseButton.LeftButton, pos=point)
    wanted_s = float(face_map.source_times_s[1])
    until(lambda: abs(window.player.shown.transport.position_s - wanted_s) < 0.05)


def test_a_muted_face_is_really_gone(window: MainWindow, views: Views, until) -> None:
    hold_at(window, until, 27.5)
    window.body.workbench.panels["origin"].raise_()
    until(lambda: window.player.shown.origin.pts_s == window.player.shown.emotion.pts_s)
    assert "happy" in views.origin.headline.text()
    before = views.emotion.reading.probabilities
    views.origin.buttons["video"].click()
    until(lambda: is_at(window, 27.5) and window.player.shown.origin.muted == {"video"})
    assert "without the face" in views.origin.headline.text().lower()
    assert views.emotion.reading.probabilities != before
    views.origin.buttons["video"].click()
    until(lambda: is_at(window, 27.5) and not window.player.shown.emotion.muted)
    assert views.emotion.reading.probabilities == pytest.approx(before, abs=1e-6)
    window.body.workbench.panels["attention"].raise_()


def test_both_models_stand_side_by_side(window: MainWindow, views: Views, until, qtbot) -> None:
    hold_at(window, until, 27.5)
    window.activateWindow()  # keys go to the active window, which may be one of another test
    until(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert views.compare.isVisible() and not views.emotion.isVisible()
    until(lambda: views.compare.plot.accessibleDescription().count("happy") == 2)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert views.emotion.isVisible()


def test_an_unplugged_camera_is_told_the_voice_goes_on_and_it_comes_back(
    window: MainWindow, views: Views, until, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = VirtualFile(sample_path(), repeat=True)
    camera = Unpluggable(VirtualCamera(file, MonotonicClock()))
    microphone = VirtualMicrophone(file, MonotonicClock())
    monkeypatch.setattr(
        "engine.sources.live.open_live",
        lambda *_, frame_hz, options: LiveSource(camera, microphone, frame_hz=frame_hz),  # type: ignore[arg-type]
    )
    window.bridge.start_live(None, None)
    until(lambda: "video" in window.player.shown.emotion.present)
    camera.unplug()
    until(lambda: any("plug it in again" in text for text in window.body.troubles.texts))
    until(lambda: "video" not in window.player.shown.emotion.present and window.player.shown.picture.box is None)
    until(lambda: "audio" in window.player.shown.emotion.present)
    camera.plug()
    until(lambda: "video" in window.player.shown.emotion.present)
    until(lambda: not any("plug it in again" in text for text in window.body.troubles.texts))


def test_a_file_that_is_none_is_told_and_nothing_is_lost(window: MainWindow, until, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a film")
    drop(window, path)
    until(lambda: any("notes.txt" in text for text in window.body.troubles.texts))
    hold_at(window, until, 9.1)
    until(lambda: not any("notes.txt" in text for text in window.body.troubles.texts))


def test_closing_while_models_are_loaded_ends_every_thread(qapp: QApplication, tmp_path: Path, until) -> None:
    before = set(threading.enumerate())
    window = make_window(tmp_path)
    window.bridge.load()
    window.player.open_sample()
    until(lambda: any(one.step == "working" for one in window.bridge.shown().loading) or window.bridge.shown().ready)
    window.close()
    assert not window.isVisible()
    window.bridge.close(30.0)
    assert set(threading.enumerate()) <= before
