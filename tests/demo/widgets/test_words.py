"""The transcript: what it says, how it follows, and how a word is chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QPoint, Qt  # noqa: E402
from PySide6.QtGui import QFont, QTextCursor  # noqa: E402

from demo.shown import Emotion, LoadStep, Shown, Voice, Words  # noqa: E402
from demo.widgets.words import WordsView  # noqa: E402
from tests.demo.widgets.shown_samples import long_words_sample, words_sample  # noqa: E402


def shown(words: Words, **parts) -> Shown:
    return Shown(kind="file", ready=True, words=words, voice=Voice(microphone=True), **parts)


@pytest.fixture
def view(qtbot):
    view = WordsView()
    qtbot.addWidget(view)
    view.resize(380, 220)
    view.show()
    return view


def lines(view: WordsView) -> list[str]:
    return view.page.toPlainText().split("\n")


def test_utterances_are_paragraphs(view):
    view.show_it(shown(words_sample(14.5)))
    assert lines(view) == [
        "Hello, this is a short test of the camera and the microphone.",
        "My best friend moved away and I miss her.",
        "You lied to me, I am so",
    ]


def test_partial_words_are_lighter_and_in_italics(view):
    view.show_it(shown(words_sample(14.5)))
    cursor = view.page.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    partial = cursor.charFormat()
    cursor.movePosition(QTextCursor.MoveOperation.Start)
    cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)
    final = cursor.charFormat()
    assert partial.fontItalic()
    assert not final.fontItalic()
    assert partial.foreground().color() != final.foreground().color()
    view.show_it(shown(words_sample(17.5)))
    cursor.movePosition(QTextCursor.MoveOperation.End)
    assert not cursor.charFormat().fontItalic()


def test_words_come_and_change_and_go(view):
    for position_s in (0.5, 3.0, 7.0, 14.5, 20.0, 8.0, 0.4):
        words = words_sample(position_s)
        view.show_it(shown(words))
        assert lines(view) == [one.text for one in words.utterances if one.words]
    view.show_it(shown(Words()))
    assert lines(view) == [""]


def test_recogniser_may_correct_a_word_in_the_middle(view):
    words = words_sample(7.9)
    view.show_it(shown(words))
    last = words.utterances[-1]
    corrected = tuple(replace(one, text="worst") if one.text == "best" else one for one in last.words)
    view.show_it(shown(replace(words, utterances=(*words.utterances[:-1], replace(last, words=corrected)))))
    assert lines(view)[1].startswith("My worst friend")


def test_only_what_changed_is_written(view):
    words = words_sample(14.5)
    view.show_it(shown(words))
    written = []
    view.page.document().contentsChange.connect(lambda at, removed, added: written.append((removed, added)))
    view.show_it(shown(replace(words, weights={})))
    assert written == []
    view.show_it(shown(words_sample(14.9)))  # one word more
    assert sum(added for _, added in written) < 20


def test_selection_stays_while_words_come(view):
    view.show_it(shown(words_sample(13.0)))
    cursor = view.page.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(5, QTextCursor.MoveMode.KeepAnchor)
    view.page.setTextCursor(cursor)
    view.show_it(shown(words_sample(14.5)))
    assert view.page.textCursor().selectedText() == "Hello"
    assert view.page.createMimeDataFromSelection().text() == "Hello"


def test_click_on_a_word_seeks(view, qtbot):
    words = words_sample(14.5)
    view.show_it(shown(words))
    word = words.utterances[1].words[2]
    place = view.page.place_of(word)
    assert view.page.word_at(place.center()) == word
    with qtbot.waitSignal(view.seek_wanted) as caught:
        qtbot.mouseClick(view.page.viewport(), Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert caught.args == [word.start_s]
    with qtbot.assertNotEmitted(view.seek_wanted):
        qtbot.mouseClick(view.page.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 3))


def test_enter_seeks_to_the_word_at_the_caret(view, qtbot):
    words = words_sample(14.5)
    view.show_it(shown(words))
    cursor = view.page.textCursor()
    cursor.setPosition(8)
    view.page.setTextCursor(cursor)
    with qtbot.waitSignal(view.seek_wanted) as caught:
        qtbot.keyClick(view.page, Qt.Key.Key_Return)
    assert caught.args == [words.utterances[0].words[1].start_s]


def test_attention_tints_words(view):
    words = words_sample(14.5)
    view.show_it(shown(replace(words, weights={})))
    plain = view.grab().toImage()
    view.show_it(shown(words))
    strongest = max(words.utterances[-1].words, key=lambda one: words.weights[one.start_s, one.text])
    box = view.page.place_of(strongest)
    corner = view.page.mapTo(view, box.topLeft().toPoint() + QPoint(4, 1))
    assert view.grab().toImage().pixelColor(corner) != plain.pixelColor(corner)
    assert "attention: 100 %" in view.page.help_of(strongest)
    assert "recognised with" in view.page.help_of(strongest)
    assert "not in the window" in view.page.help_of(words.utterances[0].words[0])


def test_follows_the_newest_until_scrolled_up(view):
    view.show_it(shown(long_words_sample(0.05)))
    assert view.page.at_newest
    bar = view.page.verticalScrollBar()
    bar.setValue(0)
    view.show_it(shown(long_words_sample(0.06)))
    assert bar.value() == 0
    assert view._newest.isVisible()
    view._newest.click()
    view.show_it(shown(long_words_sample(0.07)))
    assert view.page.at_newest
    assert not view._newest.isVisible()


def test_stays_at_the_newest_when_resized(view):
    view.show_it(shown(long_words_sample(0.05)))
    view.resize(300, 120)
    assert view.page.at_newest


def test_larger_type_and_other_colours_are_taken_over(view, qtbot):
    words = words_sample(14.5)
    view.show_it(shown(words))
    before = view.page.place_of(words.utterances[0].words[0])
    font = QFont(view.font())
    font.setPointSizeF(font.pointSizeF() * 2)
    view.setFont(font)
    qtbot.waitUntil(lambda: view.page.place_of(words.utterances[0].words[0]).height() > before.height() * 1.6)
    assert lines(view)[0].startswith("Hello")


@pytest.mark.parametrize(
    ("shown", "status", "message"),
    [
        (Shown(), "", "Open a recording or go live"),
        (Shown(kind="live"), "no sound", "No sound, so no words"),
        (shown(Words()), "", "Not analysed yet"),
        (shown(Words(), emotion=Emotion(certainty="nothing")), "listening", "Listening; nothing said yet"),
        (shown(Words(listening=False, reason="Install one.")), "no recogniser", "No speech recogniser"),
        (
            shown(Words(), loading=(LoadStep(name="recogniser", step="working"),)),
            "loading",
            "The recogniser is being loaded",
        ),
    ],
)
def test_what_is_missing_is_said(view, shown, status, message):
    view.show_it(shown)
    assert view.status == status
    assert view.page.message[0] == message
    view.grab()


def test_caption_tells_which_recogniser(view):
    view.show_it(shown(words_sample(14.5)))
    assert "Whisper" in view.caption.toolTip()


def test_an_hour_is_written_once(view):
    hour = long_words_sample()
    view.show_it(shown(hour))
    assert view.page.document().blockCount() == 600
    written = []
    view.page.document().contentsChange.connect(lambda *change: written.append(change))
    view.show_it(shown(replace(hour, weights={(0.3, "Hello,"): 1.0})))
    assert written == []
