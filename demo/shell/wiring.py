"""Which part of the window leads to which action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QMenuBar

from demo.shell.commands import PLAYBACK, VIEW
from demo.shell.menus import choice_menu, fill_menus, language_choices, text_size_choices, theme_choices
from demo.shell.recent_files import RecentMenu

if TYPE_CHECKING:
    from demo.main_window import MainWindow


def connect_parts(window: MainWindow) -> None:
    """Connect what the user can press in the parts of a window."""
    _connect_pages(window)
    devices, bar, player = window.devices, window.body.transport, window.player
    devices.start_wanted.connect(window.go_live)
    devices.stop_wanted.connect(window.bridge.close_session)
    bar.seek_bar.seek_wanted.connect(window.bridge.seek)
    bar.live.stop_wanted.connect(window.bridge.close_session)
    bar.speed_menu.speed_wanted.connect(player.set_speed)
    bar.speed_menu.pitch_wanted.connect(player.set_pitch)
    bar.sound.volume_wanted.connect(player.set_volume)
    bar.sound.speaker_wanted.connect(player.set_speaker)


def fill_menu_bar(window: MainWindow, bar: QMenuBar, panels: QMenu) -> None:
    """Fill the menu bar of a window; ``panels`` lists the panels once they exist."""
    recent = RecentMenu(window.settings, bar)
    recent.file_wanted.connect(window.open_file)
    menus = [
        choice_menu(title, choices, chosen, choose, bar)
        for title, choices, chosen, choose in (
            (
                QCoreApplication.translate("menus", "Theme"),
                theme_choices(),
                window.appearance.choice,
                window.choose_theme,
            ),
            (
                QCoreApplication.translate("menus", "Text size"),
                text_size_choices(),
                window.appearance.text_size,
                window.choose_text_size,
            ),
            (
                QCoreApplication.translate("menus", "Language"),
                language_choices(),
                window.language.choice,
                window.choose_language,
            ),
        )
    ]
    transport = window.body.transport
    extra: dict[str, list[QMenu]] = {
        PLAYBACK: [transport.speed_menu, transport.sound.menu],
        VIEW: [panels, *menus],
    }
    fill_menus(bar, window.commands, recent, extra)


def _connect_pages(window: MainWindow) -> None:
    body = window.body
    body.key_pressed.connect(window.keyPressEvent)
    body.empty.open_wanted.connect(window.choose_file)
    body.empty.live_wanted.connect(window.go_live)
    body.empty.sample_wanted.connect(window.player.open_sample)
    body.empty.file_wanted.connect(window.open_file)
    body.troubles.open_wanted.connect(window.choose_file)
    body.troubles.live_wanted.connect(window.go_live)
    body.troubles.load_wanted.connect(window.bridge.load)
    body.troubles.close_wanted.connect(window.bridge.close_session)
