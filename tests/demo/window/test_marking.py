"""Marking moments and spans in the window, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QEvent, QPoint, Qt  # noqa: E402
from PySide6.QtGui import QKeyEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from demo.main_window import MainWindow  # noqa: E402
from demo.marks import RECORD_FIRST  # noqa: E402
from demo.shell.marker import HELD_S  # noqa: E402
from demo.shell.training_page import TrainingPage  # noqa: E402
from demo.widgets.marks import MarksView  # noqa: E402
from engine.annotations import Annotation, Annotations, read_annotations  # noqa: E402
from tests.demo.window.conftest import Opener  # noqa: E402
from tests.demo.window.fake_bridge import FakeBridge, a_file, live  # noqa: E402
from tests.demo.window.test_recording import answer  # noqa: E402
from tests.demo.window.test_window import show  # noqa: E402


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "talk.mp4.annotations.json"


@pytest.fixture
def bridge(path: Path) -> FakeBridge:
    made = FakeBridge(a_file())
    made.marks.begin(path)
    return made


@pytest.fixture
def window(open_window: Opener, bridge: FakeBridge) -> MainWindow:
    return open_window(bridge)


def marks_view(window: MainWindow) -> MarksView:
    window.body.workbench.panels["marks"].raise_()
    QApplication.processEvents()
    window.poll()
    return window.body.workbench.views.marks


def at(window: MainWindow, bridge: FakeBridge, position_s: float) -> None:
    bridge._transport(position_s=position_s)
    window.poll()


def key(window: MainWindow, kind: QEvent.Type, code: Qt.Key, *, repeated: bool = False) -> None:
    window.take_key(QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, "", repeated))


def every(bridge: FakeBridge) -> Annotations:
    return bridge.marks.marks.every


def test_m_marks_a_moment_and_digits_an_emotion(window: MainWindow, bridge: FakeBridge, path: Path, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_M)
    at(window, bridge, 14.0)
    qtbot.keyClick(window, Qt.Key.Key_4)
    first, second = read_annotations(path)
    assert (first.start_s, first.moment, first.label, first.key) == (12.0, True, None, "M")
    assert (second.start_s, second.label, second.key) == (14.0, "happy", "4")
    qtbot.keyClick(window, Qt.Key.Key_9)  # there are seven
    assert len(every(bridge)) == 2


def test_holding_a_key_marks_as_long_as_it_is_held(window: MainWindow, bridge: FakeBridge) -> None:
    clock = [100.0]
    window.marker._now_s = lambda: clock[0]
    press, release = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
    for code, held_s, label in ((Qt.Key.Key_M, HELD_S + 1, None), (Qt.Key.Key_6, HELD_S + 1, "sad")):
        at(window, bridge, 12.0)
        key(window, press, code)
        key(window, press, code, repeated=True)  # the keyboard repeats what is held
        key(window, release, code, repeated=True)
        at(window, bridge, 13.5)
        clock[0] += held_s
        key(window, release, code)
        (one,) = every(bridge)
        assert (one.start_s, one.end_s, one.label) == (12.0, 13.5, label)
        bridge.marks.undo()
        assert not every(bridge)
    key(window, press, Qt.Key.Key_M)
    at(window, bridge, 14.0)
    clock[0] += 0.1
    key(window, release, Qt.Key.Key_M)
    (one,) = every(bridge)
    assert one.moment  # a tap


def test_shift_m_begins_a_span_that_a_digit_ends(window: MainWindow, bridge: FakeBridge, qtbot) -> None:
    view = marks_view(window)
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    window.poll()
    assert "A span has begun at 0:12.0" in view.list._message[0]
    assert window.body.strip.isVisible() and "Since 0:12.0" in window.body.strip.label.text()
    window.body.strip._go()  # it stays until the span ends
    assert window.body.strip.isVisible()
    at(window, bridge, 20.0)
    qtbot.keyClick(window, Qt.Key.Key_6)
    (one,) = every(bridge)
    assert (one.start_s, one.end_s, one.label) == (12.0, 20.0, "sad")
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    at(window, bridge, 25.0)
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert [one.end_s for one in every(bridge)] == [20.0, 25.0]


def test_a_span_that_has_begun_is_told_in_another_language(window: MainWindow, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    window.choose_language("zh")
    QApplication.processEvents()
    window.poll()
    assert window.body.strip.isVisible() and "0:12.0" in window.body.strip.label.text()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    window.poll()
    assert not window.body.strip.isVisible()


def test_esc_forgets_a_span(window: MainWindow, bridge: FakeBridge, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    window.poll()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    window.poll()
    assert bridge.marks.marks.span_from_s is None and not window.body.strip.isVisible() and not every(bridge)


def test_a_note_is_written_while_it_plays(window: MainWindow, bridge: FakeBridge, path: Path, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_N)
    strip = window.body.strip
    assert strip.isVisible() and bridge.now.transport.playing
    qtbot.keyClicks(strip.editor.text, "smiles at 4 m")  # keys that mark elsewhere
    at(window, bridge, 13.0)
    assert strip.editor.text.text() == "smiles at 4 m"
    qtbot.keyClick(strip.editor.text, Qt.Key.Key_Return)
    (one,) = read_annotations(path)
    assert (one.text, one.start_s) == ("smiles at 4 m", 12.0) and not strip.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_M)
    qtbot.keyClick(window, Qt.Key.Key_N)  # writes on what has just been marked
    assert len(every(bridge)) == 2


def test_a_note_is_kept_when_something_else_is_opened(
    window: MainWindow, bridge: FakeBridge, path: Path, qtbot
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_N)
    strip = window.body.strip
    qtbot.keyClicks(strip.editor.text, "looks away")
    window.open_file("other.mp4")
    assert [one.text for one in read_annotations(path)] == ["looks away"]
    assert not strip.isAncestorOf(QApplication.focusWidget() or window)


def test_what_was_just_marked_can_be_named_and_taken_back(window: MainWindow, bridge: FakeBridge, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_M)
    strip = window.body.strip
    assert strip.label.text() == "Marked 0:12.0"
    strip.editor.emotion.setCurrentIndex(strip.editor.emotion.findData("fear"))
    strip.editor.emotion.activated.emit(0)
    assert [one.label for one in every(bridge)] == ["fear"]
    strip.undo.click()
    assert [one.label for one in every(bridge)] == [None] and not strip.isVisible()
    window.poll()
    window.commands.actions["undo"].trigger()
    window.poll()
    assert not every(bridge) and not window.commands.actions["undo"].isEnabled()


def test_live_without_a_recording_offers_to_record(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(live())
    bridge.marks.forget(RECORD_FIRST)
    window = open_window(bridge)
    qtbot.keyClick(window, Qt.Key.Key_M)
    strip = window.body.strip
    assert "begin to record first" in strip.label.text() and strip.record.isVisible()
    window.settings.put("consent", True)
    strip.record.click()
    assert bridge.asked[-1][0] == "start_recording"
    assert "begin to record first" in marks_view(window).list._message[0]


def test_the_list_goes_there_edits_and_deletes(window: MainWindow, bridge: FakeBridge, path: Path, qtbot) -> None:
    for at_s, label in ((3.0, None), (7.0, "happy")):
        bridge.marks.mark(at_s, label=label)
    view = marks_view(window)
    assert view.list.rows.rowCount() == 2
    view.list.clicked.emit(view.list.rows.index(1))
    assert bridge.asked[-1] == ("seek", 7.0)
    view.list.select(every(bridge)._every[0].id)
    assert view.below.isVisible() and view.editor.emotion.currentData() is None
    qtbot.keyClicks(view.editor.text, "thinks")
    qtbot.keyClick(view.editor.text, Qt.Key.Key_Return)
    assert [one.text for one in read_annotations(path)] == ["thinks", ""]
    window.poll()
    qtbot.keyClick(view.list, Qt.Key.Key_Delete)
    assert [one.start_s for one in read_annotations(path)] == [7.0]
    bridge.marks.undo()
    window.poll()
    assert view.list.rows.rowCount() == 2 and len(read_annotations(path)) == 2


def test_keys_mark_also_while_the_list_has_the_focus(window: MainWindow, bridge: FakeBridge, qtbot) -> None:
    bridge.marks.mark(3.0)
    view = marks_view(window)
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_4)
    qtbot.keyClick(view.list, Qt.Key.Key_Space)
    assert [one.label for one in every(bridge)] == [None, "happy"]
    assert bridge.asked[-1] == ("playing", False)


def test_an_emotion_that_the_models_do_not_know_stays(window: MainWindow, bridge: FakeBridge) -> None:
    id = bridge.marks.mark(3.0, label="proud")
    assert id is not None
    view = marks_view(window)
    view.list.select(id)
    assert view.editor.emotion.currentData() == "proud"
    view.editor.text.setText("of herself")
    view.editor.text.editingFinished.emit()
    assert [(one.label, one.text) for one in every(bridge)] == [("proud", "of herself")]


def test_marks_lie_below_the_history_and_above_the_seek_bar(window: MainWindow, bridge: FakeBridge) -> None:
    history = window.body.workbench.views.history
    height = history.chart().height()
    bridge.marks.mark(3.0, label="happy")
    window.poll()
    assert history.lane_height() > 0 and history.chart().height() < height
    assert not history.grab().isNull() and not window.body.transport.seek_bar.grab().isNull()


def test_a_mark_in_the_history_says_what_it_is_and_is_gone_to(window: MainWindow, bridge: FakeBridge, qtbot) -> None:
    bridge.marks.mark(3.0, label="happy")
    bridge.marks.begin_span(10.0)
    bridge.marks.mark(20.0, text="tells of her work")
    window.poll()
    QApplication.processEvents()  # panels find their sizes
    history = window.body.workbench.views.history

    def point(below: float = 0.0) -> QPoint:
        return QPoint(round(history.scale().x(15.0)), round(history.lane().center().y() + below))

    qtbot.mouseMove(history, point())
    assert history._mark_at(point().toPointF()).text == "tells of her work"
    qtbot.mouseClick(history, Qt.MouseButton.LeftButton, pos=point())
    assert bridge.asked[-1] == ("seek", 10.0)
    assert history._mark_at(point(below=20.0).toPointF()) is None


def test_marks_that_cannot_be_saved_are_not_lost_without_asking(open_window: Opener, tmp_path: Path, qtbot) -> None:
    (tmp_path / "gone").mkdir()
    bridge = FakeBridge(a_file())
    bridge.marks.begin(tmp_path / "gone" / "a.json")
    (tmp_path / "gone").rmdir()
    (tmp_path / "gone").write_text("")
    window = open_window(bridge)
    qtbot.keyClick(window, Qt.Key.Key_M)
    window.poll()
    (text,) = window.body.troubles.texts
    assert "is a file, not a folder" in text and "Nothing is lost" in text
    asked = answer(1)
    window.close()
    assert window.isVisible() and "would be lost" in asked[0] and not bridge.closed
    answer(2)
    window.close()
    assert not window.isVisible() and bridge.closed


def test_training_with_marks_is_explained(window: MainWindow, bridge: FakeBridge) -> None:
    bridge.now = replace(bridge.now, path="/films/talk.mp4")
    bridge.marks.mark(3.0, label="happy")
    bridge.marks.extend(bridge.marks.mark(3.0, label="sad") or "", 3.5)
    bridge.marks.mark(4.0)
    window.poll()
    window.commands.actions["training"].trigger()
    (page,) = window.findChildren(TrainingPage)
    assert page.count.text().startswith("1 of 3 marks") and "Moments do not count" in page.count.text()
    assert '"/films/talk.mp4"' in page.commands.toPlainText()


def test_moments_alone_are_no_examples(window: MainWindow, bridge: FakeBridge) -> None:
    bridge.marks.mark(3.0, label="happy")
    window.poll()
    window.commands.actions["training"].trigger()
    (page,) = window.findChildren(TrainingPage)
    assert page.count.text().startswith("No mark is an example yet")


def test_an_annotation_from_elsewhere_is_shown(open_window: Opener, path: Path) -> None:
    bridge = FakeBridge(replace(a_file()))
    bridge.marks.begin(path)
    window = open_window(bridge)
    bridge.marks._marks = replace(
        bridge.marks.marks, every=Annotations([Annotation.new(1.0, 9e9, text="a\nb", label="sad")])
    )
    view = marks_view(window)
    assert view.list.rows.rowCount() == 1 and not view.grab().isNull()
    show(window, bridge, a_file(position_s=2.0))
