"""What the engine says is shown in the language of the window."""

# ruff: noqa: RUF001 (Chinese punctuation)

from __future__ import annotations

from typing import Any

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtWidgets import QApplication  # noqa: E402

from demo.health import DeviceHealth  # noqa: E402
from demo.messages import said, understood  # noqa: E402
from demo.shell.language import Language  # noqa: E402
from demo.shell.trouble import Troubles  # noqa: E402
from demo.shown import Shown, Trouble, Voice, Words  # noqa: E402
from demo.widgets.health_rows import FINE, STATUSES, device_row  # noqa: E402
from demo.widgets.words import WordsView  # noqa: E402
from engine.sources.device import DeviceStatus  # noqa: E402


def test_without_translation_it_stays_as_it_was() -> None:
    for text in ("a b.mp4 is a folder: name a recording inside it.", "no such sentence", ""):
        assert said(text) == text


def test_a_language_chosen_later_counts_at_once(qapp: QApplication) -> None:
    text = 'The camera "C920" was unplugged: plug it in again, and it goes on by itself.'
    language = Language(qapp, "en")
    assert said(text) == text
    language.choose("zh")
    assert said(text) == "摄像头“C920”已被拔下：重新插好后会自动继续。"
    language.choose("en")
    assert said(text) == text


@pytest.mark.usefixtures("chinese")
def test_a_sentence_within_another_ends_once() -> None:
    text = "Playback has stopped: a.mp4 is empty (0 bytes): record or copy it again.. Open the recording again."
    assert said(text) == "播放已停止：a.mp4 是空文件（0 字节）：请重新录制或复制。请重新打开录制文件。"


def test_what_is_looked_for_is_kept() -> None:
    text = "again.mp4 is a folder: name a recording inside it."
    assert understood(text) is understood(text)


@pytest.mark.usefixtures("chinese")
def test_the_window_shows_them(qtbot: Any) -> None:
    trouble = Trouble(where="file", text="a.mp4 is a folder: name a recording inside it.", fatal=True)
    note = "2 damaged parts of the pictures left out."
    reason = "Words by Whisper (tiny.en), because you named this model."
    banners, words = Troubles(), WordsView()
    for widget in (banners, words):
        qtbot.addWidget(widget)
        widget.show_it(
            Shown(
                kind="file",
                troubles=(trouble,),
                notes=(note,),
                words=Words(reason=reason),
                voice=Voice(microphone=True),
            )
        )
    assert banners.texts == ("a.mp4 是文件夹：请选择其中的一个录制文件。", "画面中有 2 处损坏，已略去。")
    assert banners.banner(note).label.accessibleName() == banners.texts[1]
    assert words.caption.toolTip() == said(reason) != reason
    row = device_row(
        DeviceHealth(
            kind="camera",
            name="default camera",
            status="lost",
            rate_hz=0.0,
            drift_ppm=None,
            dropped=0,
            reconnects=0,
            message='The camera "C920" is gone: plug it in again, and it goes on by itself.',
        )
    )
    assert (row.cells[0], row.problem) == ("摄像头: 默认摄像头", "已断开")
    assert row.detail.startswith("摄像头“C920”已断开")


def test_every_status_of_a_device_has_a_word() -> None:
    assert {*STATUSES, *FINE} >= {str(one) for one in DeviceStatus}
