"""A window over a fake bridge, its settings in a folder of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.demo.qt import needs_qt

needs_qt()

from PySide6.QtCore import QEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from demo.main_window import MainWindow  # noqa: E402
from demo.settings import Settings  # noqa: E402
from demo.shell.appearance import Appearance  # noqa: E402
from demo.shell.language import Language  # noqa: E402
from tests.demo.window.fake_bridge import FakeBridge  # noqa: E402

Opener = Callable[[FakeBridge], MainWindow]


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "window.ini"


@pytest.fixture
def open_window(qtbot, settings_file: Path) -> Iterator[Opener]:
    """Opens windows, closes them at the end, and leaves theme and language as they were."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    opened: list[MainWindow] = []
    languages: list[Language] = []
    appearances: list[Appearance] = []

    def opener(bridge: FakeBridge) -> MainWindow:
        settings = Settings(settings_file)
        languages.append(Language(app, settings.choice("language", ("en", "zh"))))
        appearances.append(Appearance(app, settings.choice("theme", ("light", "dark"))))
        window = MainWindow(bridge, settings, appearances[-1], languages[-1])
        window.resize(1280, 800)
        window.show()
        qtbot.waitExposed(window)
        window.poll()
        opened.append(window)
        return window

    yield opener
    for window in opened:
        window.close()
        window.deleteLater()
    for language in languages:
        language.choose("en")
    for appearance in appearances:
        appearance.choose("light")
        appearance.scale("auto")
        appearance.write("en")
        appearance.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()
