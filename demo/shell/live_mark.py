"""That it is live or being recorded, since when, and how loud it is; with the buttons to record and to stop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from demo.clock_text import clock_text
from demo.messages import said
from demo.recording import Recording
from demo.shell.button import Button
from demo.shell.level_meter import LevelMeter
from demo.shell.record_button import RecordButton
from demo.shell.size_text import room_text, size_text
from demo.shown import Shown
from demo.theme import faint, live_colour, warning_colour


class LiveMark(QWidget):
    """What stands in place of the play controls while camera or microphone are open.

    Parameters
    ----------
    room_s : tells for how long there is room before a recording has begun.
    """

    stop_wanted = Signal()
    record_wanted = Signal()

    def __init__(self, room_s: Callable[[], float | None] = lambda: None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room_s = room_s
        self.mark, self.figures, self.names = QLabel(), QLabel(), QLabel()
        self.meter = LevelMeter()
        self.record = RecordButton()
        self.stop = Button("close", self.tr("Close"), name=self.tr("Stop camera and microphone (Ctrl+W)"), quiet=False)
        self.stop.clicked.connect(self.stop_wanted)
        self.record.clicked.connect(self.record_wanted)
        self.figures.setAccessibleName(self.tr("Room for recording"))
        font = self.mark.font()
        font.setBold(True)
        self.mark.setFont(font)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.fontMetrics().height())
        row.addWidget(self.mark)
        row.addWidget(self.meter)
        row.addWidget(self.names, 1)
        row.addWidget(self.figures)
        row.addWidget(self.record)
        row.addWidget(self.stop)

    def show_it(self, shown: Shown) -> None:
        """Show time, level, devices and recording."""
        recording = shown.recording
        _write(self.mark, self._mark_text(shown))
        self.meter.setVisible(shown.voice.microphone)
        self.meter.show_level(shown.voice.level_db)
        names = " · ".join(said(one.name) for one in shown.health.devices) or said(shown.title)
        _write(self.names, names)
        _write(self.figures, self._figures_text(recording))
        warns = recording.short or (recording.problem and recording.state == "broken")
        colour = warning_colour(self.palette()) if warns else faint(self, 0.75)
        _paint(self.figures, colour)
        accent = self.palette().color(QPalette.ColorRole.Highlight)  # red is for recording alone
        _paint(self.mark, live_colour(self.palette()) if recording.on or recording.state == "broken" else accent)
        stops = recording.state in ("wanted", "on", "broken")
        if stops != self.record.on:
            self.record.show_on(stops)
        self.record.setEnabled(recording.state != "saving")

    def _mark_text(self, shown: Shown) -> str:
        recording = shown.recording
        if recording.state == "broken":
            return self.tr("Recording has stopped")
        if recording.state == "saving":
            return self.tr("● Saving…")
        if recording.on:
            return self.tr("● Recording  {0}").format(clock_text(recording.seconds))
        return self.tr("● Live  {0}").format(clock_text(shown.transport.position_s))

    def _figures_text(self, recording: Recording) -> str:
        """Size and room; how much is lost where something is."""
        if not recording.on and recording.state != "broken":
            room_s = self._room_s()
            return "" if room_s is None else room_text(room_s)
        parts = [size_text(recording.size_bytes)]
        if recording.left_s is not None and recording.on:
            parts.append(room_text(recording.left_s))
        if recording.dropped:
            parts.append(self.tr("{0} left out").format(recording.dropped))
        return " · ".join(parts)


def _write(label: QLabel, text: str) -> None:
    if text != label.text():
        label.setText(text)


def _paint(label: QLabel, colour: QColor) -> None:
    palette = label.palette()
    if palette.color(QPalette.ColorRole.WindowText) != colour:
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        label.setPalette(palette)
