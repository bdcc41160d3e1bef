"""Which camera and microphone to use: a small panel that follows devices as they come and go."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from demo.bridge import NO_DEVICE, Capture, Devices
from demo.messages import said
from demo.settings import RATES, SIZES, Settings
from demo.shell.button import Button
from demo.shell.ethics import privacy_text
from demo.shell.level_meter import LevelMeter
from demo.shown import Shown

_REFRESH_MS = 500


class DeviceMenu(QFrame):
    """Opens below the button for live input.

    Parameters
    ----------
    settings : where the choice is remembered.
    devices : tells which there are now.
    """

    start_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, settings: Settings, devices: Callable[[], Devices], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(self.tr("Camera and microphone"))
        self._settings = settings
        self._devices = devices
        self._live = False
        self.camera = self._chooser(self.tr("Camera"), "camera")
        self.microphone = self._chooser(self.tr("Microphone"), "microphone")
        self.meter = LevelMeter()
        self.mirror = QCheckBox(self.tr("Mirror the picture"))
        self.mirror.setChecked(settings.flag("mirror", True))
        self.mirror.setToolTip(self.tr("Show the camera as a mirror would; the models see it as it is"))
        self.picture_size = self._options(self.tr("Size"), "size", SIZES)
        self.rate = self._options(self.tr("Pictures per second"), "rate", RATES)
        self.problems = QLabel()
        self.problems.setWordWrap(True)
        self.start = Button("live", self.tr("Go live"), name=self.tr("Use these devices"), primary=True)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self.mirror.toggled.connect(lambda mirrored: settings.put("mirror", mirrored))
        self.start.clicked.connect(self._started)
        self._lay_out()

    @property
    def capture(self) -> Capture:
        """What the camera is asked for."""
        size, rate = self._settings.choice("size", SIZES), self._settings.choice("rate", RATES)
        width, _, height = size.partition("x")
        return Capture(
            size=None if size == "auto" else (int(width), int(height)), rate_hz=None if rate == "auto" else float(rate)
        )

    def open_below(self, button: QWidget) -> None:
        """Show it with its right edge at that of a button."""
        self.refresh()
        self.adjustSize()
        corner = button.mapToGlobal(button.rect().bottomRight())
        self.move(corner - QPoint(self.width(), -4))
        self.show()
        self.start.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_it(self, shown: Shown) -> None:
        """Show the level, and whether the button starts or stops."""
        if not self.isVisible():
            return
        live = shown.kind == "live"
        self.meter.show_level(shown.voice.level_db if live else None)
        if live != self._live:
            self._live = live
            self.start.show_sign("stop" if live else "live")
            self.start.setText(self.tr("Stop") if live else self.tr("Go live"))
            self.start.setAccessibleName(self.start.text())

    def refresh(self) -> None:
        """Show the devices that are there now; a chosen one that has gone stays, and says so."""
        found = self._devices()
        self._fill(self.camera, found.cameras, "camera")
        self._fill(self.microphone, found.microphones, "microphone")
        problems = "\n".join(said(one) for one in found.problems)
        if problems != self.problems.text():
            self.problems.setText(problems)
            self.adjustSize()
        self.problems.setVisible(bool(problems))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102
        self._timer.stop()
        super().hideEvent(event)

    def _lay_out(self) -> None:
        unit = self.fontMetrics().height()
        form = QFormLayout()
        form.setHorizontalSpacing(unit)
        form.setVerticalSpacing(unit // 2)
        form.addRow(self.tr("Camera"), self.camera)
        form.addRow("", self.mirror)
        form.addRow(self.tr("Size"), self.picture_size)
        form.addRow(self.tr("Pictures per second"), self.rate)
        form.addRow(self.tr("Microphone"), self.microphone)
        form.addRow(self.tr("Level"), self.meter)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.start)
        privacy = QLabel(privacy_text())
        privacy.setForegroundRole(self.foregroundRole().PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit, unit, unit, unit)
        column.setSpacing(unit * 2 // 3)
        column.addLayout(form)
        column.addWidget(self.problems)
        column.addWidget(privacy)
        column.addLayout(row)

    def _chooser(self, name: str, key: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(self.tr("Choose a device, the system's default, or none"))
        box.setMinimumContentsLength(24)
        box.activated.connect(lambda: self._settings.put(key, box.currentData()))
        return box

    def _options(self, name: str, key: str, values: tuple[str, ...]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(self.tr("What the camera is asked for; it gives the nearest that it can"))
        for value in values:
            text = self.tr("the camera's choice") if value == "auto" else _option_text(value)
            box.addItem(text, value)
        box.setCurrentIndex(values.index(self._settings.choice(key, values)))
        box.activated.connect(lambda: self._settings.put(key, box.currentData()))
        return box

    def _fill(self, box: QComboBox, names: tuple[str, ...], key: str) -> None:
        chosen = self._settings.name(key)
        entries: list[tuple[str, str | None]] = [(self.tr("the system's default"), None)]
        entries += [(name, name) for name in names]
        if chosen and chosen not in names:
            entries.append((self.tr("{0} (not there now)").format(chosen), chosen))
        entries.append((self.tr("none"), NO_DEVICE))
        if entries == [(box.itemText(at), box.itemData(at)) for at in range(box.count())] or box.view().isVisible():
            return
        box.clear()
        for text, data in entries:
            box.addItem(text, data)
        box.setCurrentIndex([data for _, data in entries].index(chosen))

    def _started(self) -> None:
        self.hide()
        (self.stop_wanted if self._live else self.start_wanted).emit()


def _option_text(value: str) -> str:
    """A size with the sign of multiplication, a rate as it is."""
    return value.replace("x", " \N{MULTIPLICATION SIGN} ")
