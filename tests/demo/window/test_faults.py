"""What went wrong in a session that goes on: told as it happens, and to be read again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtWidgets import QApplication  # noqa: E402

from demo.shell.concerns import FAULT_S, Concerns  # noqa: E402
from demo.shown import Shown, Trouble, Words  # noqa: E402
from demo.widgets.health import HealthView  # noqa: E402
from demo.widgets.words import WordsView  # noqa: E402
from engine.faults import Fault  # noqa: E402
from engine.types import Word  # noqa: E402
from engine.utterance import Utterance  # noqa: E402
from tests.demo.window.conftest import Opener  # noqa: E402
from tests.demo.window.fake_bridge import FakeBridge, live  # noqa: E402
from tests.demo.window.test_window import show  # noqa: E402

OVER = Fault(pts_s=12.0, part="transcription", text="Speech recognition stopped and was started again.")
LASTS = Fault(pts_s=75.0, part="device", text="The session goes on on the processor.", lasting=True)


def test_what_is_over_is_told_for_a_while_and_what_lasts_until_it_is_hidden() -> None:
    clock = [100.0]
    concerns = Concerns(lambda: clock[0])
    shown = Shown(kind="live", faults=(OVER, LASTS))
    assert [text for _, text in concerns.of(shown)] == [OVER.text, LASTS.text]
    clock[0] += FAULT_S + 1
    assert [text for _, text in concerns.of(shown)] == [LASTS.text]
    again = replace(shown, faults=(*shown.faults, replace(OVER, pts_s=90.0)))
    assert [text for _, text in concerns.of(again)] == [LASTS.text, OVER.text]


def test_nothing_is_told_twice_and_nothing_of_a_replay() -> None:
    concerns = Concerns()
    same = Shown(kind="live", troubles=(Trouble(where="camera", text=LASTS.text),), faults=(LASTS,))
    assert list(concerns.of(same)) == [("camera", LASTS.text)]
    assert not concerns.of(Shown(kind="file", faults=(LASTS, OVER), replayed=True))


def test_faults_are_banners_and_stay_in_the_health_view(open_window: Opener) -> None:
    bridge = FakeBridge(live())
    window = open_window(bridge)
    show(window, bridge, replace(live(), faults=(OVER, LASTS)))
    assert window.body.troubles.texts == (OVER.text, LASTS.text)
    window.body.troubles.banner(LASTS.text).close_button.click()
    show(window, bridge, replace(live(), faults=(OVER, LASTS)))
    assert window.body.troubles.texts == (OVER.text,)
    window.body.workbench.panels["health"].raise_()
    QApplication.processEvents()
    window.poll()
    page = window.body.workbench.views.health.page
    assert f"0:12  {OVER.text}" in page.text() and f"1:15  {LASTS.text}" in page.text()
    assert not page.grab().isNull()


def test_the_health_of_a_replay_is_what_went_wrong_in_it(qtbot) -> None:
    view = HealthView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show_it(Shown(kind="file", faults=(LASTS,), replayed=True))
    assert LASTS.text in view.page.text() and view.page.minimumHeight() > 0
    assert not view.grab().isNull()


@pytest.mark.parametrize("said", [(), ("hello", "there")])
def test_missing_words_leave_a_mark_in_the_transcript(qtbot, said: tuple[str, ...]) -> None:
    view = WordsView()
    qtbot.addWidget(view)
    words = tuple(
        Word(text=one, start_s=float(at), end_s=at + 0.5, confidence=1.0, final=True) for at, one in enumerate(said)
    )
    whole = Utterance(index=0, start_s=0.0, end_s=3.0, words=words, final=True)
    shown = replace(live(), words=Words(utterances=(whole,)))
    view.show_it(shown)
    assert "missing" not in view.page.toPlainText()
    view.show_it(replace(shown, words=Words(utterances=(replace(whole, missing=True),))))
    assert view.page.toPlainText() == " ".join((*said, "[words are missing: the recogniser failed]"))
    view.show_it(replace(shown, words=Words(utterances=(whole,))))
    assert view.page.toPlainText() == " ".join(said)
