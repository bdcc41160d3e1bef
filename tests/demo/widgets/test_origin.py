"""Contributions: waterfall, words and mute buttons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import Qt  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from demo.origin import Origin, Shares  # noqa: E402
from demo.shown import Shown  # noqa: E402
from demo.widgets.origin import OriginView  # noqa: E402
from demo.widgets.origin_text import origin_lines, origin_sentence, points, without_sentence  # noqa: E402
from engine.config import Modality  # noqa: E402
from tests.demo.widgets.shown_samples import shown_sample  # noqa: E402


def shares(audio: float, video: float, text: float, *, top: str = "happy", base: float = 0.12) -> Shares:
    every: dict[Modality, float] = {"audio": audio, "video": video, "text": text}
    return Shares(top=top, with_none=base, with_all=base + audio + video + text, shares=every)


def shown_with(*, muted: frozenset[Modality] = frozenset(), **fusions: Shares) -> Shown:
    shown = shown_sample()
    origin = Origin(pts_s=1.0, shares=fusions, muted=muted)  # type: ignore[arg-type]
    return replace(shown, origin=origin, emotion=replace(shown.emotion, muted=muted))


@pytest.fixture
def view(qtbot: QtBot) -> OriginView:
    one = OriginView()
    qtbot.addWidget(one)
    one.resize(640, 280)
    one.show()
    one.show_it(shown_with(self=shares(-0.05, 0.6, 0.04), cross=shares(0.0, 0.5, 0.1)))
    return one


def test_mostly_one_modality() -> None:
    said = origin_sentence(shares(-0.05, 0.6, 0.04))
    assert said == "Mostly the face: happy went from 12 % to 71 %, and the face made 60 points of that."


def test_several_together() -> None:
    said = "From the face and the voice together: happy went from 12 % to 62 %."
    assert origin_sentence(shares(0.22, 0.28, 0.0)) == said


def test_nothing_raised_it() -> None:
    assert (
        origin_sentence(shares(0.0, -0.02, 0.01))
        == "Nothing here raised happy: it is at 11 %, and at 12 % without anything."
    )


def test_both_models_are_told_of_at_once_where_they_agree() -> None:
    lines = origin_lines({"self": shares(0.0, 0.6, 0.0), "cross": shares(0.0, 0.4, 0.0)})
    assert lines == [(None, "Mostly the face: happy went from 12 % to 62 %, and the face made 50 points of that.")]
    lines = origin_lines({"self": shares(0.0, 0.6, 0.0), "cross": shares(0.0, 0.0, 0.4, top="sad")})
    assert [fusion for fusion, _ in lines] == ["self", "cross"]
    assert "Mostly the words: sad" in lines[1][1]


def test_signed_points() -> None:
    assert [points(one) for one in (0.524, -0.081, 0.001, -0.001)] == ["+52", "\N{MINUS SIGN}8", "0", "0"]


def test_what_is_muted_is_said() -> None:
    assert without_sentence(set()) == ""
    assert without_sentence({"video"}) == "Without the face"
    assert without_sentence({"text", "video", "audio"}) == "Without the face, the voice and the words"


def test_the_view_says_where_it_comes_from(view: OriginView) -> None:
    assert "Mostly the face" in view.headline.text()
    assert view.charts["self"].isVisible()
    assert "happy 71 %" in view.charts["self"].accessibleDescription()
    assert "face +60" in view.charts["self"].accessibleDescription()


def test_only_one_model_runs(view: OriginView) -> None:
    view.show_it(shown_with(cross=shares(0.0, 0.5, 0.1)))
    assert view.charts["self"].isHidden()
    assert view.charts["cross"].isVisible()


def test_a_button_mutes(view: OriginView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.mute_changed) as told:
        view.buttons["video"].click()
    assert told.args == ["video", True]
    with qtbot.waitSignal(view.mute_changed) as told:
        view.buttons["video"].click()
    assert told.args == ["video", False]


@pytest.mark.parametrize(("key", "modality"), [("F", "video"), ("V", "audio"), ("W", "text")])
def test_keys_mute(view: OriginView, qtbot: QtBot, key: str, modality: Modality) -> None:
    view.activateWindow()
    view.buttons["video"].setFocus()
    qtbot.waitUntil(view.buttons["video"].hasFocus)
    with qtbot.waitSignal(view.mute_changed) as told:
        qtbot.keyClick(view.buttons["video"], Qt.Key(ord(key)))
    assert told.args == [modality, True]


def test_muted_modalities_are_struck_out(view: OriginView) -> None:
    before = view.grab().toImage()
    view.show_it(shown_with(muted=frozenset({"video"}), self=shares(0.3, 0.0, 0.04)))
    button = view.buttons["video"]
    assert button.isChecked()
    assert button.font().strikeOut()
    assert not view.buttons["audio"].font().strikeOut()
    assert "Without the face" in view.headline.text()
    assert view.grab().toImage() != before
    view.show_it(shown_with(self=shares(0.3, 0.2, 0.04)))
    assert not button.isChecked()
    assert not button.font().strikeOut()


def test_a_refused_mute_does_not_stay(view: OriginView) -> None:
    shown = shown_with(self=shares(0.3, 0.2, 0.04))
    view.show_it(shown)
    view.buttons["audio"].click()
    view.show_it(shown)
    assert not view.buttons["audio"].isChecked()


def test_everything_muted_can_be_undone(view: OriginView) -> None:
    every: frozenset[Modality] = frozenset({"audio", "video", "text"})
    view.show_it(shown_with(muted=every))
    assert "Without the face, the voice and the words" in view.headline.text()
    assert all(one.isVisible() and one.isEnabled() for one in view.buttons.values())


def test_empty_states(view: OriginView) -> None:
    view.show_it(Shown())
    assert "Open a recording" in view.headline.text()
    assert not any(chart.isVisible() for chart in view.charts.values())
    view.show_it(replace(shown_with(), ready=False))
    assert "loading" in view.headline.text()
    view.show_it(shown_with())
    assert "neither face nor voice" in view.headline.text()


def test_every_button_can_be_found_and_explained(view: OriginView) -> None:
    for button in view.buttons.values():
        assert button.accessibleName().startswith("Mute ")
        assert "What if" in button.toolTip()
