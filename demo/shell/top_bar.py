"""The one row at the top: menus at the left, what is open in the middle, what to open at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QWidget

from demo.shell.button import Button
from demo.shell.commands import Commands
from demo.shell.elided_label import ElidedLabel
from demo.theme import live_colour


class TopBar(QWidget):
    """Slim and calm; everything in it is in the menus, too.

    Parameters
    ----------
    menus : the menu bar; empty where the system shows it elsewhere.
    commands : what the buttons do.
    """

    def __init__(self, menus: QMenuBar, commands: Commands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel()
        self.title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.open = Button("open", self.tr("Open"), name=self.tr("Open a recording (Ctrl+O)"))
        self.live = Button("live", self.tr("Live"), name=self.tr("Camera and microphone (Ctrl+D)"), menu_mark=True)
        self.sample = Button("sample", self.tr("Sample"), name=self.tr("Try the sample (Ctrl+T)"))
        self.compare = Button("compare", self.tr("Compare"), name=self.tr("Self beside cross (Ctrl+B)"))
        self.present = Button("present", self.tr("Present"), name=self.tr("Presentation (F11)"))
        unit = self.fontMetrics().height()
        row = QHBoxLayout(self)
        row.setContentsMargins(unit // 3, unit // 5, unit // 2, unit // 5)
        row.setSpacing(unit // 5)
        row.addWidget(menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(unit)
        row.addWidget(self.title, 1)
        for button, command in (
            (self.open, "open"),
            (self.live, "devices"),
            (self.sample, "sample"),
            (self.compare, "compare"),
            (self.present, "present"),
        ):
            action = commands.actions[command]
            button.clicked.connect(lambda _=False, action=action: action.trigger())
            button.setEnabled(action.isEnabled())
            action.enabledChanged.connect(button.setEnabled)
            row.addWidget(button)
        self.compare.setCheckable(True)
        commands.actions["compare"].toggled.connect(self.compare.setChecked)

    def show_title(self, title: str, *, recording: bool) -> None:
        """What is open; in red while it is being recorded."""
        self.title.setText(title)
        palette = QPalette()  # what is not set in it is that of the window, also when that changes
        if recording:
            palette.setColor(self.title.foregroundRole(), live_colour(self.palette()))
        self.title.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        line = self.palette().color(QPalette.ColorRole.Mid)
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)
