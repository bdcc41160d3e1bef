"""Models with other classes, fewer modalities, or both kinds of attention, in every view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtGui import QPalette  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from demo.origin import Origin, Shares  # noqa: E402
from demo.running import Faithfulness, Running  # noqa: E402
from demo.shown import Emotion, History, Shown  # noqa: E402
from demo.theme import emotion_colour, palette_of  # noqa: E402
from demo.widgets.attention import AttentionView  # noqa: E402
from demo.widgets.compare import CompareView  # noqa: E402
from demo.widgets.crops import CropStrip  # noqa: E402
from demo.widgets.emotion import EmotionView  # noqa: E402
from demo.widgets.emotion_reading import read  # noqa: E402
from demo.widgets.faithfulness import full_text, short_text  # noqa: E402
from demo.widgets.history import HistoryView  # noqa: E402
from demo.widgets.history_area import values_of  # noqa: E402
from demo.widgets.origin import OriginView  # noqa: E402
from demo.widgets.picture import PictureView  # noqa: E402
from demo.widgets.words import WordsView  # noqa: E402
from engine.config import EMOTIONS, Fusion, Modality  # noqa: E402
from tests.demo.widgets.shown_samples import shown_sample  # noqa: E402

IEMOCAP = ("angry", "excited", "happy", "sad", "frustrated", "surprise", "neutral")
TWELVE = (
    "Wistful",
    "awe",
    "PTSD",
    "very_tired",
    "joy",
    "angry",
    "rage",
    "sadness",
    "a long name here",
    "9",
    "x",
    "calm",
)
ALL: tuple[Modality, ...] = ("audio", "video", "text")


def shown_of(
    labels: tuple[str, ...], uses: dict[Fusion, tuple[Modality, ...]], faithfulness: object = None, **changes: object
) -> Shown:
    """The sample as models of these classes and modalities would have it."""
    plain, rng = shown_sample(), np.random.default_rng(len(labels))
    running = Running(labels=labels, uses=uses, faithfulness=faithfulness or {})  # type: ignore[arg-type]
    shares = {fusion: rng.dirichlet(np.ones(len(labels))).astype(np.float32) for fusion in uses}
    emotion = Emotion(
        certainty="current", probabilities=shares, present=ALL, used=running.used, labels=labels, pts_s=14.5
    )
    table = {fusion: rng.dirichlet(np.ones(len(labels)), 40).astype(np.float32) for fusion in uses}
    history = History(version=9, times_s=np.arange(1, 41) / 2, probabilities=table, labels=labels, covered=((0, 20),))
    every = [one for maps in plain.attention.maps.values() for one in maps]
    kinds = {"self": (True,), "cross": (False,), "cross+self": (True, False)}
    maps = {
        fusion: tuple(
            one
            for same in kinds[fusion]
            for one in every
            if (one.target == one.source) is same and {one.target, one.source} <= set(used)
        )
        for fusion, used in uses.items()
    }
    parts = {
        fusion: Shares(top=labels[-1], with_all=0.6, with_none=0.6 - 0.1 * len(used), shares=dict.fromkeys(used, 0.1))
        for fusion, used in uses.items()
    }
    shown = replace(
        plain,
        running=running,
        emotion=emotion,
        history=history,
        attention=replace(plain.attention, maps=maps),
        origin=Origin(pts_s=14.5, shares=parts),
    )
    return replace(shown, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("labels", [TWELVE[:2], IEMOCAP, TWELVE], ids=len)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "view", [EmotionView, CompareView, HistoryView, OriginView, AttentionView], ids=lambda one: one.__name__
)
def test_every_view_draws_any_classes_in_their_own_colours(
    qtbot: QtBot, view: type[QWidget], labels: tuple[str, ...], dark: bool
) -> None:
    one = view()
    qtbot.addWidget(one)
    one.setPalette(palette_of(dark=dark))
    one.resize(420, 380)
    one.show_it(shown_of(labels, {"self": ALL, "cross": ALL}))  # type: ignore[attr-defined]
    one.show()
    image = one.grab().toImage()
    colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert len(colours) > 8
    if view in (EmotionView, CompareView, HistoryView):
        assert {emotion_colour(name, labels).rgb() for name in labels} <= colours


@pytest.mark.parametrize("count", range(2, 13))
def test_colours_of_classes_differ_and_those_of_the_seven_stay(count: int) -> None:
    labels = TWELVE[:count]
    assert len({emotion_colour(name, labels).name() for name in labels}) == count
    if "angry" in labels:
        assert emotion_colour("angry", labels) == emotion_colour("anger")
    assert len({emotion_colour(name, IEMOCAP).name() for name in IEMOCAP}) == 7
    assert [emotion_colour(name).name() for name in EMOTIONS] == [
        emotion_colour(name, EMOTIONS[::-1]).name() for name in EMOTIONS
    ]


def test_names_are_words_of_the_language_or_as_they_are_written() -> None:
    shown = shown_of(TWELVE, {"self": ALL})
    sentence = read(shown, "mean").sentence
    for name in ("wistful", "PTSD", "very tired", "a long name here"):
        assert f"{name} " in sentence


@pytest.mark.usefixtures("chinese")
def test_known_classes_are_translated() -> None:
    sentence = read(shown_of(("ang", "Frustrated", "exc", "zzz"), {"self": ALL}), "mean").sentence
    for name in ("愤怒", "沮丧", "兴奋", "zzz"):
        assert name in sentence


def test_what_a_model_does_not_use_is_said_everywhere(qtbot: QtBot) -> None:
    shown = shown_of(IEMOCAP, {"self": ("audio",)})
    shown = replace(shown, picture=replace(shown.picture, box=None, crops=()))
    crops, words, picture, origin = CropStrip(), WordsView(), PictureView(), OriginView()
    for view in (crops, words, picture, origin):
        qtbot.addWidget(view)
        view.show_it(shown)
        view.show()
    assert [chip.presence for chip in read(shown, "mean").chips] == ["unused", "present", "unused"]
    assert "not used" in crops.message
    assert picture.message == ""
    assert [origin.buttons[name].isHidden() for name in ALL] == [False, True, True]
    assert "do not use the face and the words" in origin.headline.text()
    words.caption.grab()
    nothing = replace(shown, emotion=replace(shown.emotion, certainty="nothing", probabilities={}, present=()))
    assert read(nothing, "mean").headline == "Nothing to go by: no voice"


def test_shares_of_a_model_that_does_not_use_what_another_does(qtbot: QtBot) -> None:
    view = OriginView()
    qtbot.addWidget(view)
    view.show_it(shown_of(IEMOCAP, {"self": ("audio",), "cross": ("audio", "text")}))
    view.resize(500, 300)
    view.show()
    view.grab()
    assert "video" not in view.charts["cross"].accessibleDescription()
    assert not view.buttons["text"].isHidden() and view.buttons["video"].isHidden()


def test_the_maps_of_one_model_with_both_kinds_can_all_be_chosen(qtbot: QtBot) -> None:
    view = AttentionView()
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    view.show_it(shown_of(IEMOCAP, {"cross+self": ALL}))
    assert view.choice.block == ("cross+self", "text", "video")
    assert view.choice.blocks.count() == 9
    assert all(button.isHidden() for button in view.choice.fusions.values())
    for row in range(3):
        for column in range(3):
            view.overview._choose(row, column)
            assert view.choice.block == ("cross+self", ALL[row], ALL[column])
            assert view.canvas.message == ""
    view.show_it(shown_of(IEMOCAP, {"self": ALL, "cross": ALL, "cross+self": ALL}))
    assert not any(button.isHidden() for button in view.choice.fusions.values())
    view.show_it(shown_of(IEMOCAP, {"self": ALL, "cross": ALL}))
    assert view.choice.block[0] == "self" and view.choice.fusions["cross+self"].isHidden()


def test_only_maps_that_the_models_have_are_offered(qtbot: QtBot) -> None:
    view = AttentionView()
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    view.show_it(shown_of(IEMOCAP, {"cross": ("audio", "text")}))
    assert view.choice.block == ("cross", "audio", "text") and view.choice.blocks.count() == 2
    view.overview._choose(1, 0)
    assert view.choice.block == ("cross", "text", "audio")
    view.overview._choose(0, 0)
    assert view.choice.block == ("cross", "text", "audio")
    view.overview.grab()


def test_compare_takes_the_two_that_run(qtbot: QtBot) -> None:
    view = CompareView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    shown = shown_of(IEMOCAP, {"cross": ALL, "cross+self": ALL})
    view.show_it(shown)
    view.grab()
    assert "cross- and self-attention" in view.plot.accessibleDescription()
    assert "alike" in view.strip.reading(5.0) and "self" not in view.strip.reading(5.0)
    assert view.plot._missing() is None
    view.show_it(shown_of(IEMOCAP, {"self": ALL}))
    missing = view.plot._missing()
    assert missing is not None and "Only one model" in missing[0]
    only = replace(shown.emotion, probabilities={"cross": shown.emotion.probabilities["cross"]})
    view.show_it(replace(shown, emotion=only))
    missing = view.plot._missing()
    assert missing is not None and "both models use" in missing[1]


def test_the_mean_is_of_the_models_that_answered() -> None:
    first = np.array([[0.5, 0.5], [np.nan, np.nan], [np.nan, np.nan]], np.float32)
    second = np.array([[1.0, 0.0], [0.2, 0.8], [np.nan, np.nan]], np.float32)
    history = History(times_s=np.arange(3.0), probabilities={"self": first, "cross": second}, labels=("a", "b"))
    np.testing.assert_allclose(values_of(history, None), [[0.75, 0.25], [0.2, 0.8], [np.nan, np.nan]], rtol=1e-6)


CURVES = {"fractions": (0.0, 0.5, 1.0), "deletion": (0.6, 0.3, 0.2), "deletion_random": (0.6, 0.5, 0.2)}


def test_how_faithful_a_map_is_is_said_of_the_chosen_one(qtbot: QtBot) -> None:
    faithful = Faithfulness(gain=0.06, interval=(0.04, 0.08), n=500, insertion_gain=0.05, **CURVES)
    view = AttentionView()
    qtbot.addWidget(view)
    view.resize(600, 600)
    view.show()
    measured = {"cross": {("text", "video"): faithful}}
    view.show_it(shown_of(IEMOCAP, {"self": ALL, "cross": ALL}, measured))
    view.choice.choose(("cross", "text", "video"))
    line = view.faithfulness
    assert line.label.text().startswith("Faithful: hiding what such maps look at most lowers the answer by 0.06 more")
    assert "(95 % interval 0.04 to 0.08, n\u00a0=\u00a0500)" in line.label.text()
    assert not line.curves.isHidden()
    assert "Deletion hides" in line.toolTip() and "insertion 0.05" in line.toolTip()
    line.grab()
    view.choice.choose(("cross", "audio", "video"))
    assert "was not measured for this model" in line.label.text() and line.curves.isHidden()
    view.choice.choose(("cross", "text", "video"))
    view.resize(600, 260)
    qtbot.waitUntil(lambda: line.label.text() == "Faithful by 0.06 (0.04 to 0.08)")
    view.setPalette(palette_of(dark=True))
    assert line.label.palette().color(QPalette.ColorRole.WindowText).lightness() > 120
    view.show_it(Shown())
    assert line.isHidden()


def test_what_is_not_faithful_is_not_called_so() -> None:
    not_shown = Faithfulness(gain=0.004, interval=(-0.012, 0.02), n=80)
    assert full_text(not_shown).startswith("Not shown to matter") and "0.004" in full_text(not_shown)
    assert "(\N{MINUS SIGN}0.01 to 0.02" in full_text(not_shown)
    misleading = Faithfulness(gain=-0.03, interval=(-0.05, -0.01), n=80)
    assert full_text(misleading).startswith("Misleading") and "by 0.03 less" in full_text(misleading)
    assert "0.01 to 0.05" in full_text(misleading)
    assert short_text(misleading).startswith("Misleading by \N{MINUS SIGN}0.03")
    assert full_text(Faithfulness(gain=0.0, interval=(0.0, 0.0), n=1)).startswith("Not shown to matter")


@pytest.mark.usefixtures("chinese")
def test_faithfulness_in_chinese() -> None:
    for interval in ((0.04, 0.08), (-0.01, 0.01), (-0.2, -0.1)):
        one = Faithfulness(gain=sum(interval) / 2, interval=interval, n=500)
        assert "95 %" in full_text(one) and "hiding" not in full_text(one) and "by" not in short_text(one)
