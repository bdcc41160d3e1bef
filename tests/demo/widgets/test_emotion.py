"""The distribution: what it says, and that it says nothing that does not hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QCoreApplication, QTranslator  # noqa: E402
from PySide6.QtGui import QFont, QFontMetricsF  # noqa: E402

from demo.names import name_of  # noqa: E402
from demo.shown import Emotion, Shown  # noqa: E402
from demo.widgets.emotion import EmotionView  # noqa: E402
from demo.widgets.emotion_bars import bar_font  # noqa: E402
from demo.widgets.emotion_reading import bar_text, every_headline, read  # noqa: E402
from engine.config import EMOTIONS  # noqa: E402
from tests.demo.widgets.shown_samples import emotion_sample  # noqa: E402

CHINESE = dict(zip(EMOTIONS, ("愤怒", "厌恶", "恐惧", "高兴", "平静", "悲伤", "惊讶"), strict=True))


def shown(emotion: Emotion, ready: bool = True) -> Shown:
    return Shown(kind="file", ready=ready, emotion=emotion)


@pytest.fixture
def view(qtbot, monkeypatch):
    monkeypatch.setenv("ATTUNE_REDUCED_MOTION", "1")
    view = EmotionView()
    qtbot.addWidget(view)
    view.resize(300, 320)
    view.show()
    return view


def test_top_emotion_and_its_probability(view):
    view.show_it(shown(emotion_sample(top="happy", share=0.72)))
    reading = view.reading
    assert (reading.headline, reading.figure, reading.detail) == ("happy", "68 %", "mean of both models")
    assert reading.current
    assert view.bars[EMOTIONS.index("happy")] == pytest.approx(0.684)
    assert view.accessibleDescription().startswith("happy 68 %")


def test_one_model_or_the_mean(view):
    view.show_it(shown(emotion_sample(top="sad", share=0.8)))
    view.setFusion("self")
    assert (view.reading.figure, view.reading.detail) == ("80 %", "self-attention")
    view.setFusion("cross")
    assert (view.reading.figure, view.reading.detail) == ("72 %", "cross-attention")
    view.setFusion("mean")
    assert view.reading.figure == "76 %"


def test_model_that_does_not_run_shows_nothing(view):
    emotion = emotion_sample()
    view.show_it(shown(replace(emotion, probabilities={"self": emotion.probabilities["self"]})))
    assert view.reading.detail == "self-attention"
    view.setFusion("cross")
    assert view.reading.headline == "cross-attention does not run"
    assert not view.reading.current
    assert not any(view.bars)


def test_unsure_below_the_threshold_of_the_model(view):
    view.setFusion("self")
    view.show_it(shown(emotion_sample(top="fear", share=0.49)))
    assert view.reading.headline == "unsure"
    assert view.reading.detail == "at most 49 % (fear)"
    assert view.reading.top is None
    view.show_it(shown(emotion_sample(top="fear", share=0.51)))
    assert view.reading.headline == "fear"


@pytest.mark.parametrize(
    ("emotion", "ready", "headline"),
    [
        (Emotion(), False, "The models are being loaded"),
        (Emotion(), True, "Waiting for the first prediction"),
        (emotion_sample("nothing"), True, "Nothing to see or hear"),
        (emotion_sample("behind"), True, "Computing is catching up, about 2 s"),
        (replace(emotion_sample("behind"), waiting_s=0.0), True, "Computing is catching up"),
        (emotion_sample("stale"), True, "The input has stopped; this is the last answer"),
    ],
)
def test_grey_and_a_reason_when_it_does_not_hold(view, emotion, ready, headline):
    view.show_it(shown(emotion, ready))
    assert view.reading.headline == headline
    assert view.reading.figure == ""
    assert not view.reading.current
    picture = view.grab().toImage()
    modality_colours = range(96)  # the pills above may have a little colour
    for y in range(len(modality_colours) + 60, picture.height(), 4):
        for x in range(80, 240, 4):
            colour = picture.pixelColor(x, y)
            assert max(colour.getRgb()[:3]) - min(colour.getRgb()[:3]) < 16


def test_without_a_session_it_says_how_to_begin(view):
    view.show_it(Shown())
    assert view.reading.headline == "Open a recording or go live"


def test_modalities_present_missing_and_muted(view):
    emotion = replace(emotion_sample(), present=("video", "text"), muted=frozenset({"text"}))
    view.show_it(shown(emotion))
    chips = [(one.modality, one.presence, one.text) for one in view.reading.chips]
    assert chips == [("video", "present", "face"), ("audio", "missing", "no voice"), ("text", "muted", "words muted")]
    assert "no voice" in view.accessibleDescription()


def test_bars_move_when_motion_is_wanted(view, qtbot, monkeypatch):
    monkeypatch.delenv("ATTUNE_REDUCED_MOTION")
    monkeypatch.setattr("demo.widgets.emotion.moves", lambda: True)
    view.show_it(shown(emotion_sample(top="happy")))
    view.show_it(shown(emotion_sample(top="sad")))
    at = EMOTIONS.index("sad")
    assert view.bars[at] < view.reading.probabilities[at]
    qtbot.waitUntil(lambda: view.bars == pytest.approx(view.reading.probabilities))


def test_bars_stand_still_when_it_is_not_wanted(view):
    view.show_it(shown(emotion_sample(top="happy")))
    view.show_it(shown(emotion_sample(top="sad")))
    assert view.bars == view.reading.probabilities


def test_same_distribution_is_not_painted_again(view, monkeypatch):
    emotion = emotion_sample()
    view.show_it(shown(emotion))
    monkeypatch.setattr(view, "update", lambda *_: pytest.fail("painted again"))
    view.show_it(shown(emotion))
    view.show_it(shown(replace(emotion, pts_s=99.0)))


def test_hover_text_has_every_model():
    text = bar_text(emotion_sample(top="happy", share=0.72), "happy")
    assert text == "happy: 68 %\nself-attention: 72 %\ncross-attention: 65 %"
    assert bar_text(Emotion(), "happy") == "happy"


class _Chinese(QTranslator):
    def translate(self, context, source, disambiguation=None, n=-1):
        return CHINESE.get(source, source)

    def isEmpty(self):
        return False


@pytest.fixture
def chinese(qapp):
    translator = _Chinese()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.mark.parametrize("scale", [1.0, 3.0])
@pytest.mark.parametrize("width", [220, 300, 900])
def test_names_are_never_cut_off(view, width, scale):
    font = QFont(view.font())
    font.setPointSizeF(font.pointSizeF() * scale)
    view.setFont(font)
    view.resize(width, 320)
    head, bars = view._areas()
    large = QFontMetricsF(view._large_font(head.width()))
    assert max(large.horizontalAdvance(one) for one in every_headline()) < head.width()
    names = [name_of(one) for one in EMOTIONS]
    small = QFontMetricsF(bar_font(view, names, bars.width(), bars.height() / 7))
    assert max(small.horizontalAdvance(one) for one in names) < 0.6 * bars.width()
    view.grab()


@pytest.mark.usefixtures("chinese")
def test_chinese_names(view):
    view.show_it(shown(emotion_sample(top="surprise", share=0.9)))
    assert view.reading.headline == "惊讶"
    test_names_are_never_cut_off(view, 220, 1.0)


def test_large_type_in_a_small_place_leaves_room_for_the_bars(view):
    font = QFont(view.font())
    font.setPointSizeF(font.pointSizeF() * 2.5)
    view.setFont(font)
    view.resize(220, 280)
    for emotion in (emotion_sample(), emotion_sample("behind"), emotion_sample("nothing")):
        view.show_it(shown(emotion))
        _, bars = view._areas()
        assert bars.height() > 80


def test_reading_needs_no_widget():
    assert read(shown(emotion_sample(top="anger", share=0.9)), "mean").top == "anger"
