"""What a person sees and does in the window, over a bridge that runs nothing."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl  # noqa: E402
from PySide6.QtGui import QDragEnterEvent, QDropEvent  # noqa: E402
from PySide6.QtWidgets import QAbstractButton, QApplication, QSlider  # noqa: E402

from demo.main_window import MainWindow  # noqa: E402
from demo.messages import said  # noqa: E402
from demo.settings import Settings  # noqa: E402
from demo.shown import LoadStep, Shown, Trouble  # noqa: E402
from demo.theme import is_dark  # noqa: E402
from tests.demo.window.conftest import Opener  # noqa: E402
from tests.demo.window.fake_bridge import FakeBridge, a_file, frame, live  # noqa: E402


def show(window: MainWindow, bridge: FakeBridge, now: Shown) -> None:
    bridge.now = now
    window.poll()
    QApplication.processEvents()


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(one)) for one in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PySide6 6.12 wants a QPointF, which 6.11 does not take
        enter = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, left, none))


def test_a_stranger_is_told_how_to_begin(open_window: Opener) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    empty = window.body.empty
    assert empty.isVisible() and not window.body.transport.isVisible()
    assert empty.heading.text() == "Drop a recording here"
    empty.sample.click()
    empty.live.click()
    asked = [one[0] for one in bridge.asked]
    assert asked.index("open_sample") < asked.index("start_live")


def test_keys_play_seek_step_and_change_speed(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    for key, wanted in (
        (Qt.Key.Key_Space, ("playing", False)),
        (Qt.Key.Key_Right, ("seek", 17.0)),
        (Qt.Key.Key_Left, ("seek", 12.0)),
        (Qt.Key.Key_Home, ("seek", 0.0)),
        (Qt.Key.Key_Left, ("seek", 0.0)),
        (Qt.Key.Key_Period, ("step", 1)),
        (Qt.Key.Key_Comma, ("step", -1)),
        (Qt.Key.Key_Plus, ("set_speed", 1.25)),
        (Qt.Key.Key_Minus, ("set_speed", 1.0)),
    ):
        qtbot.keyClick(window, key)
        assert bridge.asked[-1] == wanted
        window.poll()
    assert window.body.transport.play.toolTip() == "Play (Space)"
    assert window.body.transport.play.sign == "play"


def test_keys_do_nothing_without_a_recording(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    before = list(bridge.asked)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    assert bridge.asked == before


def test_a_click_on_the_slider_jumps_and_a_drag_scrubs(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    bar = window.body.transport.seek_bar
    left = Qt.MouseButton.LeftButton
    half = QPoint(round(bar.x_of(15_000)), bar.height() // 2)
    qtbot.mousePress(bar, left, pos=half)
    assert bridge.asked[-1] == ("seek", pytest.approx(15.0, abs=0.1))
    qtbot.mouseMove(bar, QPoint(round(bar.x_of(21_000)), 4))
    window.poll()
    assert window.body.transport.position.text().startswith("0:2")
    qtbot.mouseRelease(bar, left, pos=QPoint(round(bar.x_of(21_000)), 4))
    assert bridge.asked[-1] == ("seek", pytest.approx(21.0, abs=0.1))


def test_the_handle_waits_where_it_was_put_until_the_player_is_there(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    bar = window.body.transport.seek_bar
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(round(bar.x_of(24_000)), 5))
    show(window, bridge, a_file(position_s=12.1, seeking=True))
    assert bar.shown_s == pytest.approx(24.0, abs=0.1)
    show(window, bridge, a_file(position_s=24.05))
    show(window, bridge, a_file(position_s=24.1))
    assert bar.shown_s == pytest.approx(24.1)


def test_marking_a_loop(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file(position_s=4.0))
    window = open_window(bridge)
    transport = window.body.transport
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    show(window, bridge, a_file(position_s=9.0))
    assert transport.loop_start.isChecked() and not transport.loop_end.isChecked()
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    assert bridge.asked[-1] == ("set_loop", (4.0, 9.0))
    window.poll()
    assert transport.loop_end.isChecked()
    transport.loop_end.click()
    assert bridge.asked[-1] == ("set_loop", None)
    window.poll()
    assert not transport.loop_start.isChecked() and not transport.loop_end.isChecked()


def test_silence_and_loudness_are_remembered(open_window: Opener, qtbot, settings_file: Path) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    sound = window.body.transport.sound
    sound.slider.setValue(60)
    assert bridge.asked[-1] == ("set_volume", 0.6)
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert bridge.asked[-1] == ("set_volume", 0.0) and sound.button.sign == "silent"
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert bridge.asked[-1] == ("set_volume", 0.6) and sound.button.sign == "sound"
    window.close()
    assert Settings(settings_file).number("volume", 1.0, 0.0, 1.0) == 0.6


def test_the_first_of_several_dropped_files_is_opened(open_window: Opener, tmp_path: Path) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    drop(window, tmp_path / "talk.mp4", tmp_path / "other.mp4")
    assert ("open_file", str(tmp_path / "talk.mp4")) in bridge.asked
    assert not any(str(tmp_path / "other.mp4") in one for one in bridge.asked)


def test_what_is_no_recording_is_said_and_can_be_replaced(open_window: Opener, tmp_path: Path, monkeypatch) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    drop(window, tmp_path / "notes.txt")
    text = "notes.txt is no recording: choose a film or a sound file"
    show(window, bridge, Shown(troubles=(Trouble(where="file", text=text, fatal=True),)))
    banner = window.body.troubles.banner(text)
    assert banner.isVisible() and banner.button.text() == "Open another"
    asked: list[bool] = []
    monkeypatch.setattr(
        "demo.shell.file_dialog.QFileDialog.getOpenFileName", lambda *_: (asked.append(True), ("", ""))[1]
    )
    banner.button.click()
    assert asked
    show(window, bridge, a_file())
    assert window.body.troubles.texts == () and not window.body.troubles.isVisible()


def test_a_hidden_message_stays_hidden_until_it_comes_anew(open_window: Opener) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    lost = replace(live(), troubles=(Trouble(where="camera", text="The camera is gone."),))
    show(window, bridge, lost)
    window.body.troubles.banner("The camera is gone.").close_button.click()
    show(window, bridge, lost)
    assert window.body.troubles.texts == ()
    show(window, bridge, live())
    show(window, bridge, lost)
    assert window.body.troubles.texts == ("The camera is gone.",)


def test_a_hidden_message_stays_hidden_in_another_language(open_window: Opener) -> None:
    text = "The recording in place of the devices has ended."
    bridge = FakeBridge()
    window = open_window(bridge)
    show(window, bridge, replace(live(), troubles=(Trouble(where="session", text=text),)))
    window.body.troubles.banner(text).close_button.click()
    window.choose_language("zh")
    assert said(text) != text and window.body.troubles.texts == ()
    show(window, bridge, live())
    show(window, bridge, replace(live(), troubles=(Trouble(where="session", text=text),)))
    assert window.body.troubles.texts == (said(text),)


def test_a_recording_that_opened_becomes_a_recent_one(open_window: Opener, tmp_path: Path) -> None:
    film = tmp_path / "talk.mp4"
    film.touch()
    bridge = FakeBridge()
    window = open_window(bridge)
    window.open_file(str(film))
    assert window.settings.recent == ()
    show(window, bridge, replace(a_file(), path=str(film)))
    assert window.settings.recent == (str(film),)
    assert window.windowTitle() == "talk.mp4 — Attune"


def test_a_file_that_did_not_open_becomes_no_recent_one(open_window: Opener, tmp_path: Path) -> None:
    bridge = FakeBridge(replace(a_file(), path=str(tmp_path / "talk.mp4")))
    window = open_window(bridge)
    window.open_file(str(tmp_path / "talk.mp4.mp4"))  # what was open is still there, and its name is within this one
    show(window, bridge, replace(bridge.now, troubles=(Trouble(where="file", text="It does not exist."),)))
    assert window.settings.recent == ()


def test_where_a_loop_begins_is_forgotten_when_the_same_is_opened_again(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file())
    player = open_window(bridge).player
    for opened in (lambda: player.open_file("talk.mp4"), player.open_sample, lambda: player.go_live(None, None)):
        player.commands["loop_start"](False)
        assert player.mark_s == 12.0
        opened()
        assert player.mark_s is None


def test_a_long_title_is_shortened_and_can_be_read_whole(open_window: Opener) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    name = "a talk about many things " * 12 + ".mp4"
    show(window, bridge, replace(a_file(), title=name))
    title = window.top.title
    assert title.text() == title.toolTip() == name and title.shown().endswith("…")
    assert title.fontMetrics().horizontalAdvance(title.shown()) <= title.width()
    show(window, bridge, a_file())
    assert title.shown() == "talk.mp4"


def test_live_shows_its_mark_and_stops(open_window: Opener) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    show(window, bridge, live())
    mark = window.body.transport.live
    assert mark.isVisible() and mark.mark.text() == "● Live  1:05" and mark.meter.level_db == -20.0
    assert not window.body.transport.seek_bar.isVisible()
    mark.stop.click()
    window.poll()
    assert bridge.asked[-1] == ("close_session",) and window.body.empty.isVisible()


def test_the_device_panel_follows_devices(open_window: Opener) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    window.commands.actions["devices"].trigger()
    panel = window.devices
    assert panel.isVisible()
    names = [panel.camera.itemText(at) for at in range(panel.camera.count())]
    assert names == ["the system's default", "Webcam", "none"]
    panel.camera.setCurrentIndex(1)
    panel.camera.activated.emit(1)
    bridge.there = replace(bridge.there, cameras=("Other",), problems=("PortAudio is missing: install libportaudio2",))
    panel.refresh()
    names = [panel.camera.itemText(at) for at in range(panel.camera.count())]
    assert names == ["the system's default", "Other", "Webcam (not there now)", "none"]
    assert panel.camera.currentData() == "Webcam" and "libportaudio2" in panel.problems.text()
    panel.start.click()
    assert bridge.asked[-1] == ("start_live", "Webcam", None) and not panel.isVisible()


def test_loading_is_shown_part_by_part_and_goes_away(open_window: Opener) -> None:
    steps = (LoadStep(name="models", step="done", seconds=1.4), LoadStep(name="face", step="working"))
    bridge = FakeBridge(Shown(loading=steps))
    window = open_window(bridge)
    strip = window.body.loading
    assert strip.isVisible() and "attention models 1.4 s" in strip.label.text() and "face" in strip.label.text()
    assert window.body.empty.open.isEnabled()
    show(window, bridge, Shown(loading=steps, ready=True))
    assert not strip.isVisible()


def test_closing_while_it_loads_closes_the_bridge_once(open_window: Opener) -> None:
    bridge = FakeBridge(Shown(loading=(LoadStep(name="models", step="working"),)))
    window = open_window(bridge)
    window.close()
    window.close()
    assert bridge.closed == 1 and not window.isVisible()


def test_pictures_on_the_screen_are_told_and_counted(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    qtbot.waitUntil(lambda: ("painted", 100.0) in bridge.asked)
    now = a_file()
    show(window, bridge, replace(now, picture=replace(now.picture, frame=frame(seq=1))))
    qtbot.waitUntil(lambda: ("painted", 101.0) in bridge.asked)
    assert bridge.asked.count(("painted", 100.0)) == 1


def test_answers_on_the_screen_are_told_once(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    now = a_file()
    for moment_s, values in ((7.0, now.emotion.probabilities["cross"]), (7.5, now.emotion.probabilities["self"])):
        both = {"self": values, "cross": values}
        show(window, bridge, replace(now, emotion=replace(now.emotion, probabilities=both, pts_s=moment_s)))
        qtbot.waitUntil(lambda moment_s=moment_s: ("answered", moment_s) in bridge.asked)
    assert bridge.asked.count(("answered", 7.0)) == 1


def test_only_views_in_sight_are_computed(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    panels = window.body.workbench.panels
    qtbot.waitUntil(lambda: bridge.watched == {"origin": False})
    panels["origin"].raise_()
    qtbot.waitUntil(lambda: bridge.watched == {"origin": True})
    panels["origin"].close()
    qtbot.waitUntil(lambda: not bridge.watched["origin"])


def test_every_control_says_what_it_is(open_window: Opener) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    shell = (window.top, window.body.empty, window.body.transport, window.devices)
    for part in shell:
        for kind in (QAbstractButton, QSlider):
            for control in part.findChildren(kind):
                own = not control.objectName().startswith("qt_")
                assert not own or control.accessibleName() or getattr(control, "text", str)(), control


def test_light_and_dark_at_once(open_window: Opener, settings_file: Path) -> None:
    window = open_window(FakeBridge(a_file()))
    window.choose_theme("dark")
    QApplication.processEvents()
    assert is_dark(window.body.transport.palette()) and is_dark(window.body.workbench.panels["words"].palette())
    dark = window.grab().toImage().pixelColor(5, window.height() // 2).lightness()
    window.choose_theme("light")
    QApplication.processEvents()
    assert window.grab().toImage().pixelColor(5, window.height() // 2).lightness() > dark + 100
    assert Settings(settings_file).choice("theme", ("light",)) == "light"
