"""The attention view: what a person sees, reads and clicks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QPointF, Qt  # noqa: E402
from PySide6.QtGui import QColor  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from demo.shown import Shown  # noqa: E402
from demo.theme import palette_of  # noqa: E402
from demo.widgets.attention import AttentionView  # noqa: E402
from demo.widgets.attention_axis import Axis, cell_edges, fitting, spread, ticks  # noqa: E402
from demo.widgets.attention_choice import BLOCKS  # noqa: E402
from demo.widgets.attention_heat import grounded_heat  # noqa: E402
from engine.types import AttentionMap, Word  # noqa: E402
from tests.demo.widgets.shown_samples import attention_sample, emotion_sample, shown_sample  # noqa: E402


@pytest.fixture
def view(qtbot: QtBot) -> AttentionView:
    one = AttentionView()
    qtbot.addWidget(one)
    one.resize(700, 500)
    one.show()
    one.show_it(shown_sample())
    return one


def chosen(view: AttentionView) -> AttentionMap:
    fusion, target, source = view.choice.block
    maps = shown_sample().attention.maps[fusion]
    return next(one for one in maps if (one.target, one.source) == (target, source))


@pytest.mark.parametrize("block", [*BLOCKS["self"], *BLOCKS["cross"]])
@pytest.mark.parametrize("size", [(300, 250), (1000, 700)])
def test_every_map_is_drawn_at_every_size(
    view: AttentionView, block: tuple[str, str, str], size: tuple[int, int]
) -> None:
    view.resize(*size)
    view.choice.choose(block)  # type: ignore[arg-type]
    image = view.canvas.grab().toImage()
    colours = {image.pixelColor(x, y).rgb() for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}
    assert len(colours) > 8
    assert view.sentence.text().startswith(("While", "It looked"))


def test_six_cross_pairs_and_three_of_self(view: AttentionView) -> None:
    view.choice.fusions["cross"].click()
    assert view.choice.blocks.count() == 6
    view.choice.fusions["self"].click()
    assert view.choice.blocks.count() == 3
    assert "looks at itself" in view.choice.blocks.itemText(0)


def test_choosing_a_fusion_is_told_once_and_remembers_the_block(view: AttentionView, qtbot: QtBot) -> None:
    view.choice.choose(("cross", "audio", "text"))
    with qtbot.waitSignal(view.fusion_chosen) as told:
        view.choice.fusions["self"].click()
    assert told.args == ["self"]
    view.choice.fusions["cross"].click()
    assert view.choice.block == ("cross", "audio", "text")
    view.setFusion("self")
    assert view.choice.block[0] == "self"


def test_the_choice_is_kept_while_predictions_change(view: AttentionView) -> None:
    view.choice.choose(("cross", "video", "audio"))
    view.choice.heads.setCurrentIndex(3)
    view.show_it(shown_sample(15.5))
    assert view.choice.block == ("cross", "video", "audio")
    assert view.choice.head == 2


def test_a_click_seeks_to_the_source_and_with_shift_to_the_target(view: AttentionView, qtbot: QtBot) -> None:
    view.choice.choose(("cross", "text", "audio"))
    one, canvas = chosen(view), view.canvas
    row, column = 1, len(one.source_times_s) // 2
    point = canvas.cell_centre(row, column).toPoint()
    with qtbot.waitSignal(view.seek_wanted) as told:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=point)
    assert told.args == [pytest.approx(one.source_times_s[column], abs=0.1)]
    with qtbot.waitSignal(view.seek_wanted) as told:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, point)
    assert told.args == [pytest.approx(one.target_times_s[row])]


def test_hovering_reads_the_exact_pair(view: AttentionView, qtbot: QtBot) -> None:
    view.choice.choose(("cross", "video", "text"))
    one, canvas = chosen(view), view.canvas
    qtbot.mouseMove(canvas, canvas.cell_centre(2, 1).toPoint())
    gaze = canvas.gaze()
    assert gaze is not None
    assert canvas.cell == (2, 1)
    assert gaze.weight == pytest.approx(float(one.weights[:, 2, 1].mean()), rel=1e-5)
    assert gaze.evenly == pytest.approx(1 / one.weights.shape[2])
    assert gaze.source_word == shown_sample().attention.words[1].text
    assert "even share" in canvas.accessibleDescription()
    view.choice.heads.setCurrentIndex(4)
    after = canvas.gaze()
    assert after is not None
    assert after.weight == pytest.approx(float(one.weights[3, 2, 1]))


def test_the_keyboard_moves_the_crosshair_and_seeks(view: AttentionView, qtbot: QtBot) -> None:
    view.choice.choose(("self", "text", "text"))
    one, canvas = chosen(view), view.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    start = canvas.cell
    assert start == tuple(np.unravel_index(one.weights.mean(0).argmax(), one.weights.shape[1:]))
    for _ in range(len(one.source_times_s) + 1):
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.cell == (min(start[0] + 1, len(one.target_times_s) - 1), 0)
    with qtbot.waitSignal(view.seek_wanted) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert told.args == [pytest.approx(one.source_times_s[0])]
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.cell is None


def test_missing_maps_say_what_is_missing(view: AttentionView) -> None:
    view.choice.choose(("cross", "audio", "video"))
    without = attention_sample(video=False)
    view.show_it(replace(shown_sample(), attention=without))
    assert "No face" in view.canvas.message
    muted = replace(emotion_sample(), muted=frozenset({"video"}))
    view.show_it(replace(shown_sample(), attention=without, emotion=muted))
    assert "face is muted" in view.canvas.message
    view.show_it(replace(shown_sample(), attention=replace(without, pts_s=None, maps={})))
    assert "No face, voice or words" in view.canvas.message
    view.show_it(replace(shown_sample(), ready=False, attention=replace(without, pts_s=None, maps={})))
    assert "loading" in view.canvas.message
    view.show_it(Shown())
    assert "Open a recording" in view.canvas.message
    only_self = replace(shown_sample().attention, maps={"self": shown_sample().attention.maps["self"]})
    view.show_it(replace(shown_sample(), attention=only_self))
    assert "cross-attention is not running" in view.canvas.message
    assert not view.choice.fusions["cross"].isEnabled()
    assert view.sentence.isHidden()


def test_back_projected_and_old_maps_say_so(view: AttentionView) -> None:
    shown = shown_sample()
    assert view.note.isHidden()
    maps = {
        fusion: tuple(replace(one, back_projected=True) for one in some)
        for fusion, some in shown.attention.maps.items()
    }
    view.show_it(replace(shown, attention=replace(shown.attention, maps=maps)))
    assert "Back-projected" in view.note.text()
    view.show_it(replace(shown, emotion=replace(shown.emotion, certainty="stale")))
    assert "Not current" in view.note.text()


def test_maps_of_before_a_seek_are_pale_without_a_word(view: AttentionView) -> None:
    shown = shown_sample()
    view.show_it(replace(shown, emotion=replace(shown.emotion, pts_s=shown.emotion.pts_s - 10)))
    look = view.canvas._look
    assert look is not None and not look.current and view.note.isHidden()


def test_the_overview_chooses_a_map(view: AttentionView, qtbot: QtBot) -> None:
    view.resize(1100, 700)
    qtbot.waitUntil(view.overview.isVisible)
    spot = view.overview.cell(0, 1).center().toPoint()
    qtbot.mouseClick(view.overview, Qt.MouseButton.LeftButton, pos=spot)
    assert view.choice.block == ("cross", "audio", "video")
    qtbot.keyClick(view.overview, Qt.Key.Key_Left)
    assert view.choice.block == ("self", "audio", "audio")
    view.resize(300, 250)
    qtbot.waitUntil(view.overview.isHidden)


def test_the_same_state_is_not_drawn_again(view: AttentionView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = shown_sample()
    view.show_it(shown)
    seen: list[object] = []
    monkeypatch.setattr(view.canvas, "show_look", lambda *_: seen.append(1))
    view.show_it(replace(shown, transport=replace(shown.transport, position_s=99.0)))
    assert not seen


@pytest.mark.parametrize("dark", [True, False])
def test_nothing_is_the_ground_and_the_most_is_not(dark: bool) -> None:
    ground = palette_of(dark=dark).window().color()
    image = grounded_heat(np.array([[0.0, 0.5, 1.0]], np.float32), ground)
    assert image.pixelColor(0, 0) == ground
    far = [abs(QColor(image.pixelColor(x, 0)).lightness() - ground.lightness()) for x in range(3)]
    assert far[2] > far[1] > far[0]


def test_words_lie_where_they_were_spoken() -> None:
    words = tuple(
        Word(text=str(k), start_s=a, end_s=b, confidence=1.0, final=True)
        for k, (a, b) in enumerate([(1.0, 1.5), (1.4, 2.0), (3.0, 3.0)])
    )
    starts, ends = cell_edges("text", np.array([1.25, 1.7, 3.0]), words)
    assert starts.tolist() == [1.0, 1.4, 3.0]
    assert ends.tolist() == [1.4, 2.0, pytest.approx(3.06)]
    axis = Axis("text", np.array([1.25, 1.7, 3.0]), starts, ends, (1.0, 4.0), 0.0, 300.0)
    assert axis.at(10) == 0
    assert axis.at(150) is None
    assert axis.lookup(3).tolist() == [1, 3, 3]
    assert axis.seconds(axis.pixel(2.2)) == pytest.approx(2.2)


def test_labels_do_not_overlap_and_stay_inside() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        centres = np.sort(rng.uniform(0, 300, 12))
        sizes = rng.uniform(5, 24, 12)
        places = spread(centres, sizes, 0, 300)
        assert (np.diff(places) >= (sizes[1:] + sizes[:-1]) / 2 - 1e-6).all()
        assert places[0] - sizes[0] / 2 >= -1e-6
        assert places[-1] + sizes[-1] / 2 <= 300 + 1e-6
    assert fitting(np.full(5, 10.0), np.arange(5.0), 30).tolist() == [2, 3, 4]


def test_ticks_are_round_and_few() -> None:
    assert ticks(0.34, 4.1, 4) == [1.0, 2.0, 3.0, 4.0]
    assert len(ticks(0.0, 7200.0, 6)) <= 7


def test_one_position_is_drawn_and_said(view: AttentionView) -> None:
    one = AttentionMap(
        target="audio",
        source="audio",
        weights=np.ones((6, 1, 1), np.float32),
        target_times_s=np.array([0.5]),
        source_times_s=np.array([0.5]),
    )
    shown = shown_sample()
    view.show_it(replace(shown, attention=replace(shown.attention, maps={"self": (one,)}, words=(), crops=())))
    view.choice.choose(("self", "audio", "audio"))
    assert not view.canvas.grab().isNull()
    assert "only one place" in view.sentence.text()
    assert view.canvas.cell_centre(0, 0) != QPointF()
