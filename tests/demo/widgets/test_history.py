"""The history view: what a person sees, reads, clicks, drags and zooms."""

from __future__ import annotations

import numpy as np
import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QPoint, QPointF, Qt  # noqa: E402
from PySide6.QtGui import QColor, QWheelEvent  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from demo.shown import History, Shown, Transport  # noqa: E402
from demo.theme import emotion_colour  # noqa: E402
from demo.widgets.history import HistoryView  # noqa: E402
from demo.widgets.history_area import index_at, known_runs, reduced, values_of  # noqa: E402
from demo.widgets.history_range import LIVE_S, HistoryRange  # noqa: E402
from engine.config import EMOTIONS, Fusion  # noqa: E402
from engine.types import FloatArray, Word  # noqa: E402
from engine.utterance import Utterance  # noqa: E402

END_S = 60.0


def rows(*tops: str | None) -> FloatArray:
    """A row for each top emotion, at 94 %; None is a moment without an answer."""
    result = np.full((len(tops), len(EMOTIONS)), 0.01, np.float32)
    for row, top in zip(result, tops, strict=True):
        if top is None:
            row[:] = np.nan
        else:
            row[EMOTIONS.index(top)] = 0.94
    return result


def recording(covered_s: float = END_S, **transport: object) -> Shown:
    """A minute: happy, then nothing from 20 to 30 s, then sad for self- and angry for cross-attention."""
    times = np.arange(1, int(covered_s * 2) + 1) / 2
    tops = [("happy", "happy") if t <= 20 else (None, None) if t <= 30 else ("sad", "anger") for t in times]
    said = Word(text="hello there", start_s=4.0, end_s=8.0, confidence=1.0, final=True)
    probabilities: dict[Fusion, FloatArray] = {
        "self": rows(*(a for a, _ in tops)),
        "cross": rows(*(b for _, b in tops)),
    }
    history = History(
        version=int(covered_s),
        times_s=times,
        probabilities=probabilities,
        utterances=(Utterance(index=0, start_s=4.0, end_s=8.0, words=(said,)),),
        covered=((0.0, covered_s),),
    )
    return Shown(kind="file", ready=True, history=history, transport=Transport(duration_s=END_S, **transport))  # type: ignore[arg-type]


def live(now_s: float) -> Shown:
    times = np.arange(1, int(now_s * 2) + 1) / 2
    values: dict[Fusion, FloatArray] = {"self": rows(*["sad"] * len(times))}
    history = History(version=int(now_s), times_s=times, probabilities=values, covered=((0.0, now_s),))
    return Shown(kind="live", ready=True, history=history, transport=Transport(position_s=now_s))


@pytest.fixture
def view(qtbot: QtBot) -> HistoryView:
    one = HistoryView()
    qtbot.addWidget(one)
    one.resize(800, 220)
    one.show()
    one.show_it(recording(position_s=10.0))
    return one


def at(view: HistoryView, seconds: float) -> QPoint:
    return QPointF(view.scale().x(seconds), view.chart().center().y()).toPoint()


def colour(view: HistoryView, seconds: float) -> QColor:
    image = view.grab().toImage()
    spot = at(view, seconds) * image.devicePixelRatio()
    return image.pixelColor(spot)


def wheel(view: HistoryView, seconds: float, steps: int, *, sideways: bool = False) -> None:
    point = QPointF(at(view, seconds))
    delta = QPoint(120 * steps, 0) if sideways else QPoint(0, 120 * steps)
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    view.wheelEvent(QWheelEvent(point, point, QPoint(), delta, no_button, no_key, Qt.ScrollPhase.NoScrollPhase, False))


def test_the_area_has_the_colour_of_the_emotion(view: HistoryView) -> None:
    view.setFusion("self")
    assert colour(view, 5.0) == emotion_colour("happy")
    assert colour(view, 45.0) == emotion_colour("sad")
    view.setFusion("cross")
    assert colour(view, 45.0) == emotion_colour("anger")


def test_where_nothing_was_there_it_is_empty(view: HistoryView) -> None:
    empty = colour(view, 25.0)
    assert empty not in [emotion_colour(name) for name in EMOTIONS]
    view.read_at(25.0)
    assert "neither face nor voice" in view.accessibleDescription()


def test_what_is_not_analysed_is_hatched_and_said(view: HistoryView) -> None:
    view.show_it(recording(covered_s=15.0))
    image = view.grab().toImage()
    y = int(view.chart().top() + 10)
    left, right = int(view.scale().x(30)), int(view.scale().x(50))
    assert len({image.pixelColor(x, y).rgb() for x in range(left, right)}) > 1
    view.read_at(40.0)
    assert "not analysed yet" in view.accessibleDescription()


@pytest.mark.parametrize("count", [20, 2000])
def test_no_area_spans_what_lies_between_two_analysed_stretches(view: HistoryView, count: int) -> None:
    step = 10.0 / count
    times = np.concatenate([np.arange(1, count + 1), np.arange(5 * count + 1, 6 * count + 1)]) * step
    values: dict[Fusion, FloatArray] = {"self": rows(*["sad"] * len(times))}
    covered = ((0.0, 10.0), (50.0, 60.0))
    history = History(version=99, times_s=times, probabilities=values, covered=covered, step_s=step)
    view.show_it(Shown(kind="file", ready=True, history=history, transport=Transport(duration_s=END_S)))
    assert emotion_colour("sad") not in [colour(view, seconds) for seconds in (12.0, 20.0, 30.0, 40.0, 48.0)]
    assert colour(view, 5.0) == colour(view, 55.0) == emotion_colour("sad")
    assert list(known_runs(np.isfinite(values["self"][:, 0]), times, history)) == [(0, count), (count, 2 * count)]


def test_hover_reads_time_emotions_and_words(view: HistoryView, qtbot: QtBot) -> None:
    qtbot.mouseMove(view, at(view, 6.0))
    said = view.accessibleDescription()
    assert said.startswith("0:0")
    assert "happy 94 %" in said
    assert "“hello there”" in said
    view.leaveEvent(None)  # type: ignore[arg-type]
    assert view.accessibleDescription() == ""


def test_a_click_seeks(view: HistoryView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.seek_wanted) as told:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 42.0))
    assert told.args == [pytest.approx(42.0, abs=0.1)]


def test_dragging_marks_a_loop_that_can_be_cleared(view: HistoryView, qtbot: QtBot) -> None:
    sought: list[float] = []
    view.seek_wanted.connect(sought.append)
    with qtbot.waitSignal(view.loop_wanted) as told:
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at(view, 30.0))
        qtbot.mouseMove(view, at(view, 20.0))
        qtbot.mouseMove(view, at(view, 10.0))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(view, 10.0))
    assert told.args[0] == pytest.approx((10.0, 30.0), abs=0.15)
    assert not sought
    assert view.clear_button.isHidden()
    view.show_it(recording(loop=told.args[0]))
    assert view.clear_button.isVisible()
    with qtbot.waitSignal(view.loop_wanted) as told:
        view.clear_button.click()
    assert told.args == [None]
    with qtbot.waitSignal(view.loop_wanted) as told:
        qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert told.args == [None]


def test_the_wheel_zooms_around_the_pointer_and_a_double_click_shows_all(view: HistoryView, qtbot: QtBot) -> None:
    before = view.scale().x(40.0)
    wheel(view, 40.0, 3)
    assert view.range.high_s - view.range.low_s == pytest.approx(END_S * 0.8**3)
    assert view.scale().x(40.0) == pytest.approx(before, abs=0.1)
    low_s = view.range.low_s
    wheel(view, 40.0, 1, sideways=True)
    assert view.range.low_s < low_s
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=at(view, 40.0))
    assert (view.range.low_s, view.range.high_s) == (0.0, END_S)


@pytest.mark.parametrize(
    ("button", "modifier"),
    [
        (Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_dragging_pans(view: HistoryView, qtbot: QtBot, button: Qt.MouseButton, modifier: Qt.KeyboardModifier) -> None:
    told: list[object] = []
    view.seek_wanted.connect(told.append)
    view.loop_wanted.connect(told.append)
    wheel(view, 30.0, 4)
    low_s, grabbed = view.range.low_s, at(view, 30.0)
    qtbot.mousePress(view, button, modifier, grabbed)
    qtbot.mouseMove(view, grabbed + QPoint(50, 0))
    qtbot.mouseRelease(view, button, modifier, grabbed + QPoint(50, 0))
    assert view.range.low_s < low_s - 1
    assert view.scale().x(30.0) == pytest.approx(grabbed.x() + 50, abs=2)
    assert not told


def test_the_keyboard_zooms_pans_reads_and_seeks(view: HistoryView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    width = view.range.high_s - view.range.low_s
    assert width == pytest.approx(END_S * 0.64)
    low_s = view.range.low_s
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.range.low_s == pytest.approx(low_s + 0.1 * width)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.range.high_s - view.range.low_s == pytest.approx(END_S * 0.8)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert (view.range.low_s, view.range.high_s) == (0.0, END_S)
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert "happy" in view.accessibleDescription()
    with qtbot.waitSignal(view.seek_wanted) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == [10.5]


def test_live_follows_until_the_user_pans_and_comes_back(view: HistoryView, qtbot: QtBot) -> None:
    view.show_it(live(20.0))
    assert (view.range.low_s, view.range.high_s) == (0.0, 30.0)
    view.show_it(live(400.0))
    assert view.range.high_s == 400.0
    assert view.range.high_s - view.range.low_s == LIVE_S
    assert view.now_button.isHidden()
    wheel(view, 350.0, 2)
    kept = (view.range.low_s, view.range.high_s)
    view.show_it(live(410.0))
    assert (view.range.low_s, view.range.high_s) == kept
    assert view.now_button.isVisible()
    view.now_button.click()
    assert view.range.high_s == 410.0
    assert view.now_button.isHidden()


def test_the_page_is_turned_when_the_play_head_leaves_it(view: HistoryView) -> None:
    wheel(view, 0.0, 5)
    end_s = view.range.high_s
    view.show_it(recording(position_s=end_s - 0.01, playing=True))
    low_s = view.range.low_s
    view.show_it(recording(position_s=end_s + 0.1, playing=True))
    assert view.range.low_s > low_s
    assert view.range.low_s < end_s + 0.1 < view.range.high_s


def test_only_the_play_head_is_drawn_while_the_history_stays(view: HistoryView) -> None:
    view.grab()
    picture = view._drawn()
    view.show_it(recording(position_s=11.0))
    view.grab()
    assert view._drawn() is picture
    view.show_it(recording(covered_s=50.0))
    assert view._drawn() is not picture


def test_another_session_starts_with_the_whole(view: HistoryView) -> None:
    wheel(view, 30.0, 4)
    view.show_it(live(5.0))
    assert view.range.low_s == 0.0
    view.show_it(Shown())
    assert not view.grab().isNull()


def test_an_hour_is_reduced_to_the_pixels() -> None:
    times = np.arange(7200) / 2
    values = np.random.default_rng(0).dirichlet(np.ones(7), 7200).astype(np.float32)
    values[100:2000] = np.nan
    short, means = reduced(times, values, 0.0, 3600.0, 800)
    assert len(short) <= 802
    assert np.allclose(means[np.isfinite(means[:, 0])].sum(axis=1), 1, atol=1e-4)
    gap = (short > times[110]) & (short < times[1990])
    assert np.isnan(means[gap]).all()
    assert np.nanmean(means, axis=0) == pytest.approx(np.nanmean(values, axis=0), abs=0.01)


def test_the_mean_is_of_all_fusions() -> None:
    history = recording().history
    assert values_of(history, None)[-1, EMOTIONS.index("sad")] == pytest.approx(0.475)
    assert values_of(history, "self") is history.probabilities["self"]
    assert np.isnan(values_of(History(times_s=np.array([0.5])), None)).all()


def test_a_time_belongs_to_the_prediction_that_covers_it() -> None:
    times = np.array([0.5, 1.0, 5.0])
    assert index_at(times, 0.3, 0.5) == 0
    assert index_at(times, 1.0, 0.5) == 1
    assert index_at(times, 2.0, 0.5) is None
    assert index_at(times, 5.4, 0.5) == 2


def test_zooming_never_leaves_the_session() -> None:
    extent = HistoryRange()
    extent.set_extent(100.0, live=False)
    for _ in range(40):
        extent.zoom(99.0, 0.5)
    assert extent.high_s - extent.low_s == pytest.approx(2.0)
    extent.pan(1000)
    assert extent.high_s == pytest.approx(100.0)
    for _ in range(40):
        extent.zoom(99.0, 2.0)
    assert (extent.low_s, extent.high_s) == (0.0, 100.0)
    assert not extent.free
