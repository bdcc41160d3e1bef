"""Everything that can be done with a key: one table for menus, keys and the page of shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

_CONTEXT = "commands"
_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier

FILE = str(QT_TRANSLATE_NOOP("commands", "File"))
PLAYBACK = str(QT_TRANSLATE_NOOP("commands", "Playback"))
MARKS = str(QT_TRANSLATE_NOOP("commands", "Marks"))
VIEW = str(QT_TRANSLATE_NOOP("commands", "View"))
HELP = str(QT_TRANSLATE_NOOP("commands", "Help"))
GROUPS = (FILE, PLAYBACK, MARKS, VIEW, HELP)


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do.

    Attributes
    ----------
    keys : key combinations, the first of which menus show. Keys without Ctrl or a function key first go to the
        focused control, which may have a use of its own for them (Space presses a button).
    held : how long its key is held counts, so that holding it does not do it again and again.
    """

    name: str
    text: object
    group: str
    keys: tuple[str, ...] = ()
    checkable: bool = False
    held: bool = False


COMMANDS = (
    Command("open", QT_TRANSLATE_NOOP("commands", "Open a recording…"), FILE, ("Ctrl+O",)),
    Command("sample", QT_TRANSLATE_NOOP("commands", "Try the sample"), FILE, ("Ctrl+T",)),
    Command("live", QT_TRANSLATE_NOOP("commands", "Go live"), FILE, ("Ctrl+L",)),
    Command("devices", QT_TRANSLATE_NOOP("commands", "Camera and microphone…"), FILE, ("Ctrl+D",)),
    Command("record", QT_TRANSLATE_NOOP("commands", "Record"), FILE, ("Ctrl+R",), checkable=True),
    Command("sessions", QT_TRANSLATE_NOOP("commands", "Recorded sessions…"), FILE, ("Ctrl+E",)),
    Command("session", QT_TRANSLATE_NOOP("commands", "Open a session…"), FILE, ("Ctrl+Shift+O",)),
    Command("folder", QT_TRANSLATE_NOOP("commands", "Folder for recordings…"), FILE),
    Command("close", QT_TRANSLATE_NOOP("commands", "Stop and close"), FILE, ("Ctrl+W",)),
    Command("quit", QT_TRANSLATE_NOOP("commands", "Quit"), FILE, ("Ctrl+Q",)),
    Command("play", QT_TRANSLATE_NOOP("commands", "Play or pause"), PLAYBACK, ("Space",)),
    Command("back", QT_TRANSLATE_NOOP("commands", "Back 5 seconds"), PLAYBACK, ("Left",)),
    Command("forward", QT_TRANSLATE_NOOP("commands", "Forward 5 seconds"), PLAYBACK, ("Right",)),
    Command("start", QT_TRANSLATE_NOOP("commands", "To the start"), PLAYBACK, ("Home",)),
    Command("step_back", QT_TRANSLATE_NOOP("commands", "Previous picture"), PLAYBACK, (",",)),
    Command("step", QT_TRANSLATE_NOOP("commands", "Next picture"), PLAYBACK, (".",)),
    Command("slower", QT_TRANSLATE_NOOP("commands", "Slower"), PLAYBACK, ("-",)),
    Command("faster", QT_TRANSLATE_NOOP("commands", "Faster"), PLAYBACK, ("+", "=")),
    Command("loop_start", QT_TRANSLATE_NOOP("commands", "Loop from here"), PLAYBACK, ("[",)),
    Command("loop_end", QT_TRANSLATE_NOOP("commands", "Loop up to here"), PLAYBACK, ("]",)),
    Command("loop_clear", QT_TRANSLATE_NOOP("commands", "Loop no longer"), PLAYBACK, ("\\",)),
    Command("mute", QT_TRANSLATE_NOOP("commands", "Sound off or on"), PLAYBACK, ("S",)),
    Command(
        "mark", QT_TRANSLATE_NOOP("commands", "Mark this moment (hold: as long as it lasts)"), MARKS, ("M",), held=True
    ),
    Command("span", QT_TRANSLATE_NOOP("commands", "Begin a span, or end it here"), MARKS, ("Shift+M",), held=True),
    Command("note", QT_TRANSLATE_NOOP("commands", "Mark with a note"), MARKS, ("N",)),
    Command("undo", QT_TRANSLATE_NOOP("commands", "Take the last change back"), MARKS, ("Ctrl+Z",)),
    Command("training", QT_TRANSLATE_NOOP("commands", "Use marks for training…"), MARKS),
    Command("compare", QT_TRANSLATE_NOOP("commands", "Self beside cross"), VIEW, ("Ctrl+B",), checkable=True),
    Command("present", QT_TRANSLATE_NOOP("commands", "Presentation"), VIEW, ("F11",), checkable=True),
    Command("reset", QT_TRANSLATE_NOOP("commands", "Reset layout"), VIEW, ("Ctrl+0",)),
    Command("shortcuts", QT_TRANSLATE_NOOP("commands", "Keyboard shortcuts"), HELP, ("F1",)),
    Command("about", QT_TRANSLATE_NOOP("commands", "About Attune"), HELP),
)


def translated(text: object) -> str:
    """A text of the tables above in the language of the user."""
    return QCoreApplication.translate(_CONTEXT, str(text))


class Commands(QObject):
    """The actions of one window.

    Parameters
    ----------
    parent : the window, or a part of it that goes when the window is made anew.
    does : what each command does, by name; a checkable one is told whether it is on now.
    """

    def __init__(self, parent: QObject, does: dict[str, Callable[[bool], None]]) -> None:
        super().__init__(parent)
        self.actions: dict[str, QAction] = {}
        self._held: set[QAction] = set()
        self._plain: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(translated(command.text), self)
            action.setCheckable(command.checkable)
            action.triggered.connect(does[command.name])
            self.actions[command.name] = action
            if command.held:
                self._held.add(action)
            self._bind(action, command.keys)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a plain key stands for; False where it stands for nothing now."""
        if event.modifiers() & _WITH:
            return False
        action = self._plain.get(_plain_keys(event))
        if action is None or not action.isEnabled():
            return False
        if not (event.isAutoRepeat() and action in self._held):
            action.trigger()
        return True

    def enable(self, names: Iterable[str], enabled: bool) -> None:
        """Whether some commands can be used now."""
        for name in names:
            self.actions[name].setEnabled(enabled)

    def _bind(self, action: QAction, keys: tuple[str, ...]) -> None:
        sequences = [QKeySequence(one) for one in keys]
        if not keys:
            return
        if _is_plain(keys[0]):
            for sequence in sequences:
                self._plain[sequence.toString(QKeySequence.SequenceFormat.PortableText)] = action
            shown = sequences[0].toString(QKeySequence.SequenceFormat.NativeText)
            action.setText(f"{action.text()}\t{shown}")  # shown in menus, without Qt taking the key from controls
        else:
            action.setShortcuts(sequences)


def _plain_keys(event: QKeyEvent) -> str:
    """What was pressed, with Shift where that does not already make another character of it."""
    keys = QKeySequence(event.key()).toString(QKeySequence.SequenceFormat.PortableText)
    shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and len(keys) == 1 and keys.isalpha()
    return f"Shift+{keys}" if shifted else keys


def _is_plain(keys: str) -> bool:
    return "Ctrl" not in keys and not (keys.startswith("F") and len(keys) > 1 and keys[1:].isdigit())
