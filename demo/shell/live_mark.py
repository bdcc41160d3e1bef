"""That it is live, since when, and how loud it is; with the button to stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from demo.messages import said
from demo.shell.button import Button
from demo.shell.clock_text import clock_text
from demo.shell.level_meter import LevelMeter
from demo.shown import Shown
from demo.theme import live_colour


class LiveMark(QWidget):
    """What stands in place of the play controls while camera or microphone are open."""

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = QLabel()
        self.meter = LevelMeter()
        self.names = QLabel()
        self.stop = Button("stop", self.tr("Stop"), name=self.tr("Stop and close (Ctrl+W)"), quiet=False)
        self.stop.clicked.connect(self.stop_wanted)
        font = self.mark.font()
        font.setBold(True)
        self.mark.setFont(font)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.fontMetrics().height())
        row.addWidget(self.mark)
        row.addWidget(self.meter)
        row.addWidget(self.names, 1)
        row.addWidget(self.stop)

    def show_it(self, shown: Shown) -> None:
        """Show time, level and devices."""
        text = self.tr("● Live  {0}").format(clock_text(shown.transport.position_s))
        if text != self.mark.text():
            self.mark.setText(text)
        self.meter.setVisible(shown.voice.microphone)
        self.meter.show_level(shown.voice.level_db)
        names = " · ".join(said(one.name) for one in shown.health.devices) or said(shown.title)
        if names != self.names.text():
            self.names.setText(names)
        colour = live_colour(self.palette())
        if self.mark.palette().color(QPalette.ColorRole.WindowText) != colour:
            palette = self.mark.palette()
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self.mark.setPalette(palette)
