"""The menu bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar

from demo.settings import TEXT_SIZES
from demo.shell.commands import FILE, HELP, MARKS, PLAYBACK, VIEW, Commands, translated
from demo.shell.recent_files import RecentMenu

Choices = Iterable[tuple[str, str]]


def fill_menus(
    bar: QMenuBar,
    commands: Commands,
    recent: RecentMenu,
    extra: dict[str, list[QMenu]],
) -> None:
    """Put every command into its menu.

    Parameters
    ----------
    bar : the empty menu bar
    commands : the actions, by name
    recent : the menu of recent files
    extra : more menus for the end of "Playback" and "View", and for "Marks"
    """
    at = commands.actions
    file = bar.addMenu(translated(FILE))
    file.addAction(at["open"])
    file.addMenu(recent)
    _add(file, at, "session", "sample", "", "live", "devices", "record", "", "sessions", "folder", "", "close", "quit")
    playback = bar.addMenu(translated(PLAYBACK))
    _add(playback, at, "play", "step_back", "step", "back", "forward", "start", "")
    _add(playback, at, "slower", "faster", "", "loop_start", "loop_end", "loop_clear", "", "mute")
    for menu in extra[PLAYBACK]:
        playback.addMenu(menu)
    marks = bar.addMenu(translated(MARKS))
    _add(marks, at, "mark", "span", "note", "")
    for menu in extra[MARKS]:
        marks.addMenu(menu)
    _add(marks, at, "", "undo", "", "training")
    view = bar.addMenu(translated(VIEW))
    _add(view, at, "compare", "present", "")
    for menu in extra[VIEW]:
        view.addMenu(menu)
    view.addSeparator()
    view.addAction(at["reset"])
    _add(bar.addMenu(translated(HELP)), at, "shortcuts", "about")


def choice_menu(title: str, choices: Choices, chosen: str, choose: Callable[[str], None], parent: QMenuBar) -> QMenu:
    """A menu of which exactly one entry is ticked.

    Parameters
    ----------
    title : of the menu
    choices : value and text of each entry
    chosen : the value that is ticked at first
    choose : told the value of the entry that was picked
    parent : owns the menu
    """
    menu = QMenu(title, parent)
    group = QActionGroup(menu)
    for value, text in choices:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        action.setData(value)
        group.addAction(action)
    group.triggered.connect(lambda action: choose(action.data()))
    return menu


def theme_choices() -> Choices:
    """Values and texts of the themes."""
    return (
        ("system", QCoreApplication.translate("menus", "As the system")),
        ("light", QCoreApplication.translate("menus", "Light")),
        ("dark", QCoreApplication.translate("menus", "Dark")),
    )


def language_choices() -> Choices:
    """Values and texts of the languages, each in its own language."""
    return (("system", QCoreApplication.translate("menus", "As the system")), ("en", "English"), ("zh", "中文"))


def text_size_choices() -> Choices:
    """Values and texts of the sizes of type, in percent."""
    automatic = ("auto", QCoreApplication.translate("menus", "As fits the screen"))
    return (automatic, *((one, f"{one} %") for one in TEXT_SIZES[1:]))


def _add(menu: QMenu, actions: dict[str, QAction], *names: str) -> None:
    for name in names:
        if name:
            menu.addAction(actions[name])
        else:
            menu.addSeparator()
