"""Both models side by side, and their agreement."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QPointF, Qt  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from demo.shown import Emotion, History, Shown, Transport  # noqa: E402
from demo.widgets.agreement import agreement_of, alike  # noqa: E402
from demo.widgets.compare import CompareView  # noqa: E402
from engine.config import EMOTIONS  # noqa: E402
from engine.types import FloatArray  # noqa: E402


def answer(top: str, share: float = 0.7) -> FloatArray:
    values = np.full(len(EMOTIONS), (1 - share) / (len(EMOTIONS) - 1), np.float32)
    values[EMOTIONS.index(top)] = share
    return values


def state() -> Shown:
    """Twenty moments: the first ten alike, one without an answer, the rest different."""
    first = np.stack([answer("happy")] * 20)
    second = np.stack([answer("happy")] * 10 + [answer("sad")] * 10)
    second[10] = np.nan
    history = History(
        version=1, times_s=np.arange(1, 21) / 2, probabilities={"self": first, "cross": second}, covered=((0.0, 10.0),)
    )
    emotion = Emotion(
        certainty="current",
        probabilities={"self": answer("happy"), "cross": answer("sad", 0.4)},
        unsure_below={"self": 0.5, "cross": 0.5},
        present=("audio", "video"),
    )
    transport = Transport(position_s=9.0, duration_s=10.0)
    return Shown(kind="file", ready=True, history=history, emotion=emotion, transport=transport)


@pytest.fixture
def view(qtbot: QtBot) -> CompareView:
    one = CompareView()
    qtbot.addWidget(one)
    one.resize(520, 420)
    one.show()
    one.show_it(state())
    return one


def test_alike_is_what_both_have_in_common() -> None:
    assert alike(answer("sad"), answer("sad")) == pytest.approx(1)
    assert alike(np.array([1.0, 0.0], np.float32), np.array([0.0, 1.0], np.float32)) == 0
    both = agreement_of(state().history)
    assert both is not None
    assert both.share == pytest.approx(10 / 19)
    assert both.known.sum() == 19
    assert np.isnan(both.alike[10])
    assert not both.same_top[10]


def test_one_model_alone_agrees_with_nobody() -> None:
    history = state().history
    assert agreement_of(replace(history, probabilities={"self": history.probabilities["self"]})) is None


def test_both_answers_in_words(view: CompareView) -> None:
    said = view.plot.accessibleDescription()
    assert said == "self-attention: happy 70 %; cross-attention: sad 40 %, unsure"


def test_the_share_of_same_answers(view: CompareView) -> None:
    assert view.strip.summary() == "Same answer in 53 % of 19 moments"
    assert view.strip.accessibleDescription() == view.strip.summary()


def test_hover_reads_both(view: CompareView, qtbot: QtBot) -> None:
    strip = view.strip
    x = strip.scale().x(2.0)
    qtbot.mouseMove(strip, QPointF(x, strip.chart().center().y()).toPoint())
    assert "both happy (70 % and 70 %), 100 % alike" in strip.accessibleDescription()
    assert "self happy 70 %, cross sad 70 %" in strip.reading(8.0)
    assert "not both" in strip.reading(5.4)


def test_what_the_upper_edge_means_is_said_above_it(view: CompareView) -> None:
    strip = view.strip
    assert strip._scale_label().bottom() <= strip.chart().top() and strip._scale_label().left() > strip.width() / 2


def test_a_click_and_the_keyboard_seek(view: CompareView, qtbot: QtBot) -> None:
    strip = view.strip
    with qtbot.waitSignal(view.seek_wanted) as told:
        point = QPointF(strip.scale().x(4.0), strip.chart().center().y()).toPoint()
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=point)
    assert told.args == [pytest.approx(4.0, abs=0.05)]
    strip.leaveEvent(None)  # type: ignore[arg-type]
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    with qtbot.waitSignal(view.seek_wanted) as told:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert told.args == [8.5]


def test_the_picture_changes_with_the_answers(view: CompareView) -> None:
    before = view.plot.grab().toImage()
    shown = state()
    other = replace(shown.emotion, probabilities={"self": answer("fear"), "cross": answer("fear")})
    view.show_it(replace(shown, emotion=other))
    after = view.plot.grab().toImage()
    assert after != before
    view.show_it(replace(shown, emotion=replace(other, certainty="stale")))
    assert view.plot.grab().toImage() != after


@pytest.mark.parametrize("size", [(260, 240), (1200, 800)])
def test_any_size_and_any_lack(view: CompareView, size: tuple[int, int]) -> None:
    view.resize(*size)
    shown = state()
    only_self = replace(shown.emotion, probabilities={"self": answer("sad")})
    nothing = replace(shown.emotion, probabilities={}, certainty="nothing")
    states = [shown, replace(shown, emotion=only_self, history=History()), replace(shown, emotion=nothing)]
    pictures = []
    for one in [*states, replace(shown, ready=False), Shown()]:
        view.show_it(one)
        pictures.append(view.plot.grab().toImage())
    assert all(a != b for a, b in pairwise(pictures))


def test_the_strip_does_not_span_what_was_never_analysed(view: CompareView) -> None:
    times = np.concatenate([np.arange(1, 21), np.arange(101, 121)]) / 2
    values = {"self": np.stack([answer("happy")] * 40), "cross": np.stack([answer("sad")] * 40)}
    covered = ((0.0, 10.0), (50.0, 60.0))
    history = History(version=99, times_s=times, probabilities=values, covered=covered)  # type: ignore[arg-type]
    strip = view.strip
    strip.show_it(Shown(kind="file", history=history, transport=Transport(position_s=59.0, duration_s=60.0)))
    image = strip.grab().toImage()

    def column(seconds: float) -> list[int]:
        x = round(strip.scale().x(seconds) * image.devicePixelRatio())
        top, bottom = strip.chart().top() + 2, strip.height()
        return [image.pixel(x, y) for y in range(round(top), round(bottom * image.devicePixelRatio()))]

    assert column(22.0) == column(38.0) != column(5.0)


def test_without_two_answers_the_strip_says_so(view: CompareView) -> None:
    view.show_it(replace(state(), history=History()))
    assert view.strip.summary() == "No moment yet at which both have answered"
    assert "not both" in view.strip.reading(1.0)
