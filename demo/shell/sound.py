"""Volume, silence and the choice of the speaker."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from demo.bridge import Devices
from demo.shell.button import Button
from demo.shell.thin_slider import ThinSlider
from demo.shown import Transport

_STEPS = 100


class SoundControls(QWidget):
    """A button for silence, a slider for loudness, and a menu of speakers.

    Parameters
    ----------
    volume : 0 to 1, as remembered.
    speaker : as remembered; None for the system's default.
    devices : tells which speakers there are, asked when the menu opens.
    """

    volume_wanted = Signal(float)
    speaker_wanted = Signal(object)

    def __init__(
        self, volume: float, speaker: str | None, devices: Callable[[], Devices], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._devices = devices
        self._speaker = speaker
        self._loud = volume or 1.0
        self.button = Button("sound", name=self.tr("Sound off or on (S)"))
        self.slider = ThinSlider()
        self.slider.setRange(0, _STEPS)
        self.slider.setValue(round(volume * _STEPS))
        self.slider.setAccessibleName(self.tr("Volume"))
        self.slider.setToolTip(self.tr("Volume"))
        self.menu = QMenu(self)
        self.menu.setTitle(self.tr("Speaker"))
        self.menu.aboutToShow.connect(self._fill)
        self.chooser = Button(name=self.tr("Choose the speaker"), menu_mark=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for one in (self.button, self.slider, self.chooser):
            row.addWidget(one)
        self.slider.setFixedWidth(self.slider.sizeHint().width())
        self.button.clicked.connect(self.toggle)
        self.slider.valueChanged.connect(self._moved)
        self.chooser.clicked.connect(self._choose)
        self._show_sign()

    @property
    def volume(self) -> float:
        """What the slider says, 0 to 1."""
        return self.slider.value() / _STEPS

    def show_it(self, transport: Transport) -> None:
        """Say where there is no sound to hear."""
        silent = transport.playing and not transport.sounding and self.volume > 0
        text = self.tr("No sound comes out of a speaker now") if silent else self.tr("Sound off or on (S)")
        if text != self.button.toolTip():
            self.button.setToolTip(text)

    def toggle(self) -> None:
        """Silence, or as loud as before."""
        if self.volume > 0:
            self._loud = self.volume
            self.slider.setValue(0)
        else:
            self.slider.setValue(round(self._loud * _STEPS))

    def _moved(self, value: int) -> None:
        self._show_sign()
        self.volume_wanted.emit(value / _STEPS)

    def _show_sign(self) -> None:
        self.button.show_sign("sound" if self.slider.value() else "silent")

    def _choose(self) -> None:
        corner = self.chooser.mapToGlobal(self.chooser.rect().topRight())
        size = self.menu.sizeHint()
        self.menu.popup(corner - QPoint(size.width(), size.height()))

    def _fill(self) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        names: list[str | None] = [None, *self._devices().speakers]
        if self._speaker not in names:
            names.append(self._speaker)
        for name in names:
            action = self.menu.addAction(self.tr("The system's speaker") if name is None else name)
            action.setCheckable(True)
            action.setChecked(name == self._speaker)
            action.setData(name)
            group.addAction(action)
        group.triggered.connect(lambda action: self._chosen(action.data()))

    def _chosen(self, name: str | None) -> None:
        self._speaker = name
        self.speaker_wanted.emit(name)
