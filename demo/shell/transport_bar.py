"""The controls of playing, along the bottom of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QWidget

from demo.bridge import Devices
from demo.clock_text import clock_text
from demo.shell.button import Button
from demo.shell.commands import Commands
from demo.shell.live_mark import LiveMark
from demo.shell.seek_bar import SeekBar
from demo.shell.sound import SoundControls
from demo.shell.speed_menu import SpeedMenu, speed_text
from demo.shown import Shown, Transport
from demo.theme import live_colour


class TransportBar(QWidget):
    """Play, step, seek, loop, speed and sound of a recording, or the mark of live input.

    Parameters
    ----------
    commands : what the buttons do.
    volume, speaker : as remembered.
    devices : tells which speakers there are.
    room_s : tells for how long there is room for a recording.
    """

    def __init__(
        self,
        commands: Commands,
        volume: float,
        speaker: str | None,
        devices: Callable[[], Devices],
        room_s: Callable[[], float | None] = lambda: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._commands = commands
        self._recording = False
        self.seek_bar = SeekBar()
        self.live = LiveMark(room_s)
        self.sound = SoundControls(volume, speaker, devices)
        self.speed_menu = SpeedMenu(self)
        self.position, self.duration = QLabel("0:00.0"), QLabel("0:00.0")
        self.play = self._button("play", "play", self.tr("Play (Space)"))
        large = QFont(self.font())
        large.setPointSizeF(large.pointSizeF() * 1.25)
        self.play.setFont(large)
        self.loop_start = self._button("", "loop_start", self.tr("Loop from here ([)"), "A")
        self.loop_end = self._button("", "loop_end", self.tr("Loop up to here (])"), "B")
        for one in (self.loop_start, self.loop_end):
            one.setCheckable(True)
        self.speed = Button(text=speed_text(1.0), name=self.tr("Speed and pitch (+ and -)"), menu_mark=True)
        self.speed.clicked.connect(self._open_speeds)
        self._lay_out()
        self._fix_widths()

    def show_it(self, shown: Shown, mark_s: float | None) -> None:
        """Show how the session is played; ``mark_s`` is where a loop without an end begins."""
        self._stack.setCurrentWidget(self.live if shown.kind == "live" else self._file)
        if shown.recording.on != self._recording:
            self._recording = shown.recording.on
            self.update()
        if shown.kind == "live":
            self.live.show_it(shown)
            return
        transport = shown.transport
        self.seek_bar.show_it(transport, mark_s)
        self.seek_bar.show_marks(shown.marks, shown.labels)
        self.sound.show_it(transport)
        self.speed_menu.show_it(transport)
        self._show_times(transport)
        self.play.show_sign("pause" if transport.playing else "play")
        name = self.tr("Pause (Space)") if transport.playing else self.tr("Play (Space)")
        if name != self.play.toolTip():
            self.play.setToolTip(name)
            self.play.setAccessibleName(name)
        _set_text(self.speed, speed_text(transport.speed))
        self.loop_start.setChecked(transport.loop is not None or mark_s is not None)
        self.loop_end.setChecked(transport.loop is not None)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: D102
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        painter.fillRect(0, 0, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
        if self._recording:
            red = live_colour(self.palette())
            painter.fillRect(0, 0, self.width(), 3, red)
            red.setAlpha(26)
            painter.fillRect(self.rect(), red)

    def _lay_out(self) -> None:
        self._file = QWidget()
        row = QHBoxLayout(self._file)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.fontMetrics().height() // 4)
        row.addWidget(self._button("step_back", "step_back", self.tr("Previous picture (,)")))
        row.addWidget(self.play)
        row.addWidget(self._button("step", "step", self.tr("Next picture (.)")))
        row.addSpacing(self.fontMetrics().height() // 2)
        row.addWidget(self.position)
        row.addWidget(self.seek_bar, 1)
        row.addWidget(self.duration)
        row.addSpacing(self.fontMetrics().height() // 2)
        for one in (self.loop_start, self.loop_end, self.speed, self.sound):
            row.addWidget(one)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._file)
        self._stack.addWidget(self.live)
        around = QHBoxLayout(self)
        margin = self.fontMetrics().height() // 3
        around.setContentsMargins(2 * margin, margin, 2 * margin, margin)
        around.addWidget(self._stack)

    def _fix_widths(self) -> None:
        """Digits that change must not move what stands beside them."""
        widest = self.fontMetrics().horizontalAdvance("0:00:00.0")
        for one in (self.position, self.duration):
            one.setMinimumWidth(widest)
        self.position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.position.setAccessibleName(self.tr("Position"))
        self.duration.setAccessibleName(self.tr("Length"))

    def _show_times(self, transport: Transport) -> None:
        at_s = self.seek_bar.shown_s if self.seek_bar.isSliderDown() else transport.position_s
        _set_text(self.position, clock_text(at_s, tenths=True))
        _set_text(self.duration, "?" if transport.duration_s is None else clock_text(transport.duration_s, tenths=True))

    def _button(self, sign: str, command: str, name: str, text: str = "") -> Button:
        button = Button(sign, text, name=name)
        button.clicked.connect(lambda: self._pressed(command))
        return button

    def _pressed(self, command: str) -> None:
        button = {"loop_start": self.loop_start, "loop_end": self.loop_end}.get(command)
        if button is not None and not button.isChecked():  # it was on: pressing it again ends the loop
            command = "loop_clear"
        self._commands.actions[command].trigger()

    def _open_speeds(self) -> None:
        corner = self.speed.mapToGlobal(self.speed.rect().topLeft())
        corner.setY(corner.y() - self.speed_menu.sizeHint().height())
        self.speed_menu.popup(corner)


def _set_text(widget: QLabel | Button, text: str) -> None:
    if widget.text() != text:
        widget.setText(text)
