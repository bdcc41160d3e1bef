"""Recording in the window: what it says, asks and remembers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QEvent, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QPalette  # noqa: E402
from PySide6.QtWidgets import QApplication, QMessageBox  # noqa: E402

from demo.recording import Recording  # noqa: E402
from demo.settings import Settings  # noqa: E402
from demo.shell.button import Button  # noqa: E402
from demo.shell.export_page import ExportPage  # noqa: E402
from demo.shell.sessions_page import SessionsPage  # noqa: E402
from demo.shell.trouble import Banner  # noqa: E402
from demo.shown import Shown  # noqa: E402
from demo.theme import warning_colour  # noqa: E402
from demo.widgets.recording_badge import badge_text  # noqa: E402
from engine.faults import Fault  # noqa: E402
from tests.demo.test_session_list import record  # noqa: E402
from tests.demo.window.conftest import Opener  # noqa: E402
from tests.demo.window.fake_bridge import FakeBridge, a_file, live  # noqa: E402
from tests.demo.window.test_window import show  # noqa: E402

ON = Recording(state="on", folder="/v/now", seconds=72.0, size_bytes=31_000_000, left_s=50_400.0)


@pytest.fixture
def agreed(settings_file: Path, tmp_path: Path) -> None:
    settings = Settings(settings_file)
    settings.put("consent", True)
    settings.put("recordings", str(tmp_path / "Videos"))
    settings.save()


def answer(number: int) -> list[str]:
    """Press a button of the question that comes next; what was asked is added to the list."""
    asked: list[str] = []

    def press() -> None:
        boxes = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox) and one.isVisible()]
        if not boxes:
            QTimer.singleShot(10, press)
            return
        asked.append(f"{boxes[0].text()} {boxes[0].informativeText()}")
        buttons = {boxes[0].buttonRole(one): one for one in boxes[0].buttons()}
        roles = (QMessageBox.ButtonRole.AcceptRole, QMessageBox.ButtonRole.RejectRole)
        destroy = buttons.get(QMessageBox.ButtonRole.DestructiveRole)
        (destroy if number == 2 and destroy is not None else buttons[roles[number]]).click()

    QTimer.singleShot(0, press)
    return asked


def asked_to_record(bridge: FakeBridge) -> list[str]:
    return [str(one[1]) for one in bridge.asked if one[0] == "start_recording"]


def test_the_first_recording_is_asked_about_once(open_window: Opener, tmp_path: Path, settings_file: Path) -> None:
    bridge = FakeBridge(live())
    window = open_window(bridge)
    window.settings.put("recordings", str(tmp_path / "Videos"))
    asked = answer(1)
    window.body.transport.live.record.click()
    assert "stays on this computer" in asked[0] and str(tmp_path) in asked[0]
    assert not asked_to_record(bridge)
    answer(0)
    window.body.transport.live.record.click()
    (folder,) = asked_to_record(bridge)
    assert Path(folder).parent == tmp_path / "Videos"
    window.poll()
    window.commands.actions["record"].trigger()
    assert bridge.asked[-1] == ("stop_recording",)
    window.poll()
    window.commands.actions["record"].trigger()  # nothing is asked any more
    assert len(asked_to_record(bridge)) == 2
    assert Settings(settings_file).flag("consent")


@pytest.mark.usefixtures("agreed")
def test_ctrl_r_goes_live_first_where_nothing_is(open_window: Opener) -> None:
    bridge = FakeBridge()
    window = open_window(bridge)
    window.commands.actions["record"].trigger()
    assert window.commands.actions["record"].shortcut().toString() == "Ctrl+R"
    asked = [one[0] for one in bridge.asked]
    assert asked.index("start_live") < asked.index("start_recording")
    show(window, bridge, a_file())
    assert not window.commands.actions["record"].isEnabled()


def test_a_stranger_sees_that_it_records(open_window: Opener) -> None:
    bridge = FakeBridge(replace(live(), recording=ON))
    window = open_window(bridge)
    mark = window.body.transport.live
    assert mark.mark.text() == "● Recording  1:12" and mark.figures.text() == "31 MB · room for 14 h"
    assert mark.record.on and mark.record.text() == "Stop recording"
    assert "Recording" in window.windowTitle() and "Recording" in window.top.title.text()
    assert badge_text(bridge.now) == "Recording 1:12"
    window.present(True)
    QApplication.processEvents()
    assert window.body.pages.currentWidget().picture.isVisible()
    window.present(False)
    show(window, bridge, live())
    assert "Recording" not in window.windowTitle() and not mark.record.on and not badge_text(bridge.now)


def test_room_is_told_before_and_warned_of_when_it_gets_short(open_window: Opener, tmp_path: Path) -> None:
    bridge = FakeBridge(live())
    window = open_window(bridge)
    assert window.body.transport.live.figures.text().startswith("room for")
    show(window, bridge, replace(live(), recording=replace(ON, left_s=240.0)))
    (text,) = window.body.troubles.texts
    assert "nearly full" in text and "is kept" in text
    assert window.body.transport.live.figures.text() == "31 MB · room for 4 min"


def test_a_recording_that_broke_says_what_is_kept(open_window: Opener) -> None:
    bridge = FakeBridge(live())
    window = open_window(bridge)
    problem = "The disk of /v is full: the recording was ended, and is whole until then."
    broken = replace(ON, state="broken", problem=problem)
    fault = Fault(pts_s=70.0, part="recording", text=problem, lasting=True)
    show(window, bridge, replace(live(), recording=broken, faults=(fault,)))
    assert window.body.troubles.texts == (problem,)
    show(window, bridge, replace(live(), recording=replace(broken, state="saved"), faults=(fault,)))
    assert window.body.troubles.texts == ()
    banner = window.body.saved.banner
    assert banner is not None and problem in banner.label.text() and "/v/now" in banner.label.text()


def test_it_says_where_the_recording_is_until_it_is_hidden(open_window: Opener, tmp_path: Path) -> None:
    bridge = FakeBridge(replace(live(), recording=ON))
    window = open_window(bridge)
    folder = record(tmp_path / "now", "2026-03-01T09:00:00+00:00")
    saved = replace(ON, state="saved", folder=str(folder))
    show(window, bridge, replace(live(), recording=saved))
    note = window.body.saved
    assert note.banner is not None and note.banner.label.text() == f"Recorded 1:12 (31 MB) in {folder}"
    show(window, bridge, Shown(recording=saved, ready=True))  # the session was closed: it is still there
    assert note.isVisible()
    texts = {one.text(): one for one in note.banner.findChildren(type(note.banner.button)) if one.text()}
    texts["Replay"].click()
    assert bridge.asked[-2] == ("open_file", str(folder))
    note.banner.close_button.click()
    show(window, bridge, Shown(recording=saved, ready=True))
    assert not note.isVisible()
    window.choose_language("zh")
    QApplication.processEvents()
    assert window.body.saved is not note and window.body.saved.banner is None


def button_texts(banner: Banner) -> set[str]:
    return {one.text() for one in banner.findChildren(Button) if one.text()}


def test_a_recording_whose_folder_is_gone_offers_nothing(open_window: Opener, tmp_path: Path) -> None:
    bridge = FakeBridge(replace(live(), recording=ON))
    window = open_window(bridge)
    gone = str(tmp_path / "gone")
    show(window, bridge, replace(live(), recording=replace(ON, state="saved", folder=gone)))
    banner = window.body.saved.banner
    assert banner is not None and not button_texts(banner)
    assert banner.label.text() == f"The recording is not there any more: {gone} was deleted or moved."


def test_the_note_goes_when_the_session_was_deleted_in_the_list(open_window: Opener, tmp_path: Path) -> None:
    bridge = FakeBridge(replace(live(), recording=ON))
    window = open_window(bridge)
    folder = record(tmp_path / "now", "2026-03-01T09:00:00+00:00")
    saved = Shown(recording=replace(ON, state="saved", folder=str(folder)), ready=True)
    show(window, bridge, saved)
    note = window.body.saved
    assert note.banner is not None and "Replay" in button_texts(note.banner)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    assert note.isVisible()
    bridge.sessions.delete(folder)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))  # the list was closed
    show(window, bridge, saved)
    assert not folder.exists() and not note.isVisible()


def test_room_is_no_warning_after_a_recording_that_broke(open_window: Opener) -> None:
    bridge = FakeBridge(live())
    figures = open_window(bridge).body.transport.live.figures

    def warns(recording: Recording) -> bool:
        figures.window().body.transport.live.show_it(replace(live(), recording=recording))
        return figures.palette().color(QPalette.ColorRole.WindowText) == warning_colour(figures.palette())

    broken = replace(ON, state="broken", problem="The disk is full.")
    assert warns(broken) and warns(replace(ON, left_s=100.0))
    assert not warns(replace(broken, state="saved")) and not warns(ON)


def test_a_long_folder_to_export_into_keeps_both_ends(open_window: Opener, qtbot, tmp_path: Path) -> None:
    page = ExportPage(tmp_path / "/".join(["very-long-name-of-a-folder"] * 8) / "monday")
    qtbot.addWidget(page)
    page.show()
    place = page.place
    assert place.text() == place.toolTip() and place.text().endswith("monday-export")
    assert "…" in place.shown() and place.shown().endswith("export") and place.shown()[:4] == place.text()[:4]


def test_what_a_recording_needed_tells_how_long_the_next_one_can_be(open_window: Opener) -> None:
    bridge = FakeBridge(replace(live(), recording=ON))
    window = open_window(bridge)
    show(window, bridge, replace(live(), recording=replace(ON, state="saved", seconds=100.0, size_bytes=50_000_000)))
    assert window.settings.number("recording_rate", 0.0, 0.0, 1e9) == 500_000


def test_sessions_are_listed_opened_and_deleted(open_window: Opener, qtbot, tmp_path: Path) -> None:
    first = record(tmp_path / "2026-03-01_10-00-00", "2026-03-01T09:00:00+00:00")
    second = record(tmp_path / "2026-03-02_10-00-00", "2026-03-02T09:00:00+00:00", complete=False)
    bridge = FakeBridge()
    window = open_window(bridge)
    window.settings.put("recordings", str(tmp_path))
    window.commands.actions["sessions"].trigger()
    (page,) = window.findChildren(SessionsPage)
    assert page.table.rowCount() == 2 and page.chosen is not None and page.chosen.folder == second
    assert "cut off" in page.table.item(0, 3).text() and page.table.item(1, 1).text() == "1:03"
    answer(1)
    page.delete.click()
    assert second.is_dir()
    asked = answer(2)
    page.delete.click()
    assert not second.exists() and str(second) in asked[0] and page.table.rowCount() == 1
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert ("open_file", str(first)) in bridge.asked


def test_an_empty_list_says_how_to_begin(open_window: Opener, tmp_path: Path) -> None:
    window = open_window(FakeBridge())
    window.settings.put("recordings", str(tmp_path / "none"))
    window.body.empty.sessions_wanted.emit()
    (page,) = window.findChildren(SessionsPage)
    assert "press Record" in page.message.text() and not page.play.isEnabled() and not page.delete.isEnabled()


def test_a_session_folder_is_recent_like_a_file(open_window: Opener, tmp_path: Path) -> None:
    folder = record(tmp_path / "monday", "2026-03-01T09:00:00+00:00")
    bridge = FakeBridge(replace(a_file(), title="monday", path=str(folder)))
    window = open_window(bridge)
    window.open_file(str(folder))
    window.poll()
    assert window.settings.recent == (str(folder),)


def test_a_session_that_cannot_be_exported_says_why(open_window: Opener, qtbot, tmp_path: Path) -> None:
    folder = record(tmp_path / "monday", "2026-03-01T09:00:00+00:00")
    bridge = FakeBridge(Shown(ready=True, recording=replace(ON, state="saved", folder=str(folder))))
    window = open_window(bridge)
    window.body.saved.export_wanted.emit(str(folder))
    (page,) = window.findChildren(ExportPage)
    assert page.chosen == ("csv", "eaf", "srt")
    for box in page.boxes.values():
        box.setChecked(False)
    assert not page.export.isEnabled()
    page.boxes["csv"].setChecked(True)
    page.export.click()
    qtbot.waitUntil(lambda: not page._timer.isActive())
    assert "cannot be read" in page.message.text() or "cannot read" in page.message.text()  # it has no journal
    assert page.export.isEnabled() and not (tmp_path / "monday-export").exists()
    page.reject()


def test_recording_that_was_asked_for_by_name_tells_what_it_means_once(open_window: Opener, tmp_path: Path) -> None:
    bridge = FakeBridge(live())
    window = open_window(bridge)
    window.recorder.record_into(tmp_path / "a")
    strip = window.body.strip
    assert asked_to_record(bridge) == [str(tmp_path / "a")]
    bridge.marks.begin(tmp_path / "a" / "annotations.json")
    window.poll()
    assert strip.isVisible() and "stays on this computer" in strip.label.text() and not strip.record.isVisible()
    strip.hide()
    window.recorder.record_into(tmp_path / "b")
    assert not strip.isVisible()
