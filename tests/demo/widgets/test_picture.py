"""The picture: where it and its boxes lie, what is said without one, and how another face is chosen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QPoint, QPointF, Qt  # noqa: E402
from PySide6.QtGui import QColor  # noqa: E402

from demo.shown import Picture, Shown  # noqa: E402
from demo.widgets.picture import PictureView  # noqa: E402
from engine.types import VideoFrame  # noqa: E402
from tests.demo.widgets.shown_samples import emotion_sample, picture_sample  # noqa: E402

FACELESS = replace(picture_sample(), box=None, crops=())


def frame(rgb: np.ndarray) -> VideoFrame:
    return VideoFrame(seq=0, pts_s=0.0, captured_s=0.0, rgb=rgb)


def shown(**parts) -> Shown:
    return Shown(kind="file", ready=True, picture=replace(picture_sample(), **parts))


@pytest.fixture
def view(qtbot):
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show()
    return view


def test_picture_is_as_large_as_fits_and_boxes_go_along(view):
    view.show_it(shown())
    place = view.place_of((0.0, 0.0, 640.0, 360.0))
    assert (place.left(), place.top(), place.width(), place.height()) == (0, 60, 640, 360)
    view.resize(320, 480)
    assert view.place_of((320.0, 180.0, 640.0, 360.0)).left() == 160


def test_mirror_flips_picture_and_boxes(view):
    halves = np.zeros((90, 160, 3), np.uint8)
    halves[:, :80] = (255, 0, 0)
    view.show_it(shown(frame=frame(halves), box=(0.0, 0.0, 40.0, 40.0), others=()))
    assert view.grab().toImage().pixelColor(60, 300) == QColor(255, 0, 0)
    view.setMirrored(True)
    assert view.grab().toImage().pixelColor(60, 300) == QColor(0, 0, 0)
    assert view.grab().toImage().pixelColor(580, 300) == QColor(255, 0, 0)
    assert view.place_of((0.0, 0.0, 40.0, 40.0)).right() == 640


@pytest.mark.parametrize("mirrored", [False, True])
def test_click_on_another_face_follows_it(view, qtbot, mirrored):
    view.setMirrored(mirrored)
    view.show_it(shown(others=((510.0, 90.0, 600.0, 200.0),)))
    middle = view.place_of((510.0, 90.0, 600.0, 200.0)).center().toPoint()
    with qtbot.waitSignal(view.follow_wanted) as caught:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle)
    assert caught.args == [555.0, 145.0]


def test_click_beside_the_faces_does_nothing(view, qtbot):
    view.show_it(shown())
    with qtbot.assertNotEmitted(view.follow_wanted):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, 70))


def test_keyboard_goes_through_the_faces_and_follows_one(view, qtbot):
    view.show_it(shown(others=((0.0, 0.0, 10.0, 10.0), (100.0, 0.0, 120.0, 10.0))))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.chosen == 1
    with qtbot.waitSignal(view.follow_wanted) as caught:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert caught.args == [110.0, 5.0]
    assert view.focusNextPrevChild(False)
    assert view.chosen == 0
    view.focusNextPrevChild(False)
    assert view.chosen is None


def test_choice_goes_with_the_faces(view, qtbot):
    view.show_it(shown(others=((0.0, 0.0, 10.0, 10.0),)))
    qtbot.keyClick(view, Qt.Key.Key_Left)
    view.show_it(shown(others=()))
    assert view.chosen is None
    with qtbot.assertNotEmitted(view.follow_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        (Shown(), "Open a recording or go live"),
        (Shown(kind="live"), "Sound only"),
        (Shown(kind="live", picture=Picture(camera=True)), "No picture yet"),
        (Shown(kind="file", picture=FACELESS, emotion=emotion_sample()), "No face in the picture"),
        (Shown(kind="live", picture=FACELESS, emotion=emotion_sample("nothing")), "No face in the picture"),
        (Shown(kind="file", picture=FACELESS, emotion=emotion_sample("behind")), ""),
        (Shown(kind="file", picture=replace(picture_sample(), box=None), emotion=emotion_sample()), ""),
        (Shown(kind="file", picture=picture_sample()), ""),
    ],
)
def test_what_is_missing_is_said(view, shown, message):
    view.show_it(shown)
    assert view.message == message
    assert message in view.accessibleDescription()
    view.grab()


def test_same_picture_is_not_painted_again(view, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(view, "update", lambda *_: asked.append(1))
    one = shown()
    view.show_it(one)
    assert asked == [1]
    view.show_it(replace(one, title="other"))
    view.show_it(replace(one, picture=replace(one.picture, crops=())))
    assert asked == [1]
    view.show_it(replace(one, picture=replace(one.picture, box=None)))
    assert asked == [1, 1]


def test_large_pictures_are_averaged_when_they_become_small(view):
    stripes = np.zeros((800, 1600, 3), np.uint8)
    stripes[:, ::2] = 255
    view.resize(160, 80)
    view.show_it(shown(frame=frame(stripes), others=()))
    grey = view.grab().toImage().pixelColor(8, 40).lightness()
    assert 90 < grey < 165


def test_pointer_names_what_a_click_does(view, qtbot):
    view.show_it(shown())
    place = view.place_of((510.0, 90.0, 600.0, 200.0)).center()
    qtbot.mouseMove(view, QPointF(place).toPoint())
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
