"""Which part of the window leads to which action."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QMenu, QMenuBar

from demo.shell.commands import MARKS, PLAYBACK, VIEW, Commands
from demo.shell.help_pages import show_about, show_export, show_sessions, show_shortcuts, show_training
from demo.shell.leaving import save_elsewhere
from demo.shell.marker import EmotionMenu
from demo.shell.menus import choice_menu, fill_menus, language_choices, text_size_choices, theme_choices
from demo.shell.player import PLAYBACK_COMMANDS
from demo.shell.recent_files import RecentMenu
from demo.shown import Shown

if TYPE_CHECKING:
    from demo.main_window import MainWindow


def deeds_of(window: MainWindow) -> dict[str, Callable[[bool], None]]:
    """What each command does."""
    opener = window.opener
    return _deeds_with_recordings(window) | {
        "open": lambda _: opener.choose_file(),
        "sample": lambda _: opener.open_sample(),
        "live": lambda _: opener.go_live(),
        "devices": lambda _: window.devices.open_below(window.top.live if window.top.isVisible() else window),
        "close": lambda _: opener.close_session(),
        "quit": lambda _: QTimer.singleShot(0, window.close),
        "mute": lambda _: window.body.transport.sound.toggle(),
        "compare": window.compare,
        "present": window.present,
        "reset": lambda _: window.body.workbench.lay_out(),
        "shortcuts": lambda _: show_shortcuts(window, window.body.panel_names),
        "about": lambda _: show_about(window),
    }


def _deeds_with_recordings(window: MainWindow) -> dict[str, Callable[[bool], None]]:
    marker, recorder = window.marker, window.recorder
    return window.player.commands | {
        "record": lambda _: recorder.toggle(),
        "folder": lambda _: recorder.choose_folder(),
        "sessions": lambda _: show_sessions(window),
        "session": lambda _: window.opener.choose_session(recorder.folder),
        "mark": lambda _: marker.hold(Qt.Key.Key_M.value, marker.mark(key="M")),
        "span": lambda _: marker.span(),
        "note": lambda _: marker.note(window.body.strip.recent),
        "undo": lambda _: window.bridge.marks.undo(),
        "training": lambda _: show_training(window, window.player.shown),
    }


def enable_commands(commands: Commands, shown: Shown) -> None:
    """Let be done what makes sense now."""
    commands.enable((*PLAYBACK_COMMANDS, "training"), shown.kind == "file")
    commands.enable(("close", "compare", "present", "mark", "span", "note"), shown.kind != "empty")
    commands.enable(("record",), shown.kind != "file" and shown.recording.state != "saving")
    commands.enable(("undo",), shown.marks.undoable)
    commands.actions["record"].setChecked(shown.recording.on)


def connect_for_good(window: MainWindow) -> None:
    """Connect what stays when the parts of a window are made anew."""
    window.marker.marked.connect(lambda id: window.body.show_mark(id))
    window.marker.begun.connect(lambda: window.body.show_span())
    window.marker.refused.connect(lambda why_not: window.body.show_refusal(why_not))
    window.marker.noted.connect(lambda id: window.body.write_note(id))
    window.recorder.told.connect(lambda text: window.body.show_text(text))
    window.recorder.wanted.connect(window.opener.go_live)


def connect_parts(window: MainWindow) -> None:
    """Connect what the user can press in the parts of a window."""
    _connect_pages(window)
    devices, bar, player = window.devices, window.body.transport, window.player
    devices.start_wanted.connect(window.opener.go_live)
    devices.stop_wanted.connect(window.opener.close_session)
    bar.seek_bar.seek_wanted.connect(window.bridge.seek)
    bar.live.stop_wanted.connect(window.opener.close_session)
    bar.live.record_wanted.connect(window.recorder.toggle)
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
        MARKS: [EmotionMenu(window.marker, window.player, bar)],
        PLAYBACK: [transport.speed_menu, transport.sound.menu],
        VIEW: [panels, *menus],
    }
    fill_menus(bar, window.commands, recent, extra)


def _connect_pages(window: MainWindow) -> None:
    body = window.body
    body.key_pressed.connect(window.take_key)
    body.empty.open_wanted.connect(window.opener.choose_file)
    body.empty.live_wanted.connect(window.opener.go_live)
    body.empty.sample_wanted.connect(window.opener.open_sample)
    body.empty.file_wanted.connect(window.open_file)
    body.empty.sessions_wanted.connect(lambda: window.commands.actions["sessions"].trigger())
    body.saved.replay_wanted.connect(window.open_file)
    body.saved.export_wanted.connect(lambda folder: show_export(Path(folder), window))
    body.strip.changed.connect(lambda id, text, label: window.bridge.marks.change(id, text=text, label=label))
    body.strip.undo_wanted.connect(window.bridge.marks.undo)
    body.strip.record_wanted.connect(window.recorder.toggle)
    body.troubles.save_wanted.connect(lambda: save_elsewhere(window, window.bridge.marks))
    body.troubles.folder_wanted.connect(window.recorder.choose_folder)
    body.troubles.open_wanted.connect(window.opener.choose_file)
    body.troubles.live_wanted.connect(window.opener.go_live)
    body.troubles.load_wanted.connect(window.bridge.load)
    body.troubles.close_wanted.connect(window.opener.close_session)
