"""The strip of faces: newest at the right, gaps where none was seen, each can be chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QPoint, Qt  # noqa: E402

from demo.shown import Emotion, Picture, Shown, Transport  # noqa: E402
from demo.widgets.crops import CropStrip  # noqa: E402
from tests.demo.widgets.shown_samples import crops_sample  # noqa: E402


def shown(position_s: float = 10.0, gap: tuple[float, float] = (0.9, 1.5)) -> Shown:
    crops = crops_sample(position_s, 20, gap=gap)
    return Shown(
        kind="file",
        ready=True,
        transport=Transport(position_s=position_s),
        picture=Picture(camera=True, crops=crops),
    )


@pytest.fixture
def strip(qtbot):
    strip = CropStrip()
    qtbot.addWidget(strip)
    strip.resize(600, 80)
    strip.show()
    return strip


def test_newest_is_at_the_right_and_gaps_stay_empty(strip):
    strip.show_it(shown())
    places = strip.places()
    assert places[0][0] == 30
    assert places[0][1].right() > places[1][1].right()
    seen = {round(one.pts_s * 3) for one in shown().picture.crops}
    assert 26 not in seen
    assert 26 in dict(places)


def test_click_goes_to_the_face(strip, qtbot):
    strip.show_it(shown())
    place = dict(strip.places())[28]
    with qtbot.waitSignal(strip.seek_wanted) as caught:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert caught.args == [pytest.approx(28 / 3)]
    with qtbot.assertNotEmitted(strip.seek_wanted):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=dict(strip.places())[26].center().toPoint())


def test_keyboard_reads_and_chooses(strip, qtbot):
    strip.show_it(shown())
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert strip.marked_s == pytest.approx(10.0)
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert strip.marked_s == pytest.approx(29 / 3)
    assert "0:09.7, 0.3 s ago" in strip.accessibleDescription()
    with qtbot.waitSignal(strip.seek_wanted) as caught:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert caught.args == [pytest.approx(29 / 3)]
    qtbot.keyClick(strip, Qt.Key.Key_Escape)
    assert strip.marked_s is None


def test_pointer_enlarges(strip, qtbot):
    strip.show_it(shown())
    qtbot.mouseMove(strip, dict(strip.places())[29].center().toPoint())
    qtbot.waitUntil(lambda: strip.marked_s is not None)
    glass = strip.findChild(type(strip._glass))
    assert glass.isVisible()
    assert "0:09.7" in glass.text
    strip.hide()
    assert not glass.isVisible()


def test_reading_ends_when_the_face_leaves(strip, qtbot):
    strip.show_it(shown())
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    strip.show_it(shown(25.0))
    assert strip.marked_s is None


NOTHING = Emotion(certainty="nothing")


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        (Shown(), "Open a recording or go live"),
        (Shown(kind="live"), "Sound only"),
        (Shown(kind="live", picture=Picture(camera=True)), "Not analysed yet"),
        (Shown(kind="live", picture=Picture(camera=True), emotion=NOTHING), "No face seen in the last seconds"),
    ],
)
def test_what_is_missing_is_said(strip, shown, message):
    strip.show_it(shown)
    assert strip.message == message
    strip.grab()


def test_painted_three_times_a_second_only(strip, monkeypatch):
    asked = []
    strip.show_it(shown(10.0))
    monkeypatch.setattr(strip, "update", lambda *_: asked.append(1))
    one = shown(10.0)
    for position_s in (10.02, 10.05, 10.2):
        strip.show_it(replace(one, transport=Transport(position_s=position_s)))
    assert not asked
    strip.show_it(shown(10.34))
    assert asked == [1]


def test_keys_without_a_face_go_on_to_the_window(strip, qtbot):
    strip.show_it(Shown(kind="live"))
    with qtbot.assertNotEmitted(strip.seek_wanted):
        qtbot.keyClick(strip, Qt.Key.Key_Return)
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
