"""Presentation, comparison, panels, language, and what is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QLabel  # noqa: E402

from demo.main_window import MainWindow  # noqa: E402
from demo.settings import LANGUAGES, Settings  # noqa: E402
from demo.shell.ethics import ethics_text  # noqa: E402
from demo.shown import Shown  # noqa: E402
from tests.demo.window.conftest import Opener  # noqa: E402
from tests.demo.window.fake_bridge import FakeBridge, a_file  # noqa: E402
from tests.demo.window.test_settings import GARBAGE  # noqa: E402
from tests.demo.window.test_window import show  # noqa: E402


def test_the_presentation_is_large_and_esc_leaves_it(open_window: Opener, qtbot) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    small = window.body.workbench.views.emotion.fontMetrics().height()
    window.commands.actions["present"].trigger()
    QApplication.processEvents()
    page = window.body.pages.currentWidget()
    assert page.picture.isVisible() and page.emotion.isVisible() and page.words.isVisible()
    assert not window.top.isVisible() and not window.body.transport.isVisible()
    assert window.isFullScreen()
    window.resize(1920, 1080)
    QApplication.processEvents()
    assert page.emotion.fontMetrics().height() > 1.4 * small
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert bridge.asked[-1] == ("playing", False)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.top.isVisible() and window.body.transport.isVisible() and not window.isFullScreen()
    assert window.body.pages.currentWidget() is window.body.workbench


def test_the_presentation_ends_with_the_session(open_window: Opener) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    window.present(True)
    show(window, bridge, Shown())
    assert window.body.empty.isVisible() and window.top.isVisible()


def test_self_beside_cross_in_one_click(open_window: Opener) -> None:
    window = open_window(FakeBridge(a_file()))
    views = window.body.workbench.views
    assert views.emotion.isVisible()
    window.top.compare.click()
    assert views.compare.isVisible() and not views.emotion.isVisible()
    window.top.compare.click()
    assert views.emotion.isVisible()


def test_panels_close_and_come_back(open_window: Opener, qtbot) -> None:
    window = open_window(FakeBridge(a_file()))
    bench = window.body.workbench
    action = bench.actions_of_panels["words"]
    action.trigger()
    qtbot.waitUntil(lambda: not action.isChecked())
    assert not bench.panels["words"].isVisible()
    action.trigger()
    qtbot.waitUntil(action.isChecked)
    assert bench.panels["words"].isVisible()
    bench.actions_of_panels["health"].trigger()  # behind the attention: comes to the front
    qtbot.waitUntil(lambda: window.body.workbench.views.health in bench.views_in_sight())


def test_the_layout_is_remembered_and_can_be_reset(open_window: Opener, qtbot) -> None:
    first = open_window(FakeBridge(a_file()))
    first.body.workbench.panels["history"].close()
    first.close()
    second = open_window(FakeBridge(a_file()))
    assert not second.body.workbench.panels["history"].isVisible()
    second.commands.actions["reset"].trigger()
    qtbot.waitUntil(second.body.workbench.panels["history"].isVisible)


@pytest.mark.parametrize("on_the_empty_page", [False, True])
def test_reset_docks_what_floats(open_window: Opener, qtbot, on_the_empty_page: bool) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    bench = window.body.workbench
    panel = bench.panels["words"]
    panel.setFloating(True)
    qtbot.waitUntil(panel.isVisible)
    if on_the_empty_page:
        show(window, bridge, Shown())
        qtbot.waitUntil(lambda: not panel.isVisible())
    window.commands.actions["reset"].trigger()
    QApplication.processEvents()
    assert not panel.isFloating() and panel.isVisible() is not on_the_empty_page
    remembered = bench.state()
    show(window, bridge, a_file())
    qtbot.waitUntil(panel.isVisible)
    assert not panel.isFloating()
    bench.restore(remembered)
    assert not panel.isFloating()


def settle() -> None:
    """Let timers of no length and the layouts that they ask for have their turn."""
    for _ in range(5):
        QApplication.processEvents()


def shares_of(window: MainWindow) -> dict[str, tuple[int, int]]:
    """Sizes in hundredths of the work space."""
    settle()
    bench = window.body.workbench
    return {
        one.objectName(): (round(100 * one.width() / bench.width()), round(100 * one.height() / bench.height()))
        for one in bench._docked()
    }


def test_a_larger_text_and_another_language_keep_the_layout(open_window: Opener) -> None:
    window = open_window(FakeBridge(a_file()))
    window.resize(1600, 1000)
    settle()
    window.body.workbench.keep(window.body.workbench.shares | {"emotion": (0.35, 0.0), "attention": (0.2, 0.0)})
    before = shares_of(window)
    assert before["emotion"][0] > before["attention"][0]
    window.choose_text_size("150")
    settle()
    window.choose_text_size("100")
    window.present(True)
    settle()
    window.choose_language("zh")
    window.resize(1600, 1000)
    after = shares_of(window)
    assert after.keys() == before.keys()
    for name, sizes in before.items():
        assert after[name] == pytest.approx(sizes, abs=2), name


@pytest.mark.parametrize("content", GARBAGE)
def test_damaged_settings_open_the_usual_window(open_window: Opener, settings_file: Path, content: bytes) -> None:
    settings_file.write_bytes(content)
    window = open_window(FakeBridge(a_file()))
    assert all(one.isVisible() for name, one in window.body.workbench.panels.items() if name in {"words", "history"})


def test_chinese_and_back_without_a_restart(open_window: Opener, settings_file: Path) -> None:
    bridge = FakeBridge(a_file())
    window = open_window(bridge)
    window.choose_language("zh")
    assert window.body.workbench.panels["words"].windowTitle() == "文字"
    assert window.top.open.text() == "打开"
    assert Settings(settings_file).choice("language", LANGUAGES) == "zh"
    show(window, bridge, Shown())
    assert "评判" in ethics_text() and any(
        one.text() == ethics_text() for one in window.body.empty.findChildren(QLabel)
    )
    window.choose_language("en")
    assert window.top.open.text() == "Open" and window.body.empty.heading.text() == "Drop a recording here"


def test_the_pages_of_help(open_window: Opener) -> None:
    window = open_window(FakeBridge(a_file()))
    window.commands.actions["shortcuts"].trigger()
    texts = {one.text() for one in window.findChildren(QDialog)[-1].findChildren(QLabel)}
    assert {"Play or pause", "Space", "Panel: Attention", "F11"} <= texts
    window.findChildren(QDialog)[-1].close()
    QApplication.processEvents()
    window.commands.actions["about"].trigger()
    page = window.findChildren(QDialog)[-1]
    assert "must not be used to judge people" in page.ethics.text()
    text = page.browser.toPlainText()
    assert "Whisper tiny.en" in text and "FER2013" in text and "Pexels" in text
    page.close()


def test_a_missing_recent_file_is_grey(open_window: Opener, tmp_path: Path) -> None:
    here = tmp_path / "here.mp4"
    here.touch()
    window = open_window(FakeBridge())
    window.settings.add_recent(str(tmp_path / "gone.mp4"))
    window.settings.add_recent(str(here))
    from demo.shell.recent_files import RecentMenu

    menu = RecentMenu(window.settings)
    menu.fill()
    states = {one.text(): one.isEnabled() for one in menu.actions() if one.text()}
    assert states["here.mp4"] and not states["gone.mp4"]
